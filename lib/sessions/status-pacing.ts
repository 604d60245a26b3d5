import { clockToleranceMs } from '../domain/mark-life.ts';
import type { Session } from '../state/session-store.ts';
import type { StatusAsk } from '../state/user-state.ts';

/*
 * How often RingCentral is asked for the status of calls.
 *
 * Legacy programs poll every call every few seconds, and RingCentral allows 50 requests of the Light group a minute and
 * user. Up to some rate every poll is passed on, so that a program sees each change at once. Beyond it, a poll is
 * answered with the last known status while that is younger than an age which grows with the number of calls being
 * polled, so that each of them gets its share of the requests there are. A status from before a cancel is old at any age.
 *
 * Two rules have no exception: never more than 45 requests in any minute, and never two at a time for one call. The log
 * is one for all containers, and each ask is written into it on condition that nobody else has written since.
 */

const minuteMs = 60_000;

/** Never more than this many in any minute; the rest of the 50 is left to `list` and cover pages. */
const asksPerMinute = 45;

/** Up to this many a minute, polls of different calls are passed on without further question. */
const freeAsksPerMinute = 30;

/**
 * The last few go to the calls that have waited longest: each one more doubles the age a status must have. Without it,
 * of more calls than there are requests the same ones would come first every minute, and the others never.
 */
const commonAsksPerMinute = 40;

/** One program polling one call every five seconds needs 12; beyond 15, several programs poll the same call … */
const freeAsksPerCall = 15;
/** … and share one request in this time. */
const sharedAgeMs = 4000;

/** After this time an ask without an answer no longer counts as under way: the container that asked is gone. */
const askTimeoutMs = 12_000;

/**
 * Whether to ask RingCentral for a call's status now. Returns the log of asks to store before asking, or undefined to
 * answer with the status that is known.
 *
 * @param asks the user's log as stored
 * @param call the call as stored; `stateAtMs` is when RingCentral was asked for its known status
 */
export function nextAskLog(
  asks: readonly StatusAsk[],
  { sessionId, stateAtMs, cancelledAtMs }: Pick<Session, 'sessionId' | 'stateAtMs' | 'cancelledAtMs'>,
  nowMs: number,
): readonly StatusAsk[] | undefined {
  // An ask that is yet to come was noted by a clock that was wrong.
  const recent = asks.filter(({ atMs }) => nowMs - atMs < minuteMs && atMs <= nowMs + clockToleranceMs);
  const ofThisCall = recent.filter((ask) => ask.sessionId === sessionId);
  const isUnderWay = ofThisCall.some((ask) => ask.atMs > stateAtMs && nowMs - ask.atMs < askTimeoutMs);
  if (isUnderWay || recent.length >= asksPerMinute) return undefined;

  const calls = new Set(recent.map((ask) => ask.sessionId)).add(sessionId).size;
  const scarcity = 2 ** Math.max(0, recent.length - commonAsksPerMinute);
  const shareMs = recent.length < freeAsksPerMinute ? 0 : (scarcity * calls * minuteMs) / asksPerMinute;
  const sharedMs = ofThisCall.length < freeAsksPerCall ? 0 : sharedAgeMs;
  const isFromBeforeCancel = cancelledAtMs !== undefined && stateAtMs <= cancelledAtMs;
  // A container whose clock is ahead may have stored it: its future is as good as now.
  const ageMs = isFromBeforeCancel ? Infinity : Math.max(0, nowMs - stateAtMs);
  return ageMs < Math.max(shareMs, sharedMs) ? undefined : [...recent, { sessionId, atMs: nowMs }];
}
