import { readFile } from 'node:fs/promises';
import { createSend } from '../../lib/ringcentral/sdk.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { describeError } from '../../lib/runtime/logger.ts';
import { version } from '../../lib/runtime/runtime.ts';
import { runSecret } from './secret/run.ts';
import { isTakenByGit, writeSecretFile } from './secret/secret-file.ts';
import { openPrompt } from './terminal/prompt.ts';

const stopping = new AbortController();
// Ctrl-C during a request to RingCentral: the token is revoked before the program ends. The prompt handles Ctrl-C at a
// question.
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
  // A bug in the program. The error's message might quote a secret.
  console.error(describeError(error));
  process.exitCode = 1;
} finally {
  prompt.close();
}
