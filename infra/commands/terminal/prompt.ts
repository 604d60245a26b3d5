import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** How an answer is typed. */
export interface Asking {
  /** The answer is not shown, for passwords and JWTs. */
  readonly hidden?: boolean;
}

/** Questions to the person at the terminal, or to a program that pipes the answers in, one a line. */
export interface Prompt {
  /** Resolves with the answer without blanks around it; undefined when the input is over, or at Ctrl-C. */
  ask(question: string, asking?: Asking): Promise<string | undefined>;
  close(): void;
}

/** Opens the input; it has to be closed, because the process does not end while it is open. */
export function openPrompt(input: NodeJS.ReadableStream, output: NodeJS.WritableStream, isTerminal: boolean): Prompt {
  let isHidden = false;
  const echo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isHidden) output.write(chunk);
      done();
    },
  });
  // Without a history nobody finds a password with the arrow keys. A terminal in raw mode takes lines of any length.
  const lines = createInterface({ input, output: echo, terminal: isTerminal, historySize: 0 });
  const waiting: string[] = [];
  let isOver = false;
  let wake: (() => void) | undefined;
  lines.on('line', (line) => {
    waiting.push(line);
    wake?.();
  });
  lines.on('close', () => {
    isOver = true;
    wake?.();
  });
  lines.on('SIGINT', () => lines.close());

  return {
    async ask(question, { hidden = false } = {}) {
      output.write(question);
      // Written anew with what was typed when a letter is taken back.
      lines.setPrompt(hidden ? '' : question);
      isHidden = hidden;
      if (waiting.length === 0 && !isOver) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
      isHidden = false;
      // A terminal has shown the line end of an answer that it shows.
      if (hidden || !isTerminal) output.write('\n');
      return waiting.shift()?.trim();
    },
    close: () => lines.close(),
  };
}
