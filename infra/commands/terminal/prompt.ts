import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** How an answer is typed. */
export interface Asking {
  /** Hides the answer, for passwords and JWTs. */
  readonly hidden?: boolean;
}

/** Asks a person at the terminal, or reads one answer per line from a pipe. */
export interface Prompt {
  /** Resolves with the trimmed answer; undefined at the end of the input or at Ctrl-C. */
  ask(question: string, asking?: Asking): Promise<string | undefined>;
  close(): void;
}

/** Opens the input. The caller must close it, because an open input keeps the process alive. */
export function openPrompt(input: NodeJS.ReadableStream, output: NodeJS.WritableStream, isTerminal: boolean): Prompt {
  let isHidden = false;
  const echo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isHidden) output.write(chunk);
      done();
    },
  });
  // Without a history, the arrow keys cannot show a password. A terminal in raw mode accepts lines of any length.
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
      // readline prints the prompt again, with the text typed so far, after a backspace.
      lines.setPrompt(hidden ? '' : question);
      isHidden = hidden;
      if (waiting.length === 0 && !isOver) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
      isHidden = false;
      // For a visible answer, the terminal has already shown the line end.
      if (hidden || !isTerminal) output.write('\n');
      return waiting.shift()?.trim();
    },
    close: () => lines.close(),
  };
}
