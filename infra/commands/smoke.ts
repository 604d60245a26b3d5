import { describeError } from '../../lib/runtime/logger.ts';
import { runSmoke } from './smoke/run.ts';
import { openPrompt } from './terminal/prompt.ts';

try {
  process.exitCode = await runSmoke(process.argv.slice(2), {
    environment: process.env,
    // On standard error, so that the output of --json can be redirected to a file.
    async ask(question, asking) {
      const prompt = openPrompt(process.stdin, process.stderr, process.stdin.isTTY);
      const answer = await prompt.ask(question, asking);
      prompt.close();
      // Ctrl-C at the question. Without a terminal, the end of standard input means a user without a password.
      if (answer === undefined && process.stdin.isTTY) process.exit(130);
      return answer;
    },
    fetch,
    random: Math.random,
    print: (text) => console.log(text),
    progress: (line) => console.error(line),
  });
} catch (error) {
  // A bug in the program. The error's message might quote a password.
  console.error(describeError(error));
  process.exitCode = 1;
}
