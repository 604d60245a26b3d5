import type { FailureCode } from './failure.ts';
import type { Clock } from './ports.ts';

/**
 * The moment by which a legacy request must be answered, and the failure it is answered with then. Every wait and every
 * upstream time-out is cut to fit it.
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

  /** `wantedMs`, or what is left when `reserveMs` is kept for the work that follows; whole and never negative. */
  budgetMs(wantedMs: number, reserveMs = 0): number {
    return Math.max(0, Math.floor(Math.min(wantedMs, this.remainingMs() - reserveMs)));
  }

  /** Notes that a request goes out by which RingCentral places something; `uncertain` stands for it from now on. */
  placing(uncertain: FailureCode): void {
    this.#placing = uncertain;
  }

  /** Notes that RingCentral refused that request, so that nothing was placed. */
  notPlaced(): void {
    this.#placing = undefined;
  }

  /**
   * Ends the time for good because the answer leaves now: no time is left even if the clock is set back, so nothing is
   * sent any more. Returns the failure to answer with: `deadline`, or the uncertain one of a request that RingCentral
   * may have carried out.
   */
  end(): FailureCode {
    this.#endedWith ??= this.#placing ?? 'deadline';
    return this.#endedWith;
  }
}
