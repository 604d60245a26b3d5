import { markLifeMs } from '../domain/mark-life.ts';
import type { RouteName, ThrottleGroup } from '../domain/throttle.ts';
import type { Answer } from './messages.ts';

/** The documented group of each operation. Source: RingCentral's developer guide on rate limits. */
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

/** Returns the group that a response header has named for this route and user, otherwise the documented one. */
export function groupOf(route: RouteName, learned: ReadonlyMap<RouteName, ThrottleGroup> | undefined): ThrottleGroup {
  return learned?.get(route) ?? documentedGroups[route];
}

/** The guide demands at least half a minute after a 429 without a wait time. */
const defaultWaitSeconds = 30;

/**
 * Returns the group that an answer names. Returns undefined without a name, or for one not allowed in an attribute's
 * name.
 */
export function namedGroup(answer: Pick<Answer, 'headers'>): ThrottleGroup | undefined {
  const named = answer.headers.get('x-rate-limit-group')?.trim().toLowerCase();
  return named !== undefined && /^[a-z0-9_-]{1,32}$/.test(named) ? named : undefined;
}

/** "Duplicate concurrent request": an equal request is in progress. Its status is 429, but it is not a rate limit. */
const duplicateRequest = 'CMN-304';

/**
 * Returns until when (epoch milliseconds) an answer closes the group of its request, or undefined while it is open. For
 * a 429 only `Retry-After` counts. In a success, `X-Rate-Limit-Remaining: 0` closes the group for `X-Rate-Limit-Window`
 * seconds.
 *
 * @param errorCode RingCentral's code in the answer, if there is one
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
  // Date.parse accepts nearly everything, even `-1`.
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
 * Returns the pause after an accepted fax in seconds, so that calls get the rest of the user's rate limit. The pause is
 * the whole window when at most three requests remain, or a third of a limit below nine; otherwise zero.
 */
export function faxPauseSeconds(headers: Pick<Headers, 'get'>): number {
  const limit = countIn(headers, 'x-rate-limit-limit');
  const remaining = countIn(headers, 'x-rate-limit-remaining');
  const windowSeconds = countIn(headers, 'x-rate-limit-window');
  if (limit === undefined || remaining === undefined || windowSeconds === undefined) return unknownPauseSeconds;
  return remaining <= Math.min(3, Math.floor(limit / 3)) ? windowSeconds : 0;
}

/** Used for an answer without rate-limit headers: about seven faxes a minute. */
const unknownPauseSeconds = 9;

function countIn(headers: Pick<Headers, 'get'>, name: string): number | undefined {
  const text = headers.get(name)?.trim() ?? '';
  return /^\d{1,9}(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
