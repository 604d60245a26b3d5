import type { Simulator } from '../../infra/local/simulator/server.ts';
import type { WirePart } from '../multipart.ts';
import { formType, multipart, multipartType, query, type RequestParts } from './requests.ts';
import { elsewhere } from './users.ts';

/*
 * What the golden tables send requests to. There are two: socket-world.ts sends bytes to the bundles behind the local
 * gateway or to a deployment, and event-world.ts sends events to the handlers in this process.
 */

/** A test that places calls, sends faxes or reads what the simulator got. It is skipped on a deployment. */
export const localTest = elsewhere === undefined ? test : test.skip;

/** An answer as the golden tables compare it. */
export interface SeenAnswer {
  readonly status: number;
  readonly type: string | undefined;
  readonly text: string;
}

/** The running product. */
export interface World {
  /** Throws on a deployment. */
  readonly simulator: Simulator;
  /** Sends a request. A string is the target of a GET. */
  ask(parts: RequestParts | string): Promise<SeenAnswer>;
  /** Deletes the simulator's calls, faxes and requests, and resets its clock. */
  forget(): void;
  /** Fails if the simulator got a request for an unknown route. */
  expectNothingUnknown(): void;
  /** Fails if the simulator got a call or a fax. On a deployment it checks nothing. */
  expectNothingPlaced(): void;
  close(): Promise<void>;
}

/** The checks that need a simulator, which a deployment does not have. */
export function expectations(
  simulator: Simulator | undefined,
): Pick<World, 'expectNothingUnknown' | 'expectNothingPlaced'> {
  return {
    expectNothingUnknown: () => expect(simulator?.unknownRequests ?? []).toEqual([]),
    expectNothingPlaced: () =>
      expect((simulator?.requests ?? []).filter(({ kind }) => kind === 'ring-out' || kind === 'fax')).toEqual([]),
  };
}

/** A legacy answer, success or failure. */
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

/** Places a call and returns its session id. Fails unless the answer is `OK <nine digits> 3`. */
export async function placeCall(world: World, fields: Readonly<Record<string, string>>): Promise<string> {
  const answer = await world.ask(ringout({ cmd: 'call', ...fields }));
  const sessionId = /^OK ([1-9]\d{8}) 3$/.exec(answer.text)?.[1] ?? '(no session id)';
  expect(answer).toEqual(plain(`OK ${sessionId} 3`));
  return sessionId;
}
