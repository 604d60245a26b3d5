import type { Clock } from './ports.ts';

/** The moment by which a legacy request must be answered. Every wait and every upstream time-out is cut to fit it. */
export class Deadline {
  readonly endsAtMs: number;
  readonly #clock: Clock;

  constructor(clock: Clock, remainingMs: number) {
    this.#clock = clock;
    this.endsAtMs = clock.nowMs() + remainingMs;
  }

  remainingMs(): number {
    return Math.max(0, this.endsAtMs - this.#clock.nowMs());
  }

  /** `wantedMs`, or what is left when `reserveMs` is kept for the work that follows; whole and never negative. */
  budgetMs(wantedMs: number, reserveMs = 0): number {
    return Math.max(0, Math.floor(Math.min(wantedMs, this.remainingMs() - reserveMs)));
  }
}
