import { createInterface } from 'node:readline';
import { describeError } from '../../lib/runtime/logger.ts';
import { runSmoke } from './smoke/run.ts';

try {
  process.exitCode = await runSmoke(process.argv.slice(2), {
    environment: process.env,
    inputLines: () => (process.stdin.isTTY ? undefined : createInterface({ input: process.stdin })),
    fetch,
    random: Math.random,
    print: (text) => console.log(text),
    progress: (line) => console.error(line),
  });
} catch (error) {
  // A bug. Its message might quote a password.
  console.error(describeError(error));
  process.exitCode = 1;
}
