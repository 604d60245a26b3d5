import type { PhoneRules } from '../domain/phone.ts';
import type { Clock, Log } from '../domain/ports.ts';
import { systemClock } from './clock.ts';
import { serviceNameIn } from './config.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { createRuntime, type Runtime } from './runtime.ts';

/** What all invocations of one Lambda container share. */
export interface Container {
  /**
   * Put together on first use, so that a missing setting is an answer to a request and not a crash. There are no metrics
   * then to count the failure by, so it is counted here, for the alarm.
   * @throws LegacyFailure `configuration`
   */
  runtime(): Runtime;
  /** For what has to be logged and timed before there is a runtime. */
  readonly log: Log;
  readonly clock: Clock;
}

/**
 * Opens the container. What the first request would wait for starts as soon as the function is loaded: the secret is
 * asked for. A failure here is of no consequence, since the request reads again.
 */
export function openContainer(env: Readonly<Record<string, string | undefined>>, phoneRules: PhoneRules): Container {
  let created: Runtime | undefined;
  const create = (): Runtime => (created ??= createRuntime(env, { write, phoneRules }));
  warmUp(create);
  return {
    runtime() {
      try {
        return create();
      } catch (error) {
        const metrics = createMetrics(serviceNameIn(env), write);
        metrics.failed('configuration');
        metrics.flush();
        throw error;
      }
    },
    log: createLogger('info', write, () => systemClock.nowMs()),
    clock: systemClock,
  };
}

/**
 * In a microtask, and neither later nor at once. Lambda's runtime goes on to fetch the first event in the microtask after
 * that (observed in its open source), which ends the init phase and with it the use of the whole processor: with 256 MB
 * a function has a seventh of one. And the function itself is exported first, so that a fault here cannot keep it from
 * being loaded.
 */
function warmUp(create: () => Runtime): void {
  queueMicrotask(() => askForSecret(create));
}

function askForSecret(create: () => Runtime): void {
  try {
    create()
      .secrets.directory()
      .catch(() => {});
  } catch {
    // Reported by the first request.
  }
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
