import { randomInt } from 'node:crypto';
import type { Deadline } from '../domain/deadline.ts';
import type { Clock, Log, Metrics } from '../domain/ports.ts';
import type { SessionId } from '../domain/ring-out.ts';
import type { Session, SessionStore } from '../state/session-store.ts';
import { StateUnavailable, withinMs } from '../state/table.ts';
import type { SessionMemory } from './session-memory.ts';

/** Draws before giving up on a free id; with a day's worth of calls even one collision is rare. */
const maxDraws = 3;

/** Times the table may fail before the session counts as lost: the time for a second attempt is kept anyway. */
const maxFailures = 2;

/** Kept for rendering the answer. */
const answerReserveMs = 100;

/** What is needed to store and remember a call. */
export interface OpenSessionParts {
  readonly sessions: SessionStore;
  readonly sessionMemory: SessionMemory;
  readonly clock: Clock;
  /** The program gets its answer by then, stored or not. */
  readonly deadline: Deadline;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Draws another session id; replaced in tests only. */
  readonly draw?: () => SessionId;
}

/** A call that was given its session id. */
export interface OpenedSession {
  readonly session: Session;
  readonly isStored: boolean;
}

/**
 * Remembers a placed call under its session id, or another one where that is taken. Never fails: the call is ringing
 * already, so the program gets an id in any case. One that could not be stored is logged and counted, and answers as
 * completed later on.
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
  /** undefined: the table failed, and there is time to try again. */
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
      // Taken: by another call, or by an attempt of this one whose answer got lost.
      session = { ...session, sessionId: draw() };
    }
    log.error('the call was placed, but no free session id was found', { lost: true });
  } catch (error) {
    // Even a bug must not take the answer from a program whose call is ringing.
    const bug = error instanceof StateUnavailable ? {} : { error: error instanceof Error ? error.name : typeof error };
    log.error('the call was placed, but its session could not be stored', { lost: true, ...bug });
  }
  metrics.add('SessionsLost');
  sessionMemory.remember(session);
  return { session, isStored: false };
}

/** The id is the only key to status and cancel, so it comes from the operating system's generator. */
export function drawSessionId(): SessionId {
  return String(randomInt(100_000_000, 1_000_000_000)) as SessionId;
}
