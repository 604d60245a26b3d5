import { randomUUID } from 'node:crypto';
import { LegacyFailure, type FailureCode } from '../domain/failure.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { RingOutState } from '../domain/ring-out.ts';
import type { UserApi } from '../ringcentral/user-api.ts';
import { readRingOut } from '../ringcentral/ring-out.ts';
import type { Session, SessionStore } from '../state/session-store.ts';
import { unlessTableDown, StateUnavailable } from '../state/table.ts';
import type { SeenState, UserState } from '../state/user-state.ts';
import type { UserStore } from '../state/user-store.ts';
import type { SessionMemory } from './session-memory.ts';
import { nextAskLog } from './status-pacing.ts';

/** Failures that mean "RingCentral cannot be asked right now": the last known status stands. */
const passing: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'throttled',
  'unreachable',
  'timeout',
  'upstream_error',
  'upstream_answer',
  'state_unavailable',
  'deadline',
]);

/** What a status is read, shared and remembered with. */
export interface KnownStatusParts {
  /** Opens the user the call belongs to; called only when their state is needed. */
  readonly open: () => Promise<{ readonly state: SeenState; readonly api: UserApi }>;
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly sessionMemory: SessionMemory;
  readonly clock: Clock;
  readonly log: Log;
  /** When the poll arrived, epoch milliseconds: what RingCentral is asked after that serves it as well. */
  readonly arrivedAtMs: number;
}

/**
 * The status of a call: RingCentral's, or the last known one while RingCentral need not or cannot be asked. A call that
 * is over stays over. Throws LegacyFailure for what will not pass by itself, such as a missing permission.
 */
export async function currentStatus(session: Session, parts: KnownStatusParts): Promise<RingOutState> {
  if (session.state.kind === 'gone') return session.state;
  const { log, sessions, sessionMemory } = parts;
  const { state, api } = await parts.open();
  let askedAtMs: number | undefined;
  try {
    api.refuseIfClosed('ring-out-status');
    const claim = await claimAsk(session, state, parts);
    if (claim === 'known') return session.state;
    if (claim === 'shared') return await latestState(session, parts);
    askedAtMs = claim;
    const current = await readRingOut(api, session.ringOutId);
    const latest = sessionMemory.remember({ ...session, state: current, stateAtMs: askedAtMs });
    await unlessTableDown(sessions.storeState(session.sessionId, current, askedAtMs));
    // Another poll of this container may have learned by now that the call is over.
    return latest.state;
  } catch (error) {
    // So that the next poll may ask; the status itself may be newer by now.
    if (askedAtMs !== undefined) await unlessTableDown(sessions.releaseAsk(session.sessionId, askedAtMs));
    if (!(error instanceof LegacyFailure) || !passing.has(error.code)) throw error;
    log.warn('RingCentral cannot be asked, the last known status stands', { code: error.code, ...error.detail });
    return session.state;
  }
}

/** The known status, read again: another poll may have learned a newer one since this one began. */
async function latestState(
  session: Session,
  { sessions, sessionMemory, clock }: KnownStatusParts,
): Promise<RingOutState> {
  const stored = await unlessTableDown(sessions.read(session.sessionId, clock.nowMs()));
  const isReadAgain = stored !== undefined && stored !== 'unavailable';
  return sessionMemory.remember(isReadAgain ? stored : session).state;
}

/** Times the log of asks is read again after another container has written it first. */
const maxConflicts = 3;

/**
 * Claims the right to ask, in the log all containers share.
 *
 * @returns from when it is (epoch milliseconds); `known`: the known status has to do; `shared`: somebody has asked since
 *   this poll arrived. Without the table everybody may ask, from now: a claim that was written although its answer got
 *   lost is older than that, and keeps nobody waiting once this ask has ended.
 */
async function claimAsk(
  session: Session,
  seen: SeenState,
  { users, clock, arrivedAtMs }: KnownStatusParts,
): Promise<number | 'known' | 'shared'> {
  if (seen === 'unavailable') return clock.nowMs();
  let state: UserState = seen;
  // What was asked before a cancel serves nobody after it, however long the poll has been on its way.
  const servedFromMs = Math.max(arrivedAtMs, session.cancelledAtMs ?? arrivedAtMs);
  try {
    for (let conflicts = 0; conflicts < maxConflicts; conflicts += 1) {
      const nowMs = clock.nowMs();
      if (state.asks.some((ask) => ask.sessionId === session.sessionId && ask.atMs > servedFromMs)) return 'shared';
      const asks = nextAskLog(state.asks, session, nowMs);
      if (asks === undefined) return 'known';
      const claim = { owner: randomUUID(), seenRevision: state.asksRevision, asks, nowMs };
      if (await users.claimAsk(session.userKey, claim)) return nowMs;
      state = await users.read(session.userKey);
    }
    return 'known';
  } catch (error) {
    if (error instanceof StateUnavailable) return clock.nowMs();
    throw error;
  }
}
