import type { E164 } from '../domain/phone.ts';
import type { RingOutState, SessionId } from '../domain/ring-out.ts';
import { numberOf, textOf, type Item, type Table } from './table.ts';

/** A legacy client may ask for a call's status for 24 h. DynamoDB deletes the session afterwards. */
export const sessionSeconds = 24 * 3600;

/**
 * Lifetime of a cancel claim, in milliseconds. A request waits 10 s for RingCentral's answer, so the container of an
 * older claim is probably dead.
 */
const cancelClaimMs = 12_000;

/** A call. RingCentral's status resource returns neither the numbers nor the user, so they are stored here. */
export interface Session {
  readonly sessionId: SessionId;
  readonly ringOutId: string;
  readonly userKey: string;
  readonly to: E164;
  readonly from: E164;
  readonly createdAtMs: number;
  /** The last status from RingCentral, and when it was requested (epoch milliseconds). */
  readonly state: RingOutState;
  readonly stateAtMs: number;
  /**
   * When RingCentral last answered a cancel of this call (epoch milliseconds). A status requested earlier may be stale.
   */
  readonly cancelledAtMs: number | undefined;
}

/** Sessions in DynamoDB. Every method may throw `StateUnavailable`. */
export interface SessionStore {
  /** Returns false when the session id is taken; the caller draws another. */
  create(session: Session): Promise<boolean>;
  /** Returns undefined for an unknown id and for a session older than 24 h. */
  read(sessionId: SessionId, nowMs: number): Promise<Session | undefined>;
  /**
   * Stores a status that was requested at `atMs`. Ignored when a status requested later is stored, because answers may
   * overtake each other. Also ignored when the call is over: that is final.
   */
  storeState(sessionId: SessionId, state: RingOutState, atMs: number): Promise<void>;
  /** Stores that a status request at `atMs` brought no status; the stored status remains. Ignored like `storeState`. */
  releaseAsk(sessionId: SessionId, atMs: number): Promise<void>;
  /**
   * Claims the next cancel of a call, so that only one of several concurrent cancels reaches RingCentral. Returns false
   * when RingCentral has already answered one, or when another owner claimed it within the last twelve seconds.
   */
  claimCancel(sessionId: SessionId, owner: string, nowMs: number): Promise<boolean>;
  /** Releases a claim after RingCentral did not answer. */
  releaseCancel(sessionId: SessionId, owner: string): Promise<void>;
  /** Stores that RingCentral had answered a cancel by `atMs`. The stored status remains. */
  storeCancel(sessionId: SessionId, atMs: number): Promise<void>;
}

export function createSessionStore(table: Table): SessionStore {
  const rowKey = (sessionId: SessionId): string => `SESSION#${sessionId}`;
  return {
    create: (session) =>
      table.create(rowKey(session.sessionId), {
        ringOutId: { S: session.ringOutId },
        userKey: { S: session.userKey },
        to: { S: session.to },
        from: { S: session.from },
        createdAtMs: { N: String(session.createdAtMs) },
        stateText: { S: writeState(session.state) },
        stateAtMs: { N: String(session.stateAtMs) },
        expiresAt: { N: String(Math.ceil(session.createdAtMs / 1000) + sessionSeconds) },
      }),
    async read(sessionId, nowMs) {
      const session = readSessionRow(sessionId, await table.get(rowKey(sessionId)));
      // DynamoDB deletes expired items up to days late.
      return session !== undefined && nowMs < session.createdAtMs + sessionSeconds * 1000 ? session : undefined;
    },
    async storeState(sessionId, state, atMs) {
      await table.update(rowKey(sessionId), {
        update: 'SET stateText = :state, stateAtMs = :at',
        condition: 'attribute_exists(pk) AND stateAtMs < :at AND stateText <> :gone',
        values: { ':state': { S: writeState(state) }, ':at': { N: String(atMs) }, ':gone': { S: 'gone' } },
      });
    },
    async releaseAsk(sessionId, atMs) {
      await table.update(rowKey(sessionId), {
        update: 'SET stateAtMs = :at',
        condition: 'attribute_exists(pk) AND stateAtMs < :at',
        values: { ':at': { N: String(atMs) } },
      });
    },
    // The condition accepts the owner's own claim, because the AWS SDK repeats a write when its response was lost.
    claimCancel: (sessionId, owner, nowMs) =>
      table.update(rowKey(sessionId), {
        update: 'SET cancelOwner = :owner, cancelClaimedAtMs = :now',
        condition:
          'attribute_exists(pk) AND attribute_not_exists(cancelledAtMs) AND ' +
          '(attribute_not_exists(cancelOwner) OR cancelOwner = :owner OR cancelClaimedAtMs <= :expired)',
        values: {
          ':owner': { S: owner },
          ':now': { N: String(nowMs) },
          ':expired': { N: String(nowMs - cancelClaimMs) },
        },
      }),
    async releaseCancel(sessionId, owner) {
      await table.update(rowKey(sessionId), {
        update: 'REMOVE cancelOwner, cancelClaimedAtMs',
        condition: 'cancelOwner = :owner',
        values: { ':owner': { S: owner } },
      });
    },
    async storeCancel(sessionId, atMs) {
      await table.update(rowKey(sessionId), {
        update: 'SET cancelledAtMs = :at',
        condition: 'attribute_exists(pk)',
        values: { ':at': { N: String(atMs) } },
      });
    },
  };
}

function readSessionRow(sessionId: SessionId, item: Item | undefined): Session | undefined {
  const ringOutId = textOf(item, 'ringOutId');
  const userKey = textOf(item, 'userKey');
  const to = textOf(item, 'to');
  const from = textOf(item, 'from');
  const createdAtMs = numberOf(item, 'createdAtMs');
  const state = readSessionState(textOf(item, 'stateText'));
  const stateAtMs = numberOf(item, 'stateAtMs');
  if (ringOutId === undefined || userKey === undefined || to === undefined || from === undefined) return undefined;
  if (createdAtMs === undefined || stateAtMs === undefined || state === undefined) return undefined;
  return {
    sessionId,
    ringOutId,
    userKey,
    to: to as E164,
    from: from as E164,
    createdAtMs,
    state,
    stateAtMs,
    cancelledAtMs: numberOf(item, 'cancelledAtMs'),
  };
}

/** `gone`, or RingCentral's three status words: `call/caller/callee`. */
function writeState(state: RingOutState): string {
  return state.kind === 'gone' ? 'gone' : [state.call, state.caller, state.callee].join('/');
}

function readSessionState(text: string | undefined): RingOutState | undefined {
  if (text === 'gone') return { kind: 'gone' };
  const [call, caller, callee] = text?.split('/') ?? [];
  if (call === undefined || caller === undefined || callee === undefined) return undefined;
  return { kind: 'live', call, caller, callee };
}
