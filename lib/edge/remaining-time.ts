import { asObject } from '../domain/untrusted.ts';

/** Returns the remaining time from Lambda's context in milliseconds, or `defaultMs` when the context has none. */
export function remainingTimeMs(context: unknown, defaultMs: number): number {
  const lambda = asObject(context);
  const ask = lambda?.['getRemainingTimeInMillis'];
  const remaining: unknown = typeof ask === 'function' ? ask.call(lambda) : undefined;
  return typeof remaining === 'number' && Number.isFinite(remaining) ? remaining : defaultMs;
}
