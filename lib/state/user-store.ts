import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { latestEndMs } from '../domain/mark-life.ts';
import type { RouteName, ThrottleGroup } from '../domain/throttle.ts';
import type { Token } from '../domain/token.ts';
import { numberOf, type ConditionalUpdate, type Table } from './table.ts';
import type { FailedGrant, Refusal, StatusAsk, UserState } from './user-state.ts';
import { askMember, closedAttribute, groupAttribute, readUserRow } from './user-row.ts';
import {
  addWrongPasswordChange,
  forgetWrongPasswordsChange,
  outlivedMarks,
  type SpentMarks,
  type WrongPasswordFromSource,
  type WrongPasswords,
} from './wrong-password-writes.ts';

/**
 * How long a user's item outlives its last token, in seconds: longer than the seven days of a refresh token. DynamoDB
 * deletes the rows of removed users. Rows of current users never expire, because the schedule renews their tokens about
 * every half hour.
 */
const userRowSeconds = 8 * 24 * 3600;

/** A request for the lease. */
export interface LeaseRequest {
  readonly owner: string;
  readonly untilMs: number;
  readonly nowMs: number;
  /** The token version this decision is based on. */
  readonly seenVersion: number;
  readonly fingerprint: string;
}

/** Why a renewal failed: RingCentral definitely refused it, or the token request failed otherwise. */
export type NoToken = { readonly refusal: Refusal } | { readonly failedGrant: FailedGrant };

/** A request to log a status request before it is sent. */
export interface AskClaim {
  /** Different for each claim. */
  readonly owner: string;
  /** The log revision this decision is based on. */
  readonly seenRevision: number;
  /** The new log, including this request. */
  readonly asks: readonly StatusAsk[];
  readonly nowMs: number;
}

/** The shared state of users in DynamoDB. Every method but `connect` may throw `StateUnavailable`. */
export interface UserStore {
  /** Opens the connection to the table by reading a user's row, within `limitMs`. Ignores failures. */
  connect(userKey: string, limitMs: number): Promise<void>;
  read(userKey: string): Promise<UserState>;
  /** Returns false when another request renews or has renewed, or was refused or failed just now; read again. */
  takeLease(userKey: string, request: LeaseRequest): Promise<boolean>;
  /**
   * Stores the token, increments the version and releases the lease. Deletes the expired ones of `seenWrongPasswords`.
   * Returns false when a later holder has the lease; read again.
   */
  storeToken(
    userKey: string,
    owner: string,
    seenVersion: number,
    token: Token,
    seenWrongPasswords?: WrongPasswords,
  ): Promise<boolean>;
  /** Releases the lease without a token, and stores why there is none. */
  releaseAfterFailure(userKey: string, owner: string, because?: NoToken): Promise<void>;
  /** Stores a refusal without holding the lease, unless the row has another token than the rejected one by now. */
  storeRefusal(userKey: string, refusal: Refusal, rejectedAccessToken: string): Promise<void>;
  /** Stores that a rate-limit group is closed. A later stored end is kept. */
  closeGroup(userKey: string, group: ThrottleGroup, untilMs: number, nowMs: number): Promise<void>;
  /** Stores the rate-limit group of a route when RingCentral names another one than the current one. */
  learnGroup(userKey: string, route: RouteName, group: ThrottleGroup, nowMs: number): Promise<void>;
  /**
   * Adds a mark to those of one source. Returns false when the source has its maximum of marks, or when the maximum
   * number of sources is reached.
   */
  addWrongPassword(userKey: string, wrongPassword: WrongPasswordFromSource): Promise<boolean>;
  /** Removes exactly these marks; a mark that is added concurrently remains. */
  forgetWrongPasswords(userKey: string, spent: SpentMarks): Promise<void>;
  /** Replaces the log of status requests. Returns false when another request did so first; read again. */
  claimAsk(userKey: string, claim: AskClaim): Promise<boolean>;
  /**
   * Increments the fax counter and returns it as the ticket, or undefined when `maxWaiting` faxes are waiting.
   *
   * @param seenDone the last ticket known to be done; a stale value makes the count of waiting faxes too high
   */
  enterFax(userKey: string, seenDone: number, maxWaiting: number, nowMs: number): Promise<number | undefined>;
  /** Returns the ticket of a fax that did not get into the queue. */
  leaveFax(userKey: string): Promise<void>;
  /** Stores the fax ids and the last ticket done. Only the fax sender calls it. */
  rememberFaxes(userKey: string, kept: Pick<UserState, 'faxIds' | 'faxesDone'>, nowMs: number): Promise<void>;
}

export function createUserStore(table: Table): UserStore {
  const rowKey = (userKey: string): string => `USER#${userKey}`;
  return {
    connect: (userKey, limitMs) => table.connect(rowKey(userKey), limitMs),
    async read(userKey) {
      return readUserRow(await table.get(rowKey(userKey)));
    },
    takeLease: (userKey, request) => table.update(rowKey(userKey), takeLeaseChange(request)),
    storeToken: (userKey, owner, seenVersion, token, seenWrongPasswords = new Map()) =>
      table.update(rowKey(userKey), storeTokenChange(owner, seenVersion, token, seenWrongPasswords)),
    async releaseAfterFailure(userKey, owner, because) {
      // The result does not matter: when the condition fails, a later holder has the lease.
      await table.update(rowKey(userKey), freeLeaseChange(owner, because));
    },
    async storeRefusal(userKey, refusal, rejectedAccessToken) {
      await table.update(rowKey(userKey), {
        update: setRefusal,
        condition: 'accessToken = :rejected',
        values: { ...refusalValues(refusal), ':rejected': s(rejectedAccessToken) },
      });
    },
    async closeGroup(userKey, group, untilMs, nowMs) {
      await table.update(rowKey(userKey), {
        update: 'SET #closed = :until, expiresAt = if_not_exists(expiresAt, :ttl)',
        // Two containers may receive different waits: the longer one is kept, unless it is longer than possible.
        condition: 'attribute_not_exists(#closed) OR #closed < :until OR #closed > :latest',
        names: { '#closed': closedAttribute(group) },
        values: { ':until': n(untilMs), ':latest': n(latestEndMs('closedGroup', nowMs)), ':ttl': ttl(nowMs) },
      });
    },
    async learnGroup(userKey, route, group, nowMs) {
      await table.update(rowKey(userKey), {
        update: 'SET #route = :group, expiresAt = if_not_exists(expiresAt, :ttl)',
        names: { '#route': groupAttribute(route) },
        values: { ':group': s(group), ':ttl': ttl(nowMs) },
      });
    },
    addWrongPassword: (userKey, wrongPassword) =>
      table.update(rowKey(userKey), addWrongPasswordChange(wrongPassword, ttl(wrongPassword.mark.atMs))),
    async forgetWrongPasswords(userKey, spent) {
      const change = forgetWrongPasswordsChange(spent);
      if (change !== undefined) await table.update(rowKey(userKey), change);
    },
    claimAsk: (userKey, claim) => table.update(rowKey(userKey), claimAskChange(claim)),
    async enterFax(userKey, seenDone, maxWaiting, nowMs) {
      const item = await table.updateAndRead(rowKey(userKey), {
        update: 'SET expiresAt = if_not_exists(expiresAt, :ttl) ADD faxesEntered :one',
        condition: 'attribute_not_exists(faxesEntered) OR faxesEntered < :max',
        values: { ':one': n(1), ':max': n(seenDone + maxWaiting), ':ttl': ttl(nowMs) },
      });
      return numberOf(item, 'faxesEntered');
    },
    async leaveFax(userKey) {
      await table.update(rowKey(userKey), {
        update: 'ADD faxesEntered :one',
        condition: 'faxesEntered > :none',
        values: { ':one': n(-1), ':none': n(0) },
      });
    },
    async rememberFaxes(userKey, { faxIds, faxesDone }, nowMs) {
      await table.update(rowKey(userKey), {
        update: 'SET faxIds = :ids, faxesDone = :done, expiresAt = if_not_exists(expiresAt, :ttl)',
        values: { ':ids': { L: faxIds.map((id) => s(id)) }, ':done': n(faxesDone), ':ttl': ttl(nowMs) },
      });
    },
  };
}

const n = (value: number): AttributeValue => ({ N: String(value) });
const s = (value: string): AttributeValue => ({ S: value });
const ttl = (nowMs: number): AttributeValue => n(Math.ceil(nowMs / 1000) + userRowSeconds);

function takeLeaseChange(request: LeaseRequest): ConditionalUpdate {
  const authClosed = closedAttribute('auth');
  /** True when a mark has expired, or its end is further away than possible. */
  const isOver = (name: string, latest: string): string =>
    `attribute_not_exists(${name}) OR ${name} <= :now OR ${name} > ${latest}`;
  // The lease is free, or its holder is past the deadline and counts as dead. Or this owner has it already: the AWS SDK
  // repeats a write when its response was lost.
  const leaseIsFree = `(${isOver('leaseUntilMs', ':latestLease')} OR leaseOwner = :owner)`;
  // The stored token is the one this decision is based on. Whoever lost the race must read again.
  const nobodyRenewedSince = '(attribute_not_exists(tokenVersion) OR tokenVersion = :seen)';
  // RingCentral has not just refused this JWT.
  const notRefusedMeanwhile = `(${isOver('refusedUntilMs', ':latestRefusal')} OR refusedFingerprint <> :fingerprint)`;
  // No token request has just failed.
  const notFailedMeanwhile = `(${isOver('grantFailedUntilMs', ':latestFailed')})`;
  // Token requests are not throttled: a request during the penalty would restart it.
  const authIsOpen = `(${isOver('#authClosed', ':latestClosed')})`;
  return {
    update: 'SET leaseOwner = :owner, leaseUntilMs = :until, expiresAt = if_not_exists(expiresAt, :ttl)',
    condition: [leaseIsFree, nobodyRenewedSince, notRefusedMeanwhile, notFailedMeanwhile, authIsOpen].join(' AND '),
    names: { '#authClosed': authClosed },
    values: {
      ':owner': s(request.owner),
      ':until': n(request.untilMs),
      ':now': n(request.nowMs),
      ':seen': n(request.seenVersion),
      ':fingerprint': s(request.fingerprint),
      ':latestLease': n(latestEndMs('lease', request.nowMs)),
      ':latestRefusal': n(latestEndMs('refusal', request.nowMs)),
      ':latestFailed': n(latestEndMs('failedGrant', request.nowMs)),
      ':latestClosed': n(latestEndMs('closedGroup', request.nowMs)),
      ':ttl': ttl(request.nowMs),
    },
  };
}

function storeTokenChange(
  owner: string,
  seenVersion: number,
  token: Token,
  seenWrongPasswords: WrongPasswords,
): ConditionalUpdate {
  const forgetting = forgetWrongPasswordsChange(outlivedMarks(seenWrongPasswords, token.issuedAtMs));
  const refresh: Record<string, AttributeValue> =
    token.refreshToken === undefined || token.refreshExpiresAtMs === undefined
      ? {}
      : { ':refreshToken': s(token.refreshToken), ':refreshExpires': n(token.refreshExpiresAtMs) };
  const hasRefresh = Object.keys(refresh).length > 0;
  return {
    update: [
      'SET accessToken = :accessToken, issuedAtMs = :issued, expiresAtMs = :expires, fingerprint = :fingerprint',
      'tokenVersion = :next, expiresAt = :ttl',
    ]
      .concat(hasRefresh ? ['refreshToken = :refreshToken, refreshExpiresAtMs = :refreshExpires'] : [])
      .join(', ')
      .concat(
        ' REMOVE leaseOwner, leaseUntilMs, grantFailedUntilMs, grantFailedCode, refusedFingerprint, refusedUntilMs, refusedCode',
      )
      .concat(hasRefresh ? '' : ', refreshToken, refreshExpiresAtMs')
      .concat(forgetting === undefined ? '' : ` ${forgetting.update}`),
    // The owner still has the lease and no newer token is stored: a late holder must not overwrite it.
    condition: 'leaseOwner = :owner AND (attribute_not_exists(tokenVersion) OR tokenVersion = :seen)',
    ...(forgetting?.names === undefined ? {} : { names: forgetting.names }),
    values: {
      ':owner': s(owner),
      ':seen': n(seenVersion),
      ':next': n(seenVersion + 1),
      ':accessToken': s(token.accessToken),
      ':issued': n(token.issuedAtMs),
      ':expires': n(token.expiresAtMs),
      ':fingerprint': s(token.fingerprint),
      ':ttl': ttl(token.issuedAtMs),
      ...refresh,
      ...forgetting?.values,
    },
  };
}

function claimAskChange({ owner, seenRevision, asks, nowMs }: AskClaim): ConditionalUpdate {
  const nobodyAskedSince = '(attribute_not_exists(asksRevision) OR asksRevision = :seen)';
  // Or this claim is stored already: the AWS SDK repeats a write when its response was lost.
  const isOurs = '(asksRevision = :next AND asksOwner = :owner)';
  return {
    update: 'SET asks = :asks, asksRevision = :next, asksOwner = :owner, expiresAt = if_not_exists(expiresAt, :ttl)',
    condition: `${nobodyAskedSince} OR ${isOurs}`,
    values: {
      ':asks': { L: asks.map((ask) => ({ S: askMember(ask) })) },
      ':next': n(seenRevision + 1),
      ':seen': n(seenRevision),
      ':owner': s(owner),
      ':ttl': ttl(nowMs),
    },
  };
}

const setRefusal = 'SET refusedFingerprint = :fingerprint, refusedUntilMs = :until, refusedCode = :code';

function refusalValues({ fingerprint, untilMs, code }: Refusal): Record<string, AttributeValue> {
  return { ':fingerprint': s(fingerprint), ':until': n(untilMs), ':code': s(code) };
}

function freeLeaseChange(owner: string, because: NoToken | undefined): ConditionalUpdate {
  const { set, values } = remembered(because);
  return {
    update: `${set}REMOVE leaseOwner, leaseUntilMs`,
    condition: 'leaseOwner = :owner',
    values: { ':owner': s(owner), ...values },
  };
}

function remembered(because: NoToken | undefined): { set: string; values: Record<string, AttributeValue> } {
  if (because === undefined) return { set: '', values: {} };
  if ('refusal' in because) return { set: `${setRefusal} `, values: refusalValues(because.refusal) };
  const { untilMs, code } = because.failedGrant;
  return {
    set: 'SET grantFailedUntilMs = :until, grantFailedCode = :code ',
    values: { ':until': n(untilMs), ':code': s(code) },
  };
}
