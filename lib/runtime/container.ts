import type { Log } from '../domain/ports.ts';
import { createLogger } from './logger.ts';
import { createRuntime, type Runtime } from './runtime.ts';

/** What all invocations of one Lambda container share. */
export interface Container {
  /**
   * Put together on first use, so that a missing setting is an answer to a request and not a crash.
   * @throws LegacyFailure `configuration`
   */
  runtime(): Runtime;
  /** For what has to be logged before there is a runtime. */
  readonly log: Log;
}

/**
 * Opens the container at load time. What the first request would wait for starts now: the secret is on its way while
 * the rest loads, and Node's fetch, slow to load, is loaded meanwhile. A failure here is of no consequence, since the
 * request reads again.
 */
export function openContainer(env: Readonly<Record<string, string | undefined>>): Container {
  let created: Runtime | undefined;
  const container: Container = {
    runtime: () => (created ??= createRuntime(env, { write })),
    log: createLogger('info', write, () => Date.now()),
  };
  warmUp(container);
  return container;
}

function warmUp(container: Container): void {
  try {
    container
      .runtime()
      .secrets.directory()
      .catch(() => {});
  } catch {
    // Reported by the first request.
  }
  setImmediate(() => void globalThis.Request);
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
