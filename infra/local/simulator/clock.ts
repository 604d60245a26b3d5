/** Where the simulator reads the time, in epoch milliseconds. */
export interface Clock {
  nowMs(): number;
}

/** A clock that can be moved ahead of the one it is made from, so that a call can be played through in an instant. */
export interface AdjustableClock extends Clock {
  advance(ms: number): void;
  reset(): void;
}

/** Starts in step with `base`. */
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
