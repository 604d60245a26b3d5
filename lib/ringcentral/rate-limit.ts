import { markLifeMs } from '../domain/mark-life.ts';
import type { RouteName, ThrottleGroup } from '../domain/throttle.ts';
import type { Answer } from './messages.ts';

/** RingCentral's developer guide on rate limits: the group each operation is documented in. */
const documentedGroups: Readonly<Record<RouteName, ThrottleGroup>> = {
  token: 'auth',
  'ring-out': 'heavy',
  'ring-out-status': 'light',
  'ring-out-cancel': 'heavy',
  'forwarding-number': 'light',
  fax: 'heavy',
  'cover-page': 'light',
  'message-list': 'light',
};

/** The group of a route: the one a response header has named for this user, else the documented one. */
export function groupOf(route: RouteName, learned: ReadonlyMap<RouteName, ThrottleGroup> | undefined): ThrottleGroup {
  return learned?.get(route) ?? documentedGroups[route];
}

/** The guide asks for at least half a minute when a 429 does not say how long. */
const defaultWaitSeconds = 30;

/** The group an answer names; undefined when it names none, or none that may become part of an attribute's name. */
export function namedGroup(answer: Pick<Answer, 'headers'>): ThrottleGroup | undefined {
  const named = answer.headers.get('x-rate-limit-group')?.trim().toLowerCase();
  return named !== undefined && /^[a-z0-9_-]{1,32}$/.test(named) ? named : undefined;
}

/** "Duplicate concurrent request": something equal is under way. It comes with a 429, and is no rate limit. */
const duplicateRequest = 'CMN-304';

/**
 * Until when (epoch milliseconds) an answer closes the group of its request. On a 429 `Retry-After` alone decides; on a
 * success, `X-Rate-Limit-Remaining: 0` closes the group for `X-Rate-Limit-Window` seconds. Undefined while it is open.
 *
 * @param errorCode RingCentral's code in the answer, if it has one
 */
export function closedUntilMsOf(
  answer: Pick<Answer, 'status' | 'headers'>,
  nowMs: number,
  errorCode?: string,
): number | undefined {
  if (errorCode === duplicateRequest) return undefined;
  const waitSeconds = answer.status === 429 ? retryAfterSeconds(answer, nowMs) : exhaustedSeconds(answer);
  return waitSeconds === undefined ? undefined : nowMs + Math.min(waitSeconds * 1000, markLifeMs.closedGroup);
}

function retryAfterSeconds(answer: Pick<Answer, 'headers'>, nowMs: number): number {
  const text = answer.headers.get('retry-after')?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  // Date.parse takes nearly anything for a date, `-1` included.
  const atMs = /^[A-Za-z]{3,9},? .*\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? defaultWaitSeconds : Math.max(0, (atMs - nowMs) / 1000);
}

function exhaustedSeconds(answer: Pick<Answer, 'status' | 'headers'>): number | undefined {
  if (answer.status < 200 || answer.status > 299) return undefined;
  const remaining = answer.headers.get('x-rate-limit-remaining')?.trim() ?? '';
  const window = answer.headers.get('x-rate-limit-window')?.trim() ?? '';
  return /^0+$/.test(remaining) && /^\d+(\.\d+)?$/.test(window) ? Number(window) : undefined;
}

/**
 * How long faxes leave the rest of a user's requests to calls, in seconds, by the answer to an accepted fax: the whole
 * window once at most a third of the limit, or three requests, are left. Zero while there are more.
 */
export function faxPauseSeconds(headers: Pick<Headers, 'get'>): number {
  const limit = countIn(headers, 'x-rate-limit-limit');
  const remaining = countIn(headers, 'x-rate-limit-remaining');
  const windowSeconds = countIn(headers, 'x-rate-limit-window');
  if (limit === undefined || remaining === undefined || windowSeconds === undefined) return unknownPauseSeconds;
  return remaining <= Math.min(3, Math.floor(limit / 3)) ? windowSeconds : 0;
}

/** Seven faxes a minute, for an answer that says nothing about limits. */
const unknownPauseSeconds = 9;

function countIn(headers: Pick<Headers, 'get'>, name: string): number | undefined {
  const text = headers.get(name)?.trim() ?? '';
  return /^\d{1,9}(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
