/** Longest wait whose end nobody has told. */
const longestWaitMs = 15 * 60_000;

/** A known end further away is looked at again by then: clocks and minds change. */
const longestKnownWaitMs = 3_600_000;

/** The first wait whose end is not known; each further one in a row is twice as long. */
const firstWaitMs = 15_000;

/** The wait after so many others in a row, in milliseconds. */
export const nextWaitMs = (waits: number): number => Math.min(firstWaitMs * 2 ** Math.min(waits, 10), longestWaitMs);

/** How long to wait for a known moment, in milliseconds. */
export const knownWaitMs = (untilMs: number, nowMs: number): number =>
  Math.min(Math.max(untilMs - nowMs, 1000), longestKnownWaitMs);

/**
 * The shortest wait of a message that was received so often, in milliseconds. However short the others are, a thousand
 * receives, after which SQS takes a message for a dead letter, are those of a month.
 */
export const leastWaitMs = (receives: number): number => 10 * receives ** 2;

/** When an unclear fax is looked for in RingCentral's list, in milliseconds after the attempt; then it is settled. */
const earlyLooksMs = [15_000, 45_000, 90_000];

/** The next look that is due after `sinceMs`, both in milliseconds after the attempt. */
export function nextLookMs(sinceMs: number, settleMs: number): number {
  const looks = [...earlyLooksMs.filter((lookMs) => lookMs < settleMs), settleMs];
  return looks.find((lookMs) => lookMs > sinceMs) ?? sinceMs + 60_000;
}
