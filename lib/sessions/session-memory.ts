import { sessionSeconds, type Session } from '../state/session-store.ts';
import type { SessionId } from '../domain/ring-out.ts';

/** The calls this container has placed or seen, for the time the table cannot be used and for calls it has lost. */
export interface SessionMemory {
  remember(session: Session): void;
  /** undefined for a call this container does not know, or whose day is over. */
  recall(sessionId: SessionId, nowMs: number): Session | undefined;
}

const maxSessions = 1000;

export function createSessionMemory(): SessionMemory {
  const sessions = new Map<SessionId, Session>();
  return {
    remember(session) {
      sessions.delete(session.sessionId);
      sessions.set(session.sessionId, session);
      const [oldest] = sessions.keys();
      if (sessions.size > maxSessions && oldest !== undefined) sessions.delete(oldest);
    },
    recall(sessionId, nowMs) {
      const session = sessions.get(sessionId);
      return session !== undefined && nowMs < session.createdAtMs + sessionSeconds * 1000 ? session : undefined;
    },
  };
}
