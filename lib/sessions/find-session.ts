import { LegacyFailure } from '../domain/failure.ts';
import type { Clock, Metrics } from '../domain/ports.ts';
import type { SessionId } from '../domain/ring-out.ts';
import type { User } from '../domain/user.ts';
import type { DirectorySource } from '../access/user-directory.ts';
import type { Session, SessionStore } from '../state/session-store.ts';
import { unlessTableDown } from '../state/table.ts';
import type { SessionMemory } from './session-memory.ts';

/** A call, and the user it was placed for. */
export interface FoundSession {
  readonly session: Session;
  readonly user: User;
}

/**
 * The call a session id stands for and whose it is; undefined (and counted) for an id nobody was given, one whose day
 * is over, and one whose user is in no secret any more. Throws `state_unavailable` when neither the table nor this
 * container's memory can tell, and what reading the secret throws for a call that exists: an id nobody was given is no
 * error, whatever else is out of order.
 */
export async function findSession(
  sessionId: SessionId | undefined,
  parts: {
    readonly secrets: DirectorySource;
    readonly sessions: SessionStore;
    readonly sessionMemory: SessionMemory;
    readonly clock: Clock;
    readonly metrics: Metrics;
  },
): Promise<FoundSession | undefined> {
  const { secrets, sessions, sessionMemory, clock, metrics } = parts;
  const found = sessionId === undefined ? undefined : await find(sessionId);
  if (found === undefined) metrics.add('UnknownSessions');
  return found;

  async function find(id: SessionId): Promise<FoundSession | undefined> {
    const directory = secrets.directory();
    // Read beside the session; a failure counts where the directory is needed, below.
    directory.catch(() => {});
    const session = await readOrRecall(id);
    if (session === undefined) return undefined;
    const user = (await directory).byKey(session.userKey);
    return user === undefined ? undefined : { session, user };
  }

  async function readOrRecall(id: SessionId): Promise<Session | undefined> {
    const remembered = sessionMemory.recall(id, clock.nowMs());
    const stored = await unlessTableDown(sessions.read(id, clock.nowMs()));
    if (stored !== undefined && stored !== 'unavailable') return sessionMemory.remember(stored);
    // A call whose session could not be stored is known to the container that placed it.
    if (remembered !== undefined || stored === undefined) return remembered;
    throw new LegacyFailure('state_unavailable', { note: 'the session is unknown here' });
  }
}
