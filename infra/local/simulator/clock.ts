/** The simulator's source of time, in epoch milliseconds. */
export interface Clock {
  nowMs(): number;
}

/** A clock that can be moved ahead of its base clock, so that nobody has to wait for a call's end. */
export interface AdjustableClock extends Clock {
  advance(ms: number): void;
  reset(): void;
}

/** Starts with the time of `base`. */
export function adjustableClock(base: Clock): AdjustableClock {
  let aheadMs = 0;
  return {
    nowMs: () => base.nowMs() + aheadMs,
    advance(ms) {
      aheadMs += ms;
    },
    reset() {
      aheadMs = 0;
    },
  };
}
