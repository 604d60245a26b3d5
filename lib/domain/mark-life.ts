/*
 * What containers leave for each other ends at a time of the wall clock, and a clock may have been wrong when it was
 * written. A lease or a mark that ends later than it can is not believed: it would stop a user for as long.
 */

/** The longest each may last, in milliseconds. */
export const markLifeMs = {
  /** Two token requests of 6 s and the store that follows. */
  lease: 13_000,
  /** A definite refusal. */
  refusal: 60_000,
  /** Two token requests that failed, 15 s each. */
  failedGrant: 30_000,
  /** A closed rate-limit group: a longer wait is a mistake, and would lock the user out until somebody edits the table. */
  closedGroup: 24 * 3_600_000,
} as const;

/** What a container leaves behind. */
export type MarkKind = keyof typeof markLifeMs;

/** Clocks of two containers differ by less. */
export const clockToleranceMs = 5000;

/** The latest end (epoch milliseconds) that is believed now. */
export function latestEndMs(kind: MarkKind, nowMs: number): number {
  return nowMs + markLifeMs[kind] + clockToleranceMs;
}

/** Whether a lease or a mark that ends at `untilMs` (epoch milliseconds) still counts. */
export function isInForce(kind: MarkKind, untilMs: number | undefined, nowMs: number): boolean {
  return untilMs !== undefined && nowMs < untilMs && untilMs <= latestEndMs(kind, nowMs);
}
