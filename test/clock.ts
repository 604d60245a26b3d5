import type { Clock } from '../lib/domain/ports.ts';

/** Wall-clock time that a test can move on; a wait takes 20 ms at the most and leaves the clock alone. */
export interface TestClock extends Clock {
  /** Time-outs that are over by then end at once. */
  advance(ms: number): void;
  /** Lets time pass in which no time-out ends, as in a container that is frozen. */
  freeze(ms: number): void;
}

/** Starts at `startMs` since the epoch, by default at noon (UTC) of a day in November 2026. */
export function testClock(startMs = Date.UTC(2026, 10, 23, 12)): TestClock {
  let offsetMs = 0;
  const startedAt = performance.now();
  const elapsedMs = (): number => offsetMs + performance.now() - startedAt;
  /** What ends a time-out, by when it is over. */
  const timeouts = new Map<() => void, number>();
  return {
    // Runs on with real time, so that time-outs towards real sockets mean the same on both sides.
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
