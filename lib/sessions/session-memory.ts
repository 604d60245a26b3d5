import type { SessionId } from '../domain/ring-out.ts';
import { sessionSeconds, type Session } from '../state/session-store.ts';

/**
 * One container's cache of the calls it has placed or seen. It is used while the table is down, for sessions that could
 * not be stored, for concurrent polls, and for requests that run out of time.
 */
export interface SessionMemory {
  /**
   * Remembers a call and returns the merged session: the later status and the later cancel of the cached and the given
   * one, because the table may have missed either. A call that is over stays over.
   */
  remember(session: Session): Session;
  /** Returns undefined for a call that this container does not know, and for one older than `sessionSeconds`. */
  recall(sessionId: SessionId, nowMs: number): Session | undefined;
}

const maxSessions = 1000;

export function createSessionMemory(): SessionMemory {
  const sessions = new Map<SessionId, Session>();
  return {
    remember(session) {
      const known = sessions.get(session.sessionId);
      const latest = known === undefined ? session : latestOf(known, session);
      sessions.delete(session.sessionId);
      sessions.set(session.sessionId, latest);
      const [oldest] = sessions.keys();
      if (sessions.size > maxSessions && oldest !== undefined) sessions.delete(oldest);
      return latest;
    },
    recall(sessionId, nowMs) {
      const session = sessions.get(sessionId);
      return session !== undefined && nowMs < session.createdAtMs + sessionSeconds * 1000 ? session : undefined;
    },
  };
}

function latestOf(known: Session, given: Session): Session {
  const cancels = [known.cancelledAtMs, given.cancelledAtMs].filter((atMs) => atMs !== undefined);
  return {
    ...(isLater(known, given) ? known : given),
    cancelledAtMs: cancels.length === 0 ? undefined : Math.max(...cancels),
  };
}

function isLater(known: Session, given: Session): boolean {
  if (given.state.kind === 'gone') return false;
  return known.state.kind === 'gone' || known.stateAtMs > given.stateAtMs;
}
