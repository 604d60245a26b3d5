import { apiError, type Answer } from './answer.ts';
import type { RateLimitGroup } from './route.ts';

/** Requests per user and window, by group. A missing group has no limit. */
export type RateLimits = Readonly<Partial<Record<RateLimitGroup, number>>>;

/** RingCentral's default limits of an app. */
export const ringCentralLimits: Readonly<Record<RateLimitGroup, number>> = {
  light: 50,
  medium: 40,
  heavy: 10,
  auth: 5,
};

/** Limits that no client reaches. Answers still report the remaining requests, which the product uses. */
export const generousLimits: Readonly<Record<RateLimitGroup, number>> = {
  light: 100_000,
  medium: 100_000,
  heavy: 100_000,
  auth: 100_000,
};

/** The `X-Rate-Limit-*` headers of an answer, and the 429 answer if the limit is exceeded. */
export interface RateLimitVerdict {
  readonly headers: Readonly<Record<string, string>>;
  readonly refusal: Answer | undefined;
}

/** A limit with requests in the last window, or one that is closed. */
export interface LimitInUse {
  readonly group: RateLimitGroup;
  /** The user, or the app if the user is unknown. */
  readonly subject: string;
  readonly limit: number;
  /** Number of requests left in the window. */
  readonly left: number;
  /** For a closed group: the epoch milliseconds at which it opens if no request arrives before. */
  readonly closedUntilMs?: number;
}

export interface RateLimiter {
  check(group: RateLimitGroup, subject: string, nowMs: number): RateLimitVerdict;
  inUse(nowMs: number): readonly LimitInUse[];
  reset(): void;
}

/** RingCentral's window, in seconds. */
export const usualWindowSeconds = 60;

interface Bucket {
  readonly group: RateLimitGroup;
  readonly subject: string;
  readonly limit: number;
  requestsAtMs: number[];
  closedUntilMs: number;
}

/**
 * Limits requests in a sliding window per user and group. Too many requests close the group for the length of the
 * window, and **every request during the penalty restarts it** (RingCentral developer guide, rate limits).
 */
export function createRateLimiter(limits: RateLimits | false, windowSeconds = usualWindowSeconds): RateLimiter {
  const windowMs = windowSeconds * 1000;
  const buckets = new Map<string, Bucket>();
  return {
    check(group, subject, nowMs) {
      const limit = limits === false ? undefined : limits[group];
      if (limit === undefined) return { headers: {}, refusal: undefined };
      const key = `${group} ${subject}`;
      const bucket = buckets.get(key) ?? { group, subject, limit, requestsAtMs: [], closedUntilMs: 0 };
      buckets.set(key, bucket);
      bucket.requestsAtMs = bucket.requestsAtMs.filter((atMs) => atMs > nowMs - windowMs);
      const refused = nowMs < bucket.closedUntilMs || bucket.requestsAtMs.length >= limit;
      if (refused) bucket.closedUntilMs = nowMs + windowMs;
      else bucket.requestsAtMs.push(nowMs);
      const headers = {
        'x-rate-limit-group': group,
        'x-rate-limit-limit': String(limit),
        'x-rate-limit-remaining': String(refused ? 0 : limit - bucket.requestsAtMs.length),
        'x-rate-limit-window': String(windowSeconds),
      };
      return {
        headers,
        refusal: refused
          ? apiError(429, 'CMN-301', 'Request rate exceeded', {}, { ...headers, 'retry-after': String(windowSeconds) })
          : undefined,
      };
    },
    inUse: (nowMs) =>
      [...buckets.values()].flatMap(({ group, subject, limit, requestsAtMs, closedUntilMs }) => {
        const used = requestsAtMs.filter((atMs) => atMs > nowMs - windowMs).length;
        if (nowMs < closedUntilMs) return [{ group, subject, limit, left: 0, closedUntilMs }];
        return used === 0 ? [] : [{ group, subject, limit, left: limit - used }];
      }),
    reset() {
      buckets.clear();
    },
  };
}
