import { randomUUID } from 'node:crypto';
import type { Deadline } from '../domain/deadline.ts';
import { LegacyFailure, type FailureCode } from '../domain/failure.ts';
import type { Clock, Log, LogFields, Metrics } from '../domain/ports.ts';
import type { SessionId } from '../domain/ring-out.ts';
import type { Mark, MarkOutcome, MarkStore } from '../state/mark-store.ts';
import type { Session, SessionStore } from '../state/session-store.ts';
import { unlessTableDown, StateUnavailable, withinMs } from '../state/table.ts';
import { judgeMark, type FirstAnswer } from './judge-mark.ts';

/** A request that places a call or a fax. */
export interface Placement<T> {
  /** Equal for equal requests of one user, and for no others. */
  readonly key: string;
  /**
   * Only for a call: the id under which it will be stored, and whether a program has been told that a stored call is
   * over.
   */
  readonly call?: { readonly sessionId: SessionId; readonly isOver: (session: Session) => boolean };
  /**
   * Milliseconds after success within which an equal request counts as the same call or fax. 0 turns deduplication off.
   */
  readonly windowMs: number;
  /** Milliseconds of the same window after an unknown outcome. */
  readonly uncertainMs: number;
  /** The failure that reports an unknown outcome. */
  readonly uncertain: FailureCode;
  /** Places the call or fax. */
  readonly place: () => Promise<Placed<T>>;
}

/** What was placed. A stored session row records it; without one the mark has to. */
export interface Placed<T> {
  readonly value: T;
  readonly sessionId?: SessionId;
  readonly isStored: boolean;
}

/** The value that this request placed, or the answer of the first of equal requests. */
export type PlaceOnceResult<T> =
  | { readonly kind: 'placed'; readonly value: T }
  | { readonly kind: 'joined'; readonly answer: Extract<FirstAnswer, { readonly kind: 'placed' }> };

/** Dependencies of {@link placeOnce}. */
export interface PlaceOnceParts {
  readonly marks: MarkStore;
  readonly sessions: SessionStore;
  readonly clock: Clock;
  readonly deadline: Deadline;
  readonly log: Log;
  readonly metrics: Metrics;
  /** API Gateway's id of this request. */
  readonly requestId: string;
  addToLog(fields: LogFields): void;
}

/** Milliseconds of a request's time that are kept for its answer. */
const answerReserveMs = 300;

/** Longest wait for the table to store the outcome of a request, in milliseconds. */
const maxEndingMs = 1500;

/**
 * Milliseconds between two reads of a running request's mark. Short at first, because most calls take half a second.
 */
const firstLookMs = 150;
const lastLookMs = 1000;

/**
 * Places a call or fax once, even if equal requests arrive in different containers: HTTP libraries, proxies and people
 * repeat requests. The first request takes the mark. The others wait for its answer and get it, until the window
 * closes. A window begins when the first request ends and is never extended, so that somebody who repeats a call every
 * five seconds gets through. When the table cannot be used, the request is served without deduplication.
 *
 * Throws LegacyFailure: the one that `place` throws, the one that the first request failed with, or `uncertain` if time
 * runs out while the first request is running.
 */
export async function placeOnce<T>(placement: Placement<T>, parts: PlaceOnceParts): Promise<PlaceOnceResult<T>> {
  const { key, call, windowMs, uncertainMs, uncertain, place } = placement;
  if (windowMs === 0) {
    try {
      return { kind: 'placed', value: (await place()).value };
    } catch (error) {
      throw error instanceof LegacyFailure && error.code === uncertain ? heldFor(error, 0) : error;
    }
  }

  const owner = randomUUID();
  const found = await takeMark(placement, owner, parts);
  if (found.kind === 'answered') {
    parts.addToLog({ joined: found.requestId });
    parts.metrics.add('RepeatsJoined');
    if (found.answer.kind === 'failed') throw found.answer.failure;
    return { kind: 'joined', answer: found.answer };
  }

  const { marks, deadline, clock } = parts;
  const end = async (outcome: MarkOutcome, forMs: number): Promise<void> => {
    const ending = marks.end(key, owner, outcome, clock.nowMs() + forMs);
    await unlessTableDown(withinMs(clock, deadline.budgetMs(maxEndingMs, answerReserveMs), ending));
  };
  try {
    const { value, sessionId, isStored } = await place();
    const sessionTells = isStored && sessionId !== undefined && sessionId === call?.sessionId;
    if (!sessionTells) await end({ kind: 'placed', sessionId }, windowMs);
    return { kind: 'placed', value };
  } catch (error) {
    const failure = error instanceof LegacyFailure ? error : new LegacyFailure('internal');
    // A bug may have occurred before or after the request to RingCentral.
    const isUncertain = failure.code === uncertain || failure.code === 'internal';
    const heldMs = isUncertain ? uncertainMs : 0;
    const held = failure.code === uncertain ? heldFor(failure, heldMs) : failure;
    await end({ kind: 'failed', code: held.code, detail: held.detail }, heldMs);
    throw failure.code === uncertain ? held : error;
  }
}

/** Adds to a failure how long an equal request is not placed again. */
function heldFor({ code, detail, cause }: LegacyFailure, heldMs: number): LegacyFailure {
  return new LegacyFailure(code, { ...detail, heldSeconds: Math.ceil(heldMs / 1000) }, { cause });
}

type Found =
  /** This request is the first. */
  { readonly kind: 'taken' } | { readonly kind: 'answered'; readonly answer: FirstAnswer; readonly requestId: string };

/** Takes the mark, or waits for the answer of the request that holds it. */
async function takeMark(placement: Placement<unknown>, owner: string, parts: PlaceOnceParts): Promise<Found> {
  const { key, call, windowMs, uncertainMs, uncertain } = placement;
  const { marks, sessions, clock, deadline, log, requestId } = parts;
  const deadlineMs = deadline.endsAtMs;
  const staleAtMs = deadlineMs + Math.max(windowMs, uncertainMs);
  const seenAtWork = new Set<string>();
  let replaces: string | undefined;
  let mark: Mark | undefined;
  let isHeld = false;
  for (let lookMs = firstLookMs; ; lookMs = Math.min(lookMs * 1.5, lastLookMs)) {
    try {
      const takenAtMs = clock.nowMs();
      const request = { owner, requestId, sessionId: call?.sessionId, takenAtMs, deadlineMs, staleAtMs, replaces };
      if ((mark === undefined || replaces !== undefined) && (await marks.take(key, request))) return { kind: 'taken' };
      isHeld = true;
      mark = await marks.read(key);
      if (mark !== undefined) {
        const placedId = mark.outcome?.kind === 'placed' ? mark.outcome.sessionId : undefined;
        const sessionId = mark.outcome === undefined ? mark.sessionId : placedId;
        const session = sessionId === undefined ? undefined : await sessions.read(sessionId, clock.nowMs());
        const verdict = judgeMark(mark, session, {
          nowMs: clock.nowMs(),
          hasWaited: seenAtWork.has(mark.owner),
          windowMs,
          uncertainMs,
          uncertain,
          isOver: call?.isOver ?? (() => false),
        });
        if (verdict.kind === 'answered') return { ...verdict, requestId: mark.requestId };
        replaces = verdict.kind === 'over' ? mark.owner : undefined;
        if (verdict.kind === 'over') continue;
        seenAtWork.add(mark.owner);
      }
    } catch (error) {
      if (!(error instanceof StateUnavailable)) throw error;
      // If the table has shown another request and then fails, it is read again: to go ahead could place the call
      // twice.
      if (!isHeld) {
        log.warn('repeats of this request cannot be told: the state table cannot be used');
        return { kind: 'taken' };
      }
    }
    if (deadline.remainingMs() <= lookMs + answerReserveMs) {
      const failure = new LegacyFailure(uncertain, {
        heldSeconds: Math.ceil(uncertainMs / 1000),
        hint: 'the request that this one repeats is still at work',
      });
      return { kind: 'answered', answer: { kind: 'failed', failure }, requestId: mark?.requestId ?? 'unknown' };
    }
    await clock.sleep(lookMs * (0.75 + clock.random() / 2));
  }
}
