/** A command with everything it prints. */
export interface Step {
  readonly command: string;
  readonly output: string;
}

/**
 * Parses a `console` block. A command begins with `$ ` and continues while its lines end in a backslash. The lines up
 * to the next command are its output.
 */
export function parseTranscript(text: string): readonly Step[] {
  const steps: { command: string; output: string }[] = [];
  let goesOn = false;
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const last = steps.at(-1);
    if (goesOn && last !== undefined) last.command += `\n${line}`;
    else if (line.startsWith('$ ')) steps.push({ command: line.slice(2), output: '' });
    else if (last !== undefined) last.output += `${line}\n`;
    goesOn = steps.at(-1)?.output === '' && line.endsWith('\\');
  }
  return steps.map(({ command, output }) => ({ command, output: output.replace(/\n$/, '') }));
}

/** The session ids of a page, and those of this run that replace them. */
export interface SessionIds {
  /** Returns a command of the page with the ids of this run. */
  inCommand(command: string): string;
  /**
   * Compares an output with the page's, in which a nine-digit number is a session id and `…` is any text. Stores the
   * ids that are new on the page. Returns `written` if it matches, else `printed`.
   */
  compare(written: string, printed: string): string;
}

const sessionId = /(?<!\d)\d{9}(?!\d)/;

export function createSessionIds(): SessionIds {
  const known = new Map<string, string>();
  return {
    inCommand: (command) => command.replaceAll(new RegExp(sessionId, 'g'), (id) => known.get(id) ?? id),
    compare(written, printed) {
      const learned: string[] = [];
      const pattern = written
        .split(new RegExp(`(${sessionId.source}|…)`))
        .map((piece) => {
          if (piece === '…') return '[^]*?';
          if (!sessionId.test(piece)) return piece.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
          const here = known.get(piece);
          if (here !== undefined) return here;
          const number = learned.indexOf(piece);
          if (number >= 0) return `\\${number + 1}`;
          learned.push(piece);
          return `(${sessionId.source})`;
        })
        .join('');
      const match = new RegExp(`^${pattern}$`).exec(printed);
      if (match === null) return printed;
      for (const [index, id] of learned.entries()) known.set(id, match[index + 1] ?? '');
      return written;
    },
  };
}
