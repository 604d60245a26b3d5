import type { FailureDetail } from '../domain/failure.ts';
import { markLifeMs } from '../domain/mark-life.ts';

/** Longest wait with an unknown end, in milliseconds. */
const longestWaitMs = 15 * 60_000;

/** First wait with an unknown end, in milliseconds; each consecutive one is twice as long. */
const firstWaitMs = 15_000;

/** The end of a wait: a time (epoch milliseconds), or unknown. */
export type WaitEnd = 'unknown' | { readonly untilMs: number };

/** Returns how long a fax waits after `waits` consecutive waits with an unknown end, and the new number of these. */
export function nextWait(end: WaitEnd, waits: number, nowMs: number): { readonly ms: number; readonly waits: number } {
  return end === 'unknown'
    ? { ms: nextWaitMs(waits), waits: waits + 1 }
    : { ms: knownWaitMs(end.untilMs, nowMs), waits };
}

const nextWaitMs = (waits: number): number => Math.min(firstWaitMs * 2 ** Math.min(waits, 10), longestWaitMs);

/** Returns how long to wait for a known time, in milliseconds. It is checked again then, because limits change. */
export const knownWaitMs = (untilMs: number, nowMs: number): number =>
  Math.min(Math.max(untilMs - nowMs, 1000), markLifeMs.faxWait);

/**
 * Returns the shortest wait of a message that was received `receives` times, in milliseconds. SQS moves a message to
 * the dead-letter queue after a thousand receives. With these waits a thousand receives take a month, however short the
 * other waits are.
 */
export const leastWaitMs = (receives: number): number => 10 * receives ** 2;

/** When to search for an unclear fax in RingCentral's list, in milliseconds after the attempt, before it is settled. */
const earlyLooksMs = [15_000, 45_000, 90_000];

/** Returns the time of the next search after `sinceMs`, both in milliseconds after the attempt. */
export function nextLookMs(sinceMs: number, settleMs: number): number {
  const looks = [...earlyLooksMs.filter((lookMs) => lookMs < settleMs), settleMs];
  return looks.find((lookMs) => lookMs > sinceMs) ?? sinceMs + 60_000;
}

/** Returns when RingCentral may be asked again, as far as a failure tells. */
export const endOfWait = ({ retryAfterSeconds }: FailureDetail, nowMs: number): WaitEnd =>
  retryAfterSeconds === undefined ? 'unknown' : { untilMs: nowMs + retryAfterSeconds * 1000 };
