import { describeError } from '../../lib/runtime/logger.ts';
import { runFaxes } from './faxes/run.ts';
import { realWorld } from './world/world.ts';

const stopping = new AbortController();
// The first Ctrl-C still revokes the token in use; a second one ends the program at once.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopping.abort());

try {
  process.exitCode = await runFaxes(process.argv.slice(2), realWorld(stopping.signal));
} catch (error) {
  // A bug in the program. The error's message might quote a secret.
  const { error: name, stack } = describeError(error);
  console.error(`The command itself failed: ${name}\n${stack.join('\n')}`);
  process.exitCode = 1;
}
