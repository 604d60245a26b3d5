import type { Clock } from '../domain/ports.ts';
import type { SessionId } from '../domain/ring-out.ts';
import type { DirectorySource } from '../access/user-directory.ts';
import { ifAvailable } from '../state/table.ts';
import type { UserState } from '../state/user-state.ts';
import type { UserStore } from '../state/user-store.ts';
import type { AskMemory } from './ask-memory.ts';
import { claimNextAsk, type Claim } from './claim-ask.ts';
import type { FoundSession } from './find-session.ts';
import type { SessionMemory } from './session-memory.ts';

/** A poll that may ask RingCentral, with everything it needs for that. */
export interface ClaimedPoll extends FoundSession {
  readonly state: UserState;
  readonly claim: Claim;
}

/**
 * The short way of a container that polls a user's calls again and again. What it remembers of a call is all there is
 * to know if the last ask about it was this container's, and if nobody has asked for this user since. The first stands
 * in the log it has last written; the second is proved by the conditional write that claims the next ask and brings the
 * user's state with it, so that neither item has to be read. undefined: the long way has to be gone.
 */
export async function claimPollAgain(
  sessionId: SessionId | undefined,
  parts: {
    readonly secrets: DirectorySource;
    readonly users: UserStore;
    readonly sessionMemory: SessionMemory;
    readonly askMemory: AskMemory;
    readonly clock: Clock;
  },
): Promise<ClaimedPoll | undefined> {
  const { secrets, users, sessionMemory, askMemory, clock } = parts;
  const nowMs = clock.nowMs();
  const session = sessionId === undefined ? undefined : sessionMemory.recall(sessionId, nowMs);
  if (session === undefined || session.state.kind === 'gone') return undefined;
  const user = (await secrets.directory()).byKey(session.userKey);
  const log = askMemory.take(session.userKey);
  if (user === undefined || log === undefined) return undefined;

  const isOwnAsk = log.asks.findLast((ask) => ask.sessionId === sessionId)?.atMs === session.stateAtMs;
  const claimed = isOwnAsk ? await ifAvailable(claimNextAsk(users, session, log, nowMs)) : 'not now';
  if (claimed === 'not now') {
    // Nothing was built on it: the next poll may.
    askMemory.keep(user.key, log, nowMs);
    return undefined;
  }
  if (claimed !== undefined) return { session, user, state: claimed, claim: { atMs: nowMs, log: claimed } };
  askMemory.shareFrom(user.key, nowMs);
  return undefined;
}
