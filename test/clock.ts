import type { Clock } from '../lib/domain/ports.ts';

/** Wall-clock time that a test can advance. A wait takes at most 20 ms and does not advance the clock. */
export interface TestClock extends Clock {
  /** Timeouts that end within this time end at once. */
  advance(ms: number): void;
  /** Advances the clock without ending timeouts, as in a frozen container. */
  freeze(ms: number): void;
}

/** Starts at `startMs` since the epoch, by default at noon (UTC) of a day in November 2026. */
export function testClock(startMs = Date.UTC(2026, 10, 23, 12)): TestClock {
  let offsetMs = 0;
  const startedAt = performance.now();
  const elapsedMs = (): number => offsetMs + performance.now() - startedAt;
  /** The functions that end timeouts, with the time at which each is due. */
  const timeouts = new Map<() => void, number>();
  return {
    // Also advances with real time, so that timeouts of real sockets mean the same on both sides.
    nowMs: () => Math.round(startMs + elapsedMs()),
    elapsedMs,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 20))),
    signal(ms) {
      const controller = new AbortController();
      const end = (): void => {
        clearTimeout(timer);
        timeouts.delete(end);
        controller.abort(Object.assign(new Error('the time is over'), { name: 'TimeoutError' }));
      };
      const timer = setTimeout(end, ms).unref();
      timeouts.set(end, elapsedMs() + ms);
      return controller.signal;
    },
    random: () => 0.5,
    advance(ms) {
      offsetMs += ms;
      for (const [end, atMs] of timeouts) if (atMs <= elapsedMs()) end();
    },
    freeze(ms) {
      offsetMs += ms;
      for (const [end, atMs] of timeouts) timeouts.set(end, atMs + ms);
    },
  };
}
