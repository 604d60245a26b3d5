/*
 * Containers share leases and marks, each of which ends at a wall-clock time. The clock of the container that wrote it
 * may have been wrong. A lease or a mark that ends later than its longest life allows is ignored. Otherwise it would
 * block a user for that long.
 */

/** The longest life of each kind, in milliseconds. */
export const markLifeMs = {
  /** Two token requests of 6 s each, and the write that follows. */
  lease: 13_000,
  /** A definite refusal, cached for a minute. */
  refusal: 60_000,
  /** The pause after two failed token requests, 15 s for each. */
  failedGrant: 30_000,
  /**
   * A closed rate-limit group. A longer wait is a mistake, and would lock the user out until an operator edits the
   * table.
   */
  closedGroup: 24 * 3_600_000,
  /** The sending of a fax: a Lambda of 60 s, and its end. */
  faxSending: 62_000,
  /** The longest wait of a fax with a known end. */
  faxWait: 3_600_000,
} as const;

/** Kinds of leases and marks. */
export type MarkKind = keyof typeof markLifeMs;

/** In milliseconds. The clocks of two containers differ by less than this. */
export const clockToleranceMs = 5000;

/** Returns the latest end (epoch milliseconds) that is accepted now. */
export function latestEndMs(kind: MarkKind, nowMs: number): number {
  return nowMs + markLifeMs[kind] + clockToleranceMs;
}

/** Returns whether a lease or a mark that ends at `untilMs` (epoch milliseconds) is valid now. */
export function isInForce(kind: MarkKind, untilMs: number | undefined, nowMs: number): boolean {
  return untilMs !== undefined && nowMs < untilMs && untilMs <= latestEndMs(kind, nowMs);
}
