import { LegacyFailure, type FailureCode } from '../domain/failure.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { RingOutState } from '../domain/ring-out.ts';
import type { UserApi } from '../ringcentral/user-api.ts';
import { readRingOut } from '../ringcentral/ring-out.ts';
import type { Session, SessionStore } from '../state/session-store.ts';
import { ifAvailable, StateUnavailable } from '../state/table.ts';
import type { SeenState, UserState } from '../state/user-state.ts';
import type { UserStore } from '../state/user-store.ts';
import type { AskMemory } from './ask-memory.ts';
import { claimNextAsk, type Claim } from './claim-ask.ts';
import type { SessionMemory } from './session-memory.ts';

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
  readonly askMemory: AskMemory;
  readonly clock: Clock;
  readonly log: Log;
  /** When the poll arrived, epoch milliseconds: what RingCentral is asked after that serves it as well. */
  readonly arrivedAtMs: number;
  /** The right to ask, if it has been claimed already. */
  readonly claim?: Claim | undefined;
}

/**
 * The status of a call: RingCentral's, or the last known one while RingCentral need not or cannot be asked. A call that
 * is over stays over. Throws LegacyFailure for what will not pass by itself, such as a missing permission.
 */
export async function knownStatus(session: Session, parts: KnownStatusParts): Promise<RingOutState> {
  if (session.state.kind === 'gone') return session.state;
  const { clock, log, sessions, sessionMemory, askMemory } = parts;
  const { state, api } = await parts.open();
  let { claim } = parts;
  try {
    api.refuseIfClosed('ring-out-status');
    if (claim === undefined) {
      const claimed = await claimAsk(session, state, parts);
      if (claimed === 'known') return session.state;
      if (claimed === 'shared') return await latestState(session, parts);
      claim = claimed;
    }
    const current = await readRingOut(api, session.ringOutId);
    sessionMemory.remember({ ...session, state: current, stateAtMs: claim.atMs });
    if (claim.log !== undefined) askMemory.keep(session.userKey, claim.log, clock.nowMs());
    await ifAvailable(sessions.storeState(session.sessionId, current, claim.atMs));
    return current;
  } catch (error) {
    // So that the next poll may ask; the status itself may be newer by now.
    if (claim !== undefined) await ifAvailable(sessions.endAsk(session.sessionId, claim.atMs));
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
  const stored = await ifAvailable(sessions.read(session.sessionId, clock.nowMs()));
  return sessionMemory.remember(stored ?? session).state;
}

/** Times the log of asks is read again after another container has written it first. */
const maxConflicts = 3;

/**
 * Claims the right to ask, in the log all containers share. `known`: the known status has to do. `shared`: somebody has
 * asked since this poll arrived. Without the table everybody may ask.
 */
async function claimAsk(
  session: Session,
  seen: SeenState,
  { users, clock, arrivedAtMs }: KnownStatusParts,
): Promise<Claim | 'known' | 'shared'> {
  if (seen === 'unavailable') return { atMs: clock.nowMs(), log: undefined };
  let state: UserState = seen;
  try {
    for (let conflicts = 0; conflicts < maxConflicts; conflicts += 1) {
      const nowMs = clock.nowMs();
      const isAskedSince = state.asks.some((ask) => ask.sessionId === session.sessionId && ask.atMs > arrivedAtMs);
      if (isAskedSince) return 'shared';
      const claimed = await claimNextAsk(users, session, state, nowMs);
      if (claimed === 'not now') return 'known';
      if (claimed !== undefined) return { atMs: nowMs, log: claimed };
      state = await users.read(session.userKey);
    }
    return 'known';
  } catch (error) {
    if (error instanceof StateUnavailable) return { atMs: clock.nowMs(), log: undefined };
    throw error;
  }
}
