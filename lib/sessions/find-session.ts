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
 * Finds a session and its user. Returns undefined, and counts it, for unknown ids, sessions older than 24 h and removed
 * users. Throws `state_unavailable` when the table is down and this container does not remember the session. Throws the
 * failure of reading the secret only for a session that exists: an unknown id is no error, whatever else fails.
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
    // The directory is read in parallel with the session. Its failure is thrown below, where the directory is needed.
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
    // The container that placed a call remembers a session that could not be stored.
    if (remembered !== undefined || stored === undefined) return remembered;
    throw new LegacyFailure('state_unavailable', { hint: 'the session is unknown here' });
  }
}
