import type { Simulator } from '../../infra/local/simulator/server.ts';
import type { WirePart } from '../multipart.ts';
import { formType, multipart, multipartType, query, type RequestParts } from './requests.ts';
import { elsewhere } from './users.ts';

/*
 * What the golden tables ask. There are two of it: bytes over a socket to the bundles behind the local gateway, or to a
 * deployment (socket-world.ts), and events to the handlers in this process (event-world.ts).
 */

/** For tests that place calls, send faxes or need to see what RingCentral was asked: skipped against a deployment. */
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
  /** Sends a request; a text is the target of a GET. */
  ask(parts: RequestParts | string): Promise<SeenAnswer>;
  /** Forgets calls, faxes and requests, and puts the simulator's clock back. */
  forget(): void;
  /** RingCentral was asked for nothing it does not have. */
  expectNothingUnknown(): void;
  /** RingCentral was asked for no call and no fax; nobody can tell on a deployment. */
  expectNothingPlaced(): void;
  close(): Promise<void>;
}

/** What both worlds can tell of their simulator; undefined on a deployment. */
export function expectations(
  simulator: Simulator | undefined,
): Pick<World, 'expectNothingUnknown' | 'expectNothingPlaced'> {
  return {
    expectNothingUnknown: () => expect(simulator?.unknownRequests ?? []).toEqual([]),
    expectNothingPlaced: () =>
      expect((simulator?.requests ?? []).filter(({ kind }) => kind === 'ring-out' || kind === 'fax')).toEqual([]),
  };
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
