import { clockToleranceMs } from '../domain/mark-life.ts';
import type { Session } from '../state/session-store.ts';
import type { StatusAsk } from '../state/user-state.ts';

/*
 * How often RingCentral is asked for the status of calls.
 *
 * Legacy programs poll every call every few seconds. RingCentral allows 50 requests of the Light group per minute and
 * user. Up to some rate every poll is passed on, so that a program sees each change at once. Beyond it, a poll gets the
 * last known status while that is younger than a limit. The limit grows with the number of calls being polled, so that
 * each call gets its share of the requests. A status from before a cancel is stale at any age.
 *
 * Two rules have no exception: at most 45 requests in any minute, and never two at a time for one call. All containers
 * share one log. An ask replaces the log only if no other request has written it since it was read.
 */

const minuteMs = 60_000;

/** Most asks in any minute. The rest of the 50 is left to `list` and cover pages. */
const asksPerMinute = 45;

/** Up to this many asks a minute, polls of different calls are passed on without further checks. */
const freeAsksPerMinute = 30;

/**
 * Beyond this many asks a minute, each further one doubles the age a status must have. So the last few go to the calls
 * that have waited longest. Otherwise, with more calls than requests, the same calls would be served every minute and
 * the others never.
 */
const commonAsksPerMinute = 40;

/**
 * One program that polls one call every five seconds needs 12 asks a minute. Beyond 15, several programs poll the same
 * call and share requests, see {@link sharedAgeMs}.
 */
const freeAsksPerCall = 15;
/** Milliseconds within which several programs that poll the same call share one request. */
const sharedAgeMs = 4000;

/**
 * Milliseconds after which an ask without an answer no longer counts as under way. A request waits 10 s for
 * RingCentral's answer, so the container is probably dead.
 */
const askTimeoutMs = 12_000;

/**
 * Decides whether to ask RingCentral for a call's status now. Returns the log of asks to store before asking, or
 * undefined to answer with the known status.
 *
 * @param asks the user's log as stored
 * @param call the call as stored; `stateAtMs` is when RingCentral was asked for its known status
 */
export function nextAskLog(
  asks: readonly StatusAsk[],
  { sessionId, stateAtMs, cancelledAtMs }: Pick<Session, 'sessionId' | 'stateAtMs' | 'cancelledAtMs'>,
  nowMs: number,
): readonly StatusAsk[] | undefined {
  // An ask in the future was written by a container with a wrong clock.
  const recent = asks.filter(({ atMs }) => nowMs - atMs < minuteMs && atMs <= nowMs + clockToleranceMs);
  const ofThisCall = recent.filter((ask) => ask.sessionId === sessionId);
  const isUnderWay = ofThisCall.some((ask) => ask.atMs > stateAtMs && nowMs - ask.atMs < askTimeoutMs);
  if (isUnderWay || recent.length >= asksPerMinute) return undefined;

  const calls = new Set(recent.map((ask) => ask.sessionId)).add(sessionId).size;
  const scarcity = 2 ** Math.max(0, recent.length - commonAsksPerMinute);
  const shareMs = recent.length < freeAsksPerMinute ? 0 : (scarcity * calls * minuteMs) / asksPerMinute;
  const sharedMs = ofThisCall.length < freeAsksPerCall ? 0 : sharedAgeMs;
  const isFromBeforeCancel = cancelledAtMs !== undefined && stateAtMs <= cancelledAtMs;
  // A container whose clock is ahead may have stored the status. A time in the future counts as now.
  const ageMs = isFromBeforeCancel ? Infinity : Math.max(0, nowMs - stateAtMs);
  return ageMs < Math.max(shareMs, sharedMs) ? undefined : [...recent, { sessionId, atMs: nowMs }];
}
