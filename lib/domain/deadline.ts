import type { FailureCode } from './failure.ts';
import type { Clock } from './ports.ts';

/**
 * The moment by which a legacy request must be answered, and the failure to answer with when it has passed. Every wait
 * and every upstream timeout is cut to the remaining time.
 */
export class Deadline {
  readonly endsAtMs: number;
  readonly #clock: Clock;
  #placing: FailureCode | undefined;
  #endedWith: FailureCode | undefined;

  constructor(clock: Clock, remainingMs: number) {
    this.#clock = clock;
    this.endsAtMs = clock.nowMs() + remainingMs;
  }

  remainingMs(): number {
    if (this.#endedWith !== undefined) return 0;
    return Math.max(0, this.endsAtMs - this.#clock.nowMs());
  }

  /**
   * Returns `wantedMs`, or the remaining time minus `reserveMs` if that is less. `reserveMs` is kept for the work that
   * follows. The result is a whole number and never negative.
   */
  budgetMs(wantedMs: number, reserveMs = 0): number {
    return Math.max(0, Math.floor(Math.min(wantedMs, this.remainingMs() - reserveMs)));
  }

  /** Records that a request that places a call or fax is about to be sent. From now on, `end` returns `uncertain`. */
  placing(uncertain: FailureCode): void {
    this.#placing = uncertain;
  }

  /** Records that RingCentral refused that request, so nothing was placed. */
  notPlaced(): void {
    this.#placing = undefined;
  }

  /**
   * Ends the deadline because the answer leaves now. No time is left after that, even if the clock is set back, so no
   * further request is sent. Returns the failure to answer with: `deadline`, or the uncertain code when RingCentral may
   * have placed the call or fax.
   */
  end(): FailureCode {
    this.#endedWith ??= this.#placing ?? 'deadline';
    return this.#endedWith;
  }
}
