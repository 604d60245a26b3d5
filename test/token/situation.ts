import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientOf } from '../../infra/local/dynamodb-client.ts';
import { Deadline } from '../../lib/domain/deadline.ts';
import type { User } from '../../lib/domain/user.ts';
import type { UserState } from '../../lib/state/user-state.ts';
import { renewAll } from '../../lib/token/renew-all.ts';
import { credentials, demoClient, demoUser } from '../demo.ts';
import { postFax, ringout } from '../handlers.ts';
import type { Product, TestContainer } from '../product.ts';

export { demoList as listed } from '../demo.ts';

/** Sends a list, which needs a token. Returns the answer, as the other commands here do. */
export function list({ ringout: handler }: TestContainer): Promise<string> {
  return ringout(handler, { cmd: 'list', ...credentials });
}

/** Places a call to a demo number. */
export function call({ ringout: handler }: TestContainer): Promise<string> {
  return ringout(handler, { cmd: 'call', ...credentials, To: '6505550100', From: '6505553711' });
}

/** Sends a fax of one document to a demo number. */
export async function fax({ fax: handler }: TestContainer): Promise<string> {
  const { body } = await postFax(handler, [
    ['Username', credentials.Username],
    ['Ext', credentials.Ext],
    ['Password', credentials.Password],
    ['Recipient', '6505550190'],
    ['Attachment', new File(['hello'], 'order.txt')],
  ]);
  return body;
}

/** Polls a call. */
export function status({ ringout: handler }: TestContainer, SessionID: string): Promise<string> {
  return ringout(handler, { cmd: 'status', SessionID });
}

/** Cancels a call. */
export function cancel({ ringout: handler }: TestContainer, SessionID: string): Promise<string> {
  return ringout(handler, { cmd: 'cancel', SessionID });
}

/** The answers to a list by that many containers at the same instant. */
export function burst(product: Product, size: number): Promise<readonly string[]> {
  return Promise.all(Array.from({ length: size }, () => list(product.container())));
}

/** The grant types of the token requests that RingCentral has received. */
export function grants({ simulator }: Product): readonly ('jwt' | 'refresh')[] {
  return simulator.requests
    .filter(({ kind }) => kind === 'token')
    .map(({ body }) => ((body as Record<string, string>)['grant_type'] === 'refresh_token' ? 'refresh' : 'jwt'));
}

/** The number of requests of a kind that RingCentral has received. */
export function seen({ simulator }: Product, kind: string): number {
  return simulator.requests.filter((request) => request.kind === kind).length;
}

/** Resolves when a container begins to wait for another one. */
export function someoneWaits({ clock }: Product): Promise<void> {
  const sleep = clock.sleep.bind(clock);
  return new Promise((resolve) => {
    clock.sleep = (ms) => {
      clock.sleep = sleep;
      resolve();
      return sleep(ms);
    };
  });
}

/** The demo user as the secret has it now. */
export async function storedUser({ runtime }: TestContainer): Promise<User> {
  const user = (await runtime.secrets.reload()).find({ username: '8889363711', extension: '101', password: undefined });
  if (user === undefined) throw new Error('the demo user is not in the secret');
  return user;
}

/** The demo user's row. */
export async function row(container: TestContainer): Promise<UserState> {
  return container.runtime.users.read((await storedUser(container)).key);
}

/** Runs the scheduled renewal once. */
export async function scheduledRun({ runtime }: TestContainer): Promise<void> {
  const { clock, metrics, log, tokens, users: store } = runtime;
  const { users } = await runtime.secrets.directory();
  const deadlineFor = (ms: number): Deadline => new Deadline(clock, ms);
  try {
    await renewAll({ users, tokens, store, clock, metrics, log, deadlineFor });
  } finally {
    metrics.flush();
  }
}

/** Requests a token from RingCentral directly, without the product. */
export async function grantByHand({ simulator }: Product, fields: Readonly<Record<string, string>>): Promise<string> {
  const { clientId, clientSecret } = demoClient;
  const answer = await fetch(`${simulator.url}/restapi/oauth/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams(fields),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** Opens another session of the demo user, as another application of the same client would. */
export function loginByHand(product: Product): Promise<string> {
  const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  return grantByHand(product, { grant_type: grantType, assertion: demoUser.jwt });
}

/** A DynamoDB client that a test makes fail. `command` is the name of the SDK's class. */
export interface FaultyTable {
  readonly dynamoDb: Pick<DynamoDBClient, 'send'>;
  /** Returns the error to throw instead of sending, or undefined to send. */
  fail: (command: string, input: Record<string, unknown>) => Error | undefined;
  /** Whether to send a command a second time, as the SDK does when the answer was lost. */
  repeat: (input: Record<string, unknown>) => boolean;
  close(): void;
}

export function faultyTable({ table }: Product): FaultyTable {
  const client = clientOf(table);
  interface Command {
    readonly input: Record<string, unknown>;
  }
  const faulty: FaultyTable = {
    dynamoDb: {
      send: async (command: Command) => {
        const { name } = command.constructor;
        const error = faulty.fail(name, command.input);
        if (error !== undefined) throw error;
        if (faulty.repeat(command.input)) await client.send(command as never);
        return client.send(command as never);
      },
    } as never,
    fail: () => undefined,
    repeat: () => false,
    close: () => client.destroy(),
  };
  return faulty;
}

/** An error of the AWS SDK, by name. */
export function awsError(name: string): Error {
  return Object.assign(new Error(`demo ${name}`), { name });
}

/** The sum of a metric over everything printed so far. */
export function counted({ lines }: Product, metric: string): number {
  return lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .flatMap((line) => (line['_aws'] === undefined ? [] : [line[metric]].flat()))
    .reduce((sum: number, value) => sum + (typeof value === 'number' ? value : 0), 0);
}

/** The log lines with this message. */
export function logged({ lines }: Product, message: string): readonly Record<string, unknown>[] {
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['message'] === message);
}
