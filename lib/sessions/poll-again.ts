import type { Clock } from '../domain/ports.ts';
import type { SessionId } from '../domain/ring-out.ts';
import type { DirectorySource } from '../access/user-directory.ts';
import { ifAvailable } from '../state/table.ts';
import type { UserState } from '../state/user-state.ts';
import type { UserStore } from '../state/user-store.ts';
import type { FoundSession } from './find-session.ts';
import type { SessionMemory } from './session-memory.ts';
import { planAsk } from './status-pacing.ts';

/** A poll that may ask RingCentral, with everything it needs for that. */
export interface ClaimedPoll extends FoundSession {
  readonly state: UserState;
  /** When the claim was made, epoch milliseconds. */
  readonly claimedAtMs: number;
}

/**
 * The short way of a container that polls a user's only call again and again. If no other has asked about any call of
 * this user since, then what this one remembers of the call is still all there is to know: one conditional write, which
 * fails otherwise, claims the next ask and brings the user's state with it, and neither item has to be read.
 * undefined: the long way has to be gone. Where several containers poll in turn, it is, but for one attempt a minute.
 */
export async function claimPollAgain(
  sessionId: SessionId | undefined,
  parts: {
    readonly secrets: DirectorySource;
    readonly users: UserStore;
    readonly sessionMemory: SessionMemory;
    readonly clock: Clock;
  },
): Promise<ClaimedPoll | undefined> {
  const { secrets, users, sessionMemory, clock } = parts;
  if (sessionId === undefined) return undefined;
  const claimedAtMs = clock.nowMs();
  const session = sessionMemory.recall(sessionId, claimedAtMs);
  // Taken, not looked at: a claim that fails, or whose ask is not answered, is followed by a poll that goes the long way.
  const log = sessionMemory.takeLog(sessionId);
  if (session === undefined || log === undefined || session.state.kind === 'gone') return undefined;
  const user = (await secrets.directory()).byKey(session.userKey);
  if (user === undefined) return undefined;
  const asks = planAsk(log.asks, sessionId, session.stateAtMs, claimedAtMs);
  if (asks === undefined) return undefined;
  const state = await ifAvailable(users.claimAsk(user.key, log.asksRevision, asks, claimedAtMs));
  return state === undefined ? undefined : { session, user, state, claimedAtMs };
}
