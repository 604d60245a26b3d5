import { demoClient, demoUser } from '../demo.ts';
import { gatewayEvent } from '../gateway-event.ts';
import { field, file, multipart } from '../multipart.ts';
import type { SimulatedUser } from '../../infra/local/simulator/user.ts';
import { startChild, type Child } from './child.ts';
import type { AskAws, AwsAnswer } from './children/aws.ts';
import type { AskRingCentral, RingCentralAnswer } from './children/ringcentral.ts';

const username = '18889363711';
const password = '1234';

/** Name of the one secret in the local Secrets Manager. */
const secretId = 'bench';

/**
 * Users of the bundles. There are several, because the product limits the status requests of one user per minute, and
 * here every one must reach RingCentral.
 */
export const extensions: readonly string[] = Array.from({ length: 40 }, (_, index) => String(201 + index));

/** The two users of the comparisons. They differ because each grant may end an older session of the same user. */
export const comparedExtensions = { direct: '101', naive: '102' } as const;

const jwtOf = (extension: string): string => `demo-jwt-${extension}`;

/** Simulated RingCentral, DynamoDB and Secrets Manager, each in another process. */
export interface Services {
  readonly ringCentral: Child<AskRingCentral, RingCentralAnswer>;
  readonly aws: Child<AskAws, AwsAnswer>;
  /** The environment of a Lambda function that uses them. */
  readonly environment: Readonly<Record<string, string>>;
  readonly ringCentralUrl: string;
  /** Sets another address for RingCentral. */
  moveRingCentral(url: string): Promise<void>;
  /** The options of direct.cjs for one user. */
  login(extension: string): Readonly<Record<string, string>>;
}

export async function startServices(): Promise<Services> {
  const users = [...Object.values(comparedExtensions), ...extensions].map((extension): SimulatedUser => ({
    username,
    extension,
    jwt: jwtOf(extension),
    ...(demoUser.forwardingNumbers && { forwardingNumbers: demoUser.forwardingNumbers }),
  }));
  const ringCentral = startChild<AskRingCentral, RingCentralAnswer>('ringcentral.ts', {
    args: [JSON.stringify({ users, ...demoClient })],
  });
  const aws = startChild<AskAws, AwsAnswer>('aws.ts');
  const { url: server } = await ringCentral.ask({});
  const secretWith = (serverUrl: string): string =>
    JSON.stringify({
      serverUrl,
      ...demoClient,
      users: extensions.map((extension) => ({
        username,
        extension,
        jwt: jwtOf(extension),
        legacyPassword: password,
      })),
    });
  const { environment, tableName } = await aws.ask({ secret: secretWith(server) });
  return {
    ringCentral,
    aws,
    environment: {
      STATE_TABLE: tableName,
      SECRET_IDS: secretId,
      // The same call or fax is requested repeatedly, and each must be placed.
      REPEAT_CALL_SECONDS: '0',
      REPEAT_FAX_SECONDS: '0',
      ...environment,
    },
    ringCentralUrl: server,
    async moveRingCentral(url) {
      await aws.ask({ secret: secretWith(url) });
    },
    login: (extension) => ({ server, ...demoClient, jwt: jwtOf(extension) }),
  };
}

/** Settings with marks against repeats, which other measurements switch off. */
export const asDeployed = { REPEAT_CALL_SECONDS: '10', REPEAT_FAX_SECONDS: '60' };

export type CommandName = 'list' | 'call' | 'status' | 'cancel';

export const commandNames: readonly CommandName[] = ['list', 'call', 'status', 'cancel'];

const credentialsOf = (extension: string): Readonly<Record<string, string>> => ({
  Username: username,
  Ext: extension,
  Password: password,
});

let calls = 0;
/** Another number for each call, none with special behaviour in the simulator. */
function nextNumber(): string {
  calls += 1;
  return `65055${String(calls % 1000).padStart(3, '0')}00`;
}

/** The API Gateway event of one ringout command of an old program. */
export function ringoutEvent(command: CommandName, extension: string, sessionId = ''): Record<string, unknown> {
  const byCommand = {
    list: credentialsOf(extension),
    call: { ...credentialsOf(extension), To: nextNumber(), From: '6505553711', Prompt: '0' },
    status: { SessionID: sessionId },
    cancel: { SessionID: sessionId },
  };
  return gatewayEvent({ query: { cmd: command, ...byCommand[command] }, headers: { Host: 'ringout.example' } });
}

const boundary = '----------------------------4ebf00fbcf09';

/** The event of a fax whose whole HTTP body has this many bytes. */
export function faxEvent(bodyBytes: number, extension: string): Record<string, unknown> {
  const withDocument = (bytes: Buffer): Buffer =>
    multipart(
      [
        field('Username', `${username}*${extension}`),
        field('Password', password),
        field('Recipient', '6505550100|Demo Recipient'),
        file('order.pdf', bytes, 'application/pdf'),
      ],
      { boundary },
    );
  const rest = withDocument(Buffer.alloc(0)).length;
  return gatewayEvent({
    method: 'POST',
    path: '/faxapi.asp',
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
    body: withDocument(Buffer.alloc(bodyBytes - rest, '%PDF-1.4 not a real document\r\n')),
  });
}
