import { parseArgs } from 'node:util';

/** The file to write, and whether to test the JWTs with RingCentral. */
export interface SecretOptions {
  readonly file: string;
  /** false: do not test the JWTs. */
  readonly network: boolean;
}

/** The parsed command line: a request for help, a mistake as a sentence, or the options. */
export type SecretArguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly text: string }
  | { readonly kind: 'run'; readonly options: SecretOptions };

export const help = `npm run secret: asks for what a secret document needs, tries each JWT, and writes the document

  npm run secret                           writes secret.json, or adds users to it
  npm run secret -- --file secret-2.json   another file; git must ignore it, as it does secret*.json

  --no-network   do not try the JWTs
  --help         this text

A user who stands in the document already is replaced. Nothing is written before the end. Only you may read the file
(mode 0600; on Windows it has the permissions of its folder).

Exit code: 0 written, 1 not written, 2 these arguments make no sense.`;

/** Parses the command line. Never throws. */
export function readArguments(args: readonly string[]): SecretArguments {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        file: { type: 'string', default: 'secret.json' },
        'no-network': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch {
    // The library's message would repeat the argument, which may be a pasted secret.
    return { kind: 'mistake', text: 'There is an option that does not exist, or one without its value.' };
  }
  if (values.help === true) return { kind: 'help' };
  if (values.file === '') return { kind: 'mistake', text: '--file is the path of the document.' };
  return { kind: 'run', options: { file: values.file, network: values['no-network'] !== true } };
}
