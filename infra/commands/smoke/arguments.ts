import { parseArgs } from 'node:util';
import { mistake, unknownOption, type CommandLine } from '../command-line/command-line.ts';
import { readBaseUrl } from '../legacy-endpoint/base-url.ts';

/** The options of the smoke test. The password is not among them, because it is never an argument. */
export interface SmokeOptions {
  /** Has no trailing slash. */
  readonly baseUrl: string;
  readonly username: string | undefined;
  readonly extension: string | undefined;
  /** Numbers in the form in which they are sent; undefined: place no call. */
  readonly call: { readonly to: string; readonly from: string } | undefined;
  /** The number in the form in which it is sent; undefined: send no fax. */
  readonly faxNumber: string | undefined;
  /** Also sends a request that is too large for Lambda. */
  readonly tooLarge: boolean;
}

/**
 * The parsed command line: a request for help, a mistake as a sentence, or the options. The sentence quotes no
 * argument.
 */
export type SmokeArguments = CommandLine<{ readonly options: SmokeOptions; readonly json: boolean }>;

export const help = `npm run smoke: sends an endpoint what legacy programs send, and compares the answers to the byte

  npm run smoke -- https://telephony.example.com
  npm run smoke -- https://telephony.example.com --username 18889363711 --ext 101

  --username N     main number; without it list is left out
  --ext N          extension; leave it out for the main line
  --call TO FROM   also place a call, ask for its status and cancel it: the phone at FROM RINGS
  --fax NUMBER     also send a FAX of one page
  --too-large      also send 5 MB, to see what AWS answers; no fax can come of it
  --json           print JSON (with npm run --silent smoke -- …, so that nothing else is printed)
  --help           this text

The password is asked for, or comes from LEGACY_PASSWORD, or is the first line of standard input where that is no
terminal; it is never an argument, because other users of a computer see those.

Exit code: 0 every answer is right, 1 one is not (✗), 2 these arguments make no sense.`;

/** Parses the command line. Never throws. */
export function readArguments(args: readonly string[]): SmokeArguments {
  if (args.some((arg) => /^--?pass/i.test(arg))) {
    return mistake('The password is never an argument: put it into LEGACY_PASSWORD or standard input.');
  }
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        username: { type: 'string' },
        ext: { type: 'string' },
        call: { type: 'string' },
        fax: { type: 'string' },
        'too-large': { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch {
    return unknownOption;
  }
  const { values, positionals } = parsed;
  if (values.help === true) return { kind: 'help' };
  const urls = positionals.filter((text) => /^https?:/i.test(text));
  const others = positionals.filter((text) => !urls.includes(text));
  const baseUrl = readBaseUrl(urls[0] ?? '');
  if (urls.length !== 1 || baseUrl === undefined) {
    return mistake('Give one address, such as https://telephony.example.com (http:// for this computer only).');
  }
  const [from] = others;
  if (values.call === undefined ? others.length > 0 : others.length !== 1) {
    return mistake('--call takes two numbers, TO and FROM; nothing else stands beside the address.');
  }
  return {
    kind: 'run',
    options: {
      baseUrl,
      username: values.username,
      extension: values.ext,
      call: values.call === undefined || from === undefined ? undefined : { to: values.call, from },
      faxNumber: values.fax,
      tooLarge: values['too-large'] === true,
    },
    json: values.json === true,
  };
}
