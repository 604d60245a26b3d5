import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../domain/ports.ts';

/** The system's clock, timers and random numbers. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  sleep: async (ms) => {
    await sleep(ms);
  },
  signal: (ms) => AbortSignal.timeout(Math.max(0, Math.floor(ms))),
  random: () => Math.random(),
};
