import { parseArgs } from 'node:util';
import { mistake, unknownOption, type CommandLine } from '../command-line/command-line.ts';

/** The file to write, and whether to test the JWTs with RingCentral. */
export interface SecretOptions {
  readonly file: string;
  /** false: do not test the JWTs. */
  readonly network: boolean;
}

export type SecretArguments = CommandLine<{ readonly options: SecretOptions }>;

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
    return unknownOption;
  }
  if (values.help === true) return { kind: 'help' };
  if (values.file === '') return mistake('--file is the path of the document.');
  return { kind: 'run', options: { file: values.file, network: values['no-network'] !== true } };
}
