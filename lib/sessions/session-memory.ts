import type { SessionId } from '../domain/ring-out.ts';
import { sessionSeconds, type Session } from '../state/session-store.ts';
import type { UserState } from '../state/user-state.ts';

/** A user's log of status asks. */
export type AskLog = Pick<UserState, 'asks' | 'asksRevision'>;

/** The right to ask RingCentral how a call stands. */
export interface Claim {
  /** From when, epoch milliseconds. */
  readonly atMs: number;
  /** The user's asks, this one included; unknown while the table cannot be used. */
  readonly log: AskLog | undefined;
}

/** The calls this container has placed or seen, for the time the table cannot be used and for calls it has lost. */
export interface SessionMemory {
  /** @param answered the claim this container had, when it has just been told how the call stands */
  remember(session: Session, answered?: Claim): void;
  /** undefined for a call this container does not know, or whose day is over. */
  recall(sessionId: SessionId, nowMs: number): Session | undefined;
  /**
   * The user's log as of this container's last answered ask for the call, once, and only if every ask in it was this
   * container's for this call.
   */
  takeLog(sessionId: SessionId): AskLog | undefined;
}

interface RememberedCall {
  readonly session: Session;
  /** When this container asked, as far as the log still knows. */
  readonly ownAsksMs: readonly number[];
  log: AskLog | undefined;
}

const maxSessions = 1000;

export function createSessionMemory(): SessionMemory {
  const calls = new Map<SessionId, RememberedCall>();
  return {
    remember(session, answered) {
      const { sessionId } = session;
      const ownAsksMs = calls.get(sessionId)?.ownAsksMs ?? [];
      calls.delete(sessionId);
      calls.set(
        sessionId,
        answered?.log === undefined
          ? { session, ownAsksMs, log: undefined }
          : { session, ...askedAlone(sessionId, answered.log, [...ownAsksMs, answered.atMs]) },
      );
      const [oldest] = calls.keys();
      if (calls.size > maxSessions && oldest !== undefined) calls.delete(oldest);
    },
    recall(sessionId, nowMs) {
      const session = calls.get(sessionId)?.session;
      return session !== undefined && nowMs < session.createdAtMs + sessionSeconds * 1000 ? session : undefined;
    },
    takeLog(sessionId) {
      const call = calls.get(sessionId);
      const log = call?.log;
      if (call !== undefined) call.log = undefined;
      return log;
    },
  };
}

function askedAlone(
  sessionId: SessionId,
  log: AskLog,
  askedMs: readonly number[],
): Pick<RememberedCall, 'ownAsksMs' | 'log'> {
  const own = log.asks.filter((ask) => ask.sessionId === sessionId && askedMs.includes(ask.atMs));
  return { ownAsksMs: own.map(({ atMs }) => atMs), log: own.length === log.asks.length ? log : undefined };
}
