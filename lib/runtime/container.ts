import type { PhoneRules } from '../domain/phone.ts';
import type { Clock, Log } from '../domain/ports.ts';
import { withinMs } from '../state/table.ts';
import { systemClock } from './clock.ts';
import { serviceNameIn } from './config.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import type { OpenOutbox } from './outbox.ts';
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

/** A container that is getting ready. */
export interface OpenedContainer extends Container {
  /**
   * Resolves when all is there that the first request would wait for, or when that takes too long; never rejects. Lambda's
   * runtime waits for it before it asks for the first event (infra/bundle.ts).
   */
  readonly ready: Promise<void>;
}

/** Longest wait for what a first request needs. Lambda allows ten seconds for its init phase. */
const maxInitMs = 2000;

/**
 * Opens the container, and what the first request would wait for: the secret, and connections to the table and to the first
 * user's RingCentral, of which most deployments have one. Lambda's init phase has a whole processor; with 512 MB a request has
 * a third of one. A failure here is of no consequence, since the request tries again.
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
  // The function itself is exported first, so that a fault here cannot keep it from being loaded.
  await Promise.resolve();
  try {
    const { secrets, users, prepareConnection, clock } = create();
    const connect = async (): Promise<void> => {
      const [first] = (await secrets.directory()).users;
      if (first === undefined) return;
      // With an item in its answer: what reads it is compiled then.
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
