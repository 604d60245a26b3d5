import { asObject } from '../domain/untrusted.ts';

/** The milliseconds Lambda's context says are left, or `defaultMs` for a context that does not say. */
export function remainingTimeMs(context: unknown, defaultMs: number): number {
  const lambda = asObject(context);
  const ask = lambda?.['getRemainingTimeInMillis'];
  const remaining: unknown = typeof ask === 'function' ? ask.call(lambda) : undefined;
  return typeof remaining === 'number' && Number.isFinite(remaining) ? remaining : defaultMs;
}
