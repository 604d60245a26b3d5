import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoRecordsPerPage, demoUsers } from '../../infra/local/demo.ts';
import { startLocalStack } from '../../infra/local/stack.ts';
import { demoClient, secretDocument, type DemoUser } from '../demo.ts';
import type { WirePart } from '../multipart.ts';
import { generousLimits } from '../../infra/local/simulator/rate-limit.ts';
import { startSimulator, type Simulator } from '../../infra/local/simulator/server.ts';
import type { SimulatedUser } from '../../infra/local/simulator/user.ts';
import { formType, httpRequest, multipart, multipartType, query, type RequestParts } from './requests.ts';
import { send, type WireAnswer } from './wire.ts';

/*
 * What the suite talks to: the bundles behind the local gateway, with a simulator whose users show what users can
 * differ in; or any deployment, named by CONFORMANCE_BASE_URL, as CONFORMANCE_USERNAME, CONFORMANCE_EXT and
 * CONFORMANCE_PASSWORD. A deployment is asked nothing that rings a phone or sends a fax.
 */

const elsewhere = process.env['CONFORMANCE_BASE_URL'];

/** For tests that place calls, send faxes or need to see what RingCentral was asked: skipped against a deployment. */
export const localTest = elsewhere === undefined ? test : test.skip;

/** The fields that say whose request it is. */
export type Credentials = Readonly<Record<string, string>>;

const username = '18889363711';

/** The users, by what they are for. */
export const users = {
  /** Has the numbers of the demonstration; the one asked about on a deployment. */
  dana:
    elsewhere === undefined
      ? { Username: username, Ext: '101', Password: '1234' }
      : {
          Username: process.env['CONFORMANCE_USERNAME'] ?? '',
          Ext: process.env['CONFORMANCE_EXT'] ?? '',
          Password: process.env['CONFORMANCE_PASSWORD'] ?? '',
        },
  /** The main line, without any forwarding number. */
  main: { Username: username, Password: 'demo-main-line' },
  /** Needs no legacy password and has a call-back number configured. */
  open: { Username: username, Ext: '102' },
  /** A password with a letter beyond ASCII. */
  accented: { Username: username, Ext: '103', Password: 'Grün' },
  /** At home in Great Britain. */
  british: { Username: username, Ext: '104', Password: '1234' },
  /** Gets into RingCentral's rate limits. */
  busy: { Username: username, Ext: '105', Password: '1234' },
} as const satisfies Readonly<Record<string, Credentials>>;

const someNumber: NonNullable<SimulatedUser['forwardingNumbers']> = [
  { id: '31', phoneNumber: '+16505550131', label: 'Flip', type: 'Other', features: ['CallFlip'] },
  { id: '32', phoneNumber: '+16505550132', label: 'Desk', type: 'Work', features: ['CallForwarding'] },
];
const britishNumbers: typeof someNumber = [
  { id: '41', phoneNumber: '+442071838750', label: 'Desk', type: 'Work', features: ['CallForwarding'] },
  { id: '42', phoneNumber: '+16505550142', label: 'New York', type: 'Other', features: ['CallForwarding'] },
];

const worldUsers: readonly DemoUser[] = [
  { ...demoUsers[0], legacyPassword: '1234' },
  { username, extension: '', jwt: 'demo-jwt-main', legacyPassword: 'demo-main-line', forwardingNumbers: [] },
  {
    username,
    extension: '102',
    jwt: 'demo-jwt-102',
    legacyPassword: null,
    callBackNumber: '(650) 555-0199',
    forwardingNumbers: someNumber,
  },
  { username, extension: '103', jwt: 'demo-jwt-103', legacyPassword: 'Grün', forwardingNumbers: someNumber },
  {
    username,
    extension: '104',
    jwt: 'demo-jwt-104',
    legacyPassword: '1234',
    homeCountryCode: 'GB',
    forwardingNumbers: britishNumbers,
  },
  { username, extension: '105', jwt: 'demo-jwt-105', legacyPassword: '1234', forwardingNumbers: someNumber },
];

/** An answer as the golden tables compare it. */
export interface SeenAnswer {
  readonly status: number;
  readonly type: string | undefined;
  readonly text: string;
}

/** The running product. */
export interface World {
  readonly baseUrl: string;
  /** What stands in the Host header. */
  readonly host: string;
  /** Throws on a deployment. */
  readonly simulator: Simulator;
  /** Sends a request over a socket of its own. */
  ask(parts: RequestParts | string): Promise<SeenAnswer>;
  /** Everything that came back. */
  askWhole(parts: RequestParts): Promise<WireAnswer>;
  /** Forgets calls, faxes and requests, and puts the simulator's clock back. */
  forget(): void;
  /** RingCentral was asked for nothing it does not have. */
  expectNothingUnknown(): void;
  /** RingCentral was asked for no call and no fax; nobody can tell on a deployment. */
  expectNothingPlaced(): void;
  close(): Promise<void>;
}

/** The golden cases ask for the same call and fax again and again, each time for another one. */
const repeatsAreOthers = { REPEAT_CALL_SECONDS: '0', REPEAT_FAX_SECONDS: '0' };

/** Starts the product, or only takes note of where the deployment is. */
export async function openWorld(): Promise<World> {
  if (elsewhere !== undefined) return worldAt(elsewhere, undefined, () => Promise.resolve());
  const folder = await mkdtemp(join(tmpdir(), 'ringout-bridge-'));
  // The clock stands still unless a test moves it, so that no call progresses because the computer is slow.
  const startedAtMs = Date.now();
  const simulator = await startSimulator({
    ...demoClient,
    users: worldUsers,
    maximumPerPage: demoRecordsPerPage,
    rateLimits: generousLimits,
    clock: { nowMs: () => startedAtMs },
  });
  const secretFile = join(folder, 'secret.json');
  await writeFile(secretFile, JSON.stringify(secretDocument(simulator.url, worldUsers)));
  try {
    const stack = await startLocalStack({ port: 0, quiet: true, secretFile, environment: repeatsAreOthers });
    return worldAt(stack.baseUrl, simulator, async () => {
      await stack.stop();
      await simulator.close();
      await rm(folder, { recursive: true });
    });
  } catch (error) {
    await simulator.close();
    throw error;
  }
}

function worldAt(baseUrl: string, simulator: Simulator | undefined, close: () => Promise<void>): World {
  const { host } = new URL(baseUrl);
  const askWhole = async (parts: RequestParts): Promise<WireAnswer> => {
    const answer = await send(baseUrl, httpRequest(host, parts));
    if (answer === undefined) throw new Error('no answer');
    return answer;
  };
  return {
    baseUrl,
    host,
    get simulator() {
      if (simulator === undefined) throw new Error('a deployment has no simulator: use localTest');
      return simulator;
    },
    ask: async (parts) => seen(await askWhole(typeof parts === 'string' ? { target: parts } : parts)),
    askWhole,
    forget: () => simulator?.reset(),
    expectNothingUnknown: () => expect(simulator?.unknownRequests ?? []).toEqual([]),
    expectNothingPlaced: () =>
      expect((simulator?.requests ?? []).filter(({ kind }) => kind === 'ring-out' || kind === 'fax')).toEqual([]),
    close,
  };
}

export function seen({ status, headers, body }: WireAnswer): SeenAnswer {
  return { status, type: headers.get('content-type'), text: body.toString('utf8') };
}

/** What every answer in the legacy language looks like, failures included. */
export function plain(text: string): SeenAnswer {
  return { status: 200, type: 'text/plain; charset=utf-8', text };
}

/** A `format=json` answer. */
export function json(status: number, value: unknown): SeenAnswer {
  return { status, type: 'application/json; charset=utf-8', text: JSON.stringify(value) };
}

/** A GET of `/ringout.asp`. */
export function ringout(fields: Readonly<Record<string, string>>): string {
  return `/ringout.asp?${query(fields)}`;
}

/** A url-encoded POST. */
export function formPost(fields: Readonly<Record<string, string>> | string, target = '/ringout.asp'): RequestParts {
  const body = typeof fields === 'string' ? fields : query(fields);
  return { method: 'POST', target, headers: { 'Content-Type': formType }, body };
}

/** A multipart POST of `/faxapi.asp`. */
export function faxPost(parts: readonly WirePart[]): RequestParts {
  return { method: 'POST', target: '/faxapi.asp', headers: { 'Content-Type': multipartType }, body: multipart(parts) };
}

/** Places a call and returns its session id; fails unless the answer is `OK <nine digits> 3`. */
export async function placeCall(world: World, fields: Readonly<Record<string, string>>): Promise<string> {
  const answer = await world.ask(ringout({ cmd: 'call', ...fields }));
  const sessionId = /^OK ([1-9]\d{8}) 3$/.exec(answer.text)?.[1] ?? '(no session id)';
  expect(answer).toEqual(plain(`OK ${sessionId} 3`));
  return sessionId;
}
