import type { Clock } from '../lib/domain/ports.ts';

/** Wall-clock time that a test can move on; a wait takes 20 ms at the most and leaves the clock alone. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

/** Starts at `startMs` since the epoch, by default at noon (UTC) of a day in November 2026. */
export function testClock(startMs = Date.UTC(2026, 10, 23, 12)): TestClock {
  let offsetMs = 0;
  const startedAt = performance.now();
  return {
    // Runs on with real time, so that time-outs towards real sockets mean the same on both sides.
    nowMs: () => Math.round(startMs + offsetMs + performance.now() - startedAt),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 20))),
    random: () => 0.5,
    advance(ms) {
      offsetMs += ms;
    },
  };
}
