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

/** Temporary failures to ask RingCentral. After them the last known status is returned. */
const temporaryFailures: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'throttled',
  'unreachable',
  'timeout',
  'upstream_error',
  'upstream_answer',
  'state_unavailable',
  'deadline',
]);

/** Dependencies of {@link currentStatus}. */
export interface KnownStatusParts {
  /** Opens the user of the call. Called only when their state is needed. */
  readonly open: () => Promise<{ readonly state: SeenState; readonly api: UserApi }>;
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly sessionMemory: SessionMemory;
  readonly clock: Clock;
  readonly log: Log;
  /** When the poll arrived, in epoch milliseconds. A status that was asked for later serves this poll as well. */
  readonly arrivedAtMs: number;
}

/**
 * Returns the status of a call: RingCentral's, or the last known one when RingCentral need not or cannot be asked. A
 * call that is over stays over. Throws LegacyFailure for failures that are not temporary, such as a missing permission.
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
    // A concurrent poll in this container may have learned that the call is over.
    return latest.state;
  } catch (error) {
    // Releases the claim, so that the next poll may ask. Keeps the stored status, because it may be newer by now.
    if (askedAtMs !== undefined) await unlessTableDown(sessions.releaseAsk(session.sessionId, askedAtMs));
    if (!(error instanceof LegacyFailure) || !temporaryFailures.has(error.code)) throw error;
    log.warn('RingCentral cannot be asked, the last known status stands', { code: error.code, ...error.detail });
    return session.state;
  }
}

/** Reads the known status again, because a concurrent poll may have stored a newer one. */
async function latestState(
  session: Session,
  { sessions, sessionMemory, clock }: KnownStatusParts,
): Promise<RingOutState> {
  const stored = await unlessTableDown(sessions.read(session.sessionId, clock.nowMs()));
  const isReadAgain = stored !== undefined && stored !== 'unavailable';
  return sessionMemory.remember(isReadAgain ? stored : session).state;
}

/** Most attempts to claim an ask when another container writes the log first. */
const maxConflicts = 3;

/**
 * Claims the right to ask RingCentral, in the log that all containers share.
 *
 * @returns the time of the claim (epoch milliseconds); `known`: answer with the known status; `shared`: another poll
 *   has asked since this one arrived. Without the table every poll may ask, and the current time is returned. If the
 *   claim was stored although its response was lost, its time is earlier, so it blocks no poll after this ask has
 *   ended.
 */
async function claimAsk(
  session: Session,
  seen: SeenState,
  { users, clock, arrivedAtMs }: KnownStatusParts,
): Promise<number | 'known' | 'shared'> {
  if (seen === 'unavailable') return clock.nowMs();
  let state: UserState = seen;
  // A status that RingCentral was asked for before a cancel is stale after it, even for a poll that arrived earlier.
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
