import type { FailureCode } from '../domain/failure.ts';
import type { SessionId } from '../domain/ring-out.ts';
import type { RouteName, ThrottleGroup } from '../domain/throttle.ts';
import type { Token } from '../domain/token.ts';

/** Which request may renew the token, and until when (epoch milliseconds). */
export interface Lease {
  readonly owner: string;
  readonly untilMs: number;
}

/**
 * A token request that failed without a definite refusal. No container sends another until `untilMs` (epoch
 * milliseconds).
 */
export interface FailedGrant {
  readonly untilMs: number;
  readonly code: FailureCode;
}

/** RingCentral's definite refusal of one fingerprint, cached for a short time so that the request is not repeated. */
export interface Refusal {
  readonly fingerprint: string;
  readonly untilMs: number;
  readonly code: FailureCode;
}

/** A wrong password from one source: its keyed hash, and when it was first seen in this window. */
export interface WrongPassword {
  readonly hash: string;
  readonly atMs: number;
}

/** After this time a wrong password no longer counts, whatever else its source has sent. */
export const wrongPasswordLifeMs = 20 * 60_000;

/** A request to RingCentral for the status of a call. */
export interface StatusAsk {
  readonly sessionId: SessionId;
  readonly atMs: number;
}

/**
 * State of one user that all containers share. It is one item, so that a legacy request reads it once:
 *
 * - `token` and `version` (number of renewals) are written by the lease holder only;
 * - `lease` is taken by a request that finds it free, and is released or expires;
 * - `failedGrant` is written by a lease holder whose grant failed, and removed with the next token;
 * - `refusal` is written by a lease holder whose grant was refused, and after RingCentral rejected a token and its
 *   replacement;
 * - `closed` (group -> epoch milliseconds) and `groups` (learned group of a route) by a request whose answer names
 *   them;
 * - `wrongPasswords` (source -> marks) by a request with a wrong one; expired marks are removed with the next token;
 * - `asks` and `asksRevision` by a request that is about to ask RingCentral for a call's status;
 * - `faxIds` (RingCentral's ids of the last faxes) and `faxesDone` (the last ticket done) by the fax sender only.
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

/** The state that a request has read, or 'unavailable' when DynamoDB failed: the request is served nevertheless. */
export type SeenState = UserState | 'unavailable';

/** The state of a user without a row. */
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
