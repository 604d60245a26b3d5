import { LegacyFailure, type FailureCode } from '../domain/failure.ts';
import type { SessionId } from '../domain/ring-out.ts';
import { clockToleranceMs } from '../domain/mark-life.ts';
import type { Mark } from '../state/mark-store.ts';
import type { Session } from '../state/session-store.ts';

/** The answer of the first of equal requests, which a request gets that placed nothing itself. */
export type FirstAnswer =
  | { readonly kind: 'placed'; readonly sessionId: SessionId | undefined; readonly session: Session | undefined }
  | { readonly kind: 'failed'; readonly failure: LegacyFailure };

/** What a request may do after it has found the mark of an equal one. */
export type Verdict =
  /** The mark no longer counts: take it over. */
  | { readonly kind: 'over' }
  /** The other request is still running: look again. */
  | { readonly kind: 'under_way' }
  | { readonly kind: 'answered'; readonly answer: FirstAnswer };

/** The facts by which a mark is judged. */
export interface Circumstances {
  readonly nowMs: number;
  /** Whether this request has seen the owner of the mark running. Then it gets the owner's answer, whatever it is. */
  readonly hasWaited: boolean;
  /** The window after success, in milliseconds. */
  readonly windowMs: number;
  /** The window after an unknown outcome, in milliseconds. */
  readonly uncertainMs: number;
  readonly uncertain: FailureCode;
  /** Returns whether a program has been told that the call is over. */
  readonly isOver: (session: Session) => boolean;
}

/**
 * Judges the mark of an equal request, with the session row of its call if there is one. The row exists once the call
 * was placed. It also shows whether the call was cancelled or a program was told that it is over; either closes the
 * window. A mark with neither outcome nor row belongs to a running request. After its deadline that request counts as
 * dead, and its outcome is unknown.
 */
export function judgeMark(mark: Mark, session: Session | undefined, circumstances: Circumstances): Verdict {
  const { nowMs, hasWaited, windowMs, uncertainMs, uncertain, isOver } = circumstances;
  const { outcome, sessionId } = mark;
  const hasEnded = session !== undefined && (session.cancelledAtMs !== undefined || isOver(session));
  if (outcome !== undefined) {
    if ((nowMs >= (mark.untilMs ?? 0) || hasEnded) && !hasWaited) return { kind: 'over' };
    const answer: FirstAnswer =
      outcome.kind === 'placed'
        ? { kind: 'placed', sessionId: outcome.sessionId, session }
        : { kind: 'failed', failure: new LegacyFailure(outcome.code, outcome.detail) };
    return { kind: 'answered', answer };
  }
  // An older session under the drawn id is another call: this call gets another id.
  if (session !== undefined && session.createdAtMs >= mark.takenAtMs - clockToleranceMs) {
    const isOpen = nowMs < session.createdAtMs + windowMs && !hasEnded;
    return isOpen || hasWaited
      ? { kind: 'answered', answer: { kind: 'placed', sessionId, session } }
      : { kind: 'over' };
  }
  if (nowMs < mark.deadlineMs) return { kind: 'under_way' };
  if (nowMs >= mark.deadlineMs + uncertainMs && !hasWaited) return { kind: 'over' };
  const failure = new LegacyFailure(uncertain, {
    heldSeconds: Math.ceil(uncertainMs / 1000),
    hint: 'the request that this one repeats ended without a trace',
  });
  return { kind: 'answered', answer: { kind: 'failed', failure } };
}
