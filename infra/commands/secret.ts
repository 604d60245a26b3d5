import { readFile } from 'node:fs/promises';
import { createSend } from '../../lib/ringcentral/sdk.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { describeError } from '../../lib/runtime/logger.ts';
import { version } from '../../lib/runtime/runtime.ts';
import { runSecret } from './secret/run.ts';
import { isTakenByGit, writeSecretFile } from './secret/secret-file.ts';
import { openPrompt } from './terminal/prompt.ts';

const stopping = new AbortController();
// Ctrl-C while RingCentral is asked: the token is revoked before the end. At a question the prompt sees to it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopping.abort());

const prompt = openPrompt(process.stdin, process.stdout, process.stdin.isTTY);
try {
  process.exitCode = await runSecret(process.argv.slice(2), {
    prompt,
    ringCentral: { send: createSend(systemClock, version), clock: systemClock, signal: stopping.signal },
    isTakenByGit,
    readFile: (path) => readFile(path, 'utf8'),
    writeFile: writeSecretFile,
    print: (text) => console.log(text),
  });
} catch (error) {
  // A bug. Its message might quote a secret.
  console.error(describeError(error));
  process.exitCode = 1;
} finally {
  prompt.close();
}
