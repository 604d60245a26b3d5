/** A parsed command line: a request for help, a mistake as a sentence, or what to run. */
export type CommandLine<Run> = { readonly kind: 'help' } | Mistake | ({ readonly kind: 'run' } & Run);

export interface Mistake {
  readonly kind: 'mistake';
  readonly text: string;
}

export const mistake = (text: string): Mistake => ({ kind: 'mistake', text });

/** Replaces the message of `parseArgs`, which would repeat the argument. The argument may be a pasted secret. */
export const unknownOption: Mistake = mistake(
  'There is an option that does not exist, one without its value, or a word too many.',
);

/** A command's help text and output functions. */
export interface Explanation {
  /** The name of the npm script. */
  readonly command: string;
  readonly help: string;
  readonly print: (text: string) => void;
  /** Prints a mistake. */
  readonly complain: (text: string) => void;
}

/** Answers a command line that runs nothing. Returns the exit code. */
export function explain(
  read: { readonly kind: 'help' } | Mistake,
  { command, help, print, complain }: Explanation,
): number {
  if (read.kind === 'help') {
    print(help);
    return 0;
  }
  complain(`${read.text}\nnpm run ${command} -- --help says more.`);
  return 2;
}
