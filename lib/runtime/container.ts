import type { PhoneRules } from '../domain/phone.ts';
import type { Clock, Log } from '../domain/ports.ts';
import { withinMs } from '../state/table.ts';
import { systemClock } from './clock.ts';
import { serviceNameIn } from './config.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import type { OpenOutbox } from './outbox.ts';
import { createRuntime, type Runtime } from './runtime.ts';

/** Shared by all invocations of one Lambda container. */
export interface Container {
  /**
   * Creates the runtime on first use, so that a missing setting fails a request and does not crash the container.
   * Without a runtime there are no metrics, so this method counts the failure itself, for the alarm.
   * @throws LegacyFailure `configuration`
   */
  runtime(): Runtime;
  /** For logging and timing before the runtime exists. */
  readonly log: Log;
  readonly clock: Clock;
}

/** A container that is initialising. */
export interface OpenedContainer extends Container {
  /**
   * Resolves when the secret is read and the connections are open, or after a time limit; never rejects. Lambda's
   * runtime waits for it before it requests the first event (infra/bundle.ts).
   */
  readonly ready: Promise<void>;
}

/** Longest wait during initialisation, in milliseconds. Lambda's init phase is limited to ten seconds. */
const maxInitMs = 2000;

/**
 * Opens the container, and does ahead what the first request would wait for. It reads the secret, and connects to the
 * table and to the first user's RingCentral server; most deployments have only one. Lambda's init phase has a whole
 * CPU, a request only a part of one by its memory. A failure has no effect, because the request tries again.
 */
export function openContainer(
  env: Readonly<Record<string, string | undefined>>,
  phoneRules: PhoneRules,
  openOutbox?: OpenOutbox,
): OpenedContainer {
  let created: Runtime | undefined;
  const create = (): Runtime => (created ??= createRuntime(env, { write, phoneRules, openOutbox }));
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
    ready: prepare(create),
  };
}

async function prepare(create: () => Runtime): Promise<void> {
  // In a microtask: later, the init phase with its full CPU is over; at once, an exception would keep the function from
  // loading.
  await Promise.resolve();
  try {
    const { secrets, users, prepareConnection, clock } = create();
    const connect = async (): Promise<void> => {
      const [first] = (await secrets.directory()).users;
      if (first === undefined) return;
      // Read a row that exists, so that the code that parses an item is compiled now.
      await Promise.all([users.connect(first.key, maxInitMs), prepareConnection(first.serverUrl, 'placing')]);
    };
    await withinMs(clock, maxInitMs, connect());
  } catch {
    // Reported by the first request.
  }
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
