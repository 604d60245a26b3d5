import { randomInt } from 'node:crypto';
import type { Deadline } from '../domain/deadline.ts';
import type { Clock, Log, Metrics } from '../domain/ports.ts';
import type { SessionId } from '../domain/ring-out.ts';
import type { Session, SessionStore } from '../state/session-store.ts';
import { StateUnavailable, withinMs } from '../state/table.ts';
import type { SessionMemory } from './session-memory.ts';

/** Attempts to draw a free id. Among the calls of a day even one collision is rare. */
const maxDraws = 3;

/** Table failures after which the session counts as lost. Time for a second attempt is reserved anyway. */
const maxFailures = 2;

/** Milliseconds kept for rendering the answer. */
const answerReserveMs = 100;

/** Dependencies of {@link openSession}. */
export interface OpenSessionParts {
  readonly sessions: SessionStore;
  readonly sessionMemory: SessionMemory;
  readonly clock: Clock;
  /** The program gets its answer by then, even if the session is not stored. */
  readonly deadline: Deadline;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Draws another session id; replaced in tests only. */
  readonly draw?: () => SessionId;
}

/** A call with its session id. */
export interface OpenedSession {
  readonly session: Session;
  readonly isStored: boolean;
}

/**
 * Stores and remembers a placed call under its session id, or under another one if that is taken. Never throws: the
 * call is ringing already, so the program gets an id in any case. A session that could not be stored is logged and
 * counted. Its status later reads as completed.
 */
export async function openSession(
  call: Omit<Session, 'createdAtMs' | 'stateAtMs' | 'cancelledAtMs'>,
  { sessions, sessionMemory, clock, deadline, log, metrics, draw = drawSessionId }: OpenSessionParts,
): Promise<OpenedSession> {
  const nowMs = clock.nowMs();
  let session: Session = {
    ...call,
    createdAtMs: nowMs,
    stateAtMs: nowMs,
    cancelledAtMs: undefined,
  };
  let failures = 0;
  /** Returns undefined when the table failed and there is time for a retry. */
  const create = async (): Promise<boolean | undefined> => {
    try {
      return await withinMs(clock, deadline.remainingMs() - answerReserveMs, sessions.create(session));
    } catch (error) {
      failures += 1;
      const isHopeless = failures === maxFailures || deadline.remainingMs() <= answerReserveMs;
      if (isHopeless || !(error instanceof StateUnavailable)) throw error;
      return undefined;
    }
  };
  try {
    for (let draws = 1; draws <= maxDraws; draws += 1) {
      const created = (await create()) ?? (await create());
      if (created === true) {
        sessionMemory.remember(session);
        return { session, isStored: true };
      }
      // The id is taken by another call, or by an attempt for this call whose response was lost.
      session = { ...session, sessionId: draw() };
    }
    log.error('the call was placed, but no free session id was found', { lost: true });
  } catch (error) {
    // The call is ringing, so the program must get its answer even after a bug.
    const bug = error instanceof StateUnavailable ? {} : { error: error instanceof Error ? error.name : typeof error };
    log.error('the call was placed, but its session could not be stored', { lost: true, ...bug });
  }
  metrics.add('SessionsLost');
  sessionMemory.remember(session);
  return { session, isStored: false };
}

/**
 * Draws a session id. The id alone gives access to status and cancel, so it comes from the operating system's
 * generator.
 */
export function drawSessionId(): SessionId {
  return String(randomInt(100_000_000, 1_000_000_000)) as SessionId;
}
