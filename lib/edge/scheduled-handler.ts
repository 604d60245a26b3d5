import { Deadline } from '../domain/deadline.ts';
import type { Container } from '../runtime/container.ts';
import { remainingTimeMs } from './remaining-time.ts';
import type { RenewAllParts } from '../token/renew-all.ts';

/** Part of Lambda's time reserved for the metrics and for throwing a failure, in milliseconds. */
const closingReserveMs = 2000;
const defaultRemainingMs = 60_000;

/**
 * Creates the handler of the scheduled job. Unlike the HTTP handlers it throws, because a swallowed failure of a
 * scheduled function would go unnoticed.
 */
export function scheduledHandler(
  name: string,
  container: Container,
  job: (parts: RenewAllParts) => Promise<void>,
): (event: unknown, context: unknown) => Promise<void> {
  return async (_event, context) => {
    const runtime = container.runtime();
    const { clock, metrics, secrets, tokens, users: store } = runtime;
    const whole = new Deadline(clock, remainingTimeMs(context, defaultRemainingMs) - closingReserveMs);
    const log = runtime.log.with({ function: name });
    const startedAtMs = clock.elapsedMs();
    try {
      const { users } = await secrets.directory();
      const deadlineFor = (ms: number): Deadline => new Deadline(clock, whole.budgetMs(ms));
      await job({ users, tokens, store, clock, metrics, log, deadlineFor });
      log.info('tokens are fresh', { users: users.length, durationMs: Math.round(clock.elapsedMs() - startedAtMs) });
    } finally {
      metrics.flush();
    }
  };
}
