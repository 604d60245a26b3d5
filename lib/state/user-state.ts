import type { FailureCode } from '../domain/failure.ts';
import type { SessionId } from '../domain/ring-out.ts';
import type { RouteName, ThrottleGroup } from '../domain/throttle.ts';
import type { Token } from '../domain/token.ts';

/** Who may renew the token right now, and until when (epoch milliseconds). */
export interface Lease {
  readonly owner: string;
  readonly untilMs: number;
}

/** A token request that failed without RingCentral saying no: until then (epoch milliseconds) nobody sends another. */
export interface FailedGrant {
  readonly untilMs: number;
  readonly code: FailureCode;
}

/** RingCentral's definite "no" to one fingerprint, remembered for a short time so that it is not asked again. */
export interface Refusal {
  readonly fingerprint: string;
  readonly untilMs: number;
  readonly code: FailureCode;
}

/** One wrong password from one source: a keyed hash of it and when it was first seen in this window. */
export interface WrongPassword {
  readonly hash: string;
  readonly atMs: number;
}

/** After this time a wrong password decides nothing any more, whatever else its source has sent. */
export const wrongPasswordLifeMs = 20 * 60_000;

/** One request to RingCentral for the status of one call. */
export interface StatusAsk {
  readonly sessionId: SessionId;
  readonly atMs: number;
}

/**
 * Everything the containers share about one user. It is one item, so that a legacy request reads it once:
 *
 * - `token` and `version` (counts renewals) are written by the lease holder only;
 * - `lease` is taken by whoever finds it free, and given back or outlived;
 * - `failedGrant` is left by a holder whose grant failed, and ends with the next token;
 * - `refusal` is written by the holder whose grant was refused, and by whoever had a fresh token rejected twice;
 * - `closed` (group -> epoch milliseconds) and `groups` (learned group of a route) by whoever was throttled;
 * - `wrongPasswords` (source -> marks) by whoever saw a wrong password; old marks go with the next token;
 * - `asks` and `asksRevision` by whoever is about to ask for a call's status;
 * - `faxIds` (RingCentral's ids of the last faxes) and `faxesDone` (the last ticket done) by the one sender of faxes.
 */
export interface UserState {
  readonly token: Token | undefined;
  readonly version: number;
  readonly lease: Lease | undefined;
  readonly failedGrant: FailedGrant | undefined;
  readonly refusal: Refusal | undefined;
  readonly closed: ReadonlyMap<ThrottleGroup, number>;
  readonly groups: ReadonlyMap<RouteName, ThrottleGroup>;
  readonly wrongPasswords: ReadonlyMap<string, readonly WrongPassword[]>;
  readonly asks: readonly StatusAsk[];
  readonly asksRevision: number;
  readonly faxIds: readonly string[];
  readonly faxesDone: number;
}

/** The state as a request read it, or that DynamoDB cannot be used: a legacy request is served all the same. */
export type SeenState = UserState | 'unavailable';

/** The state of a user nobody has written anything about yet. */
export const blankState: UserState = {
  token: undefined,
  version: 0,
  lease: undefined,
  failedGrant: undefined,
  refusal: undefined,
  closed: new Map(),
  groups: new Map(),
  wrongPasswords: new Map(),
  asks: [],
  asksRevision: 0,
  faxIds: [],
  faxesDone: 0,
};
