import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { describeError } from '../../lib/runtime/logger.ts';
import { isList } from './legacy-endpoint/answer.ts';
import { readBaseUrl } from './legacy-endpoint/base-url.ts';
import {
  aboutSession,
  ask,
  emptyFaxProbe,
  impossibleSessionId,
  ringoutProbe,
  unknownSessionId,
  type Probe,
} from './legacy-endpoint/probe.ts';
import { createSendLegacy, type LegacyFields, type SendLegacy, type Sending } from './legacy-endpoint/request.ts';
import { skipped, type Check, type Section } from './report/check.ts';
import { exitCode, renderJson, renderTable } from './report/report.ts';

const help = `npm run smoke: sends an endpoint what legacy programs send, and compares the answers to the byte

  npm run smoke -- https://telephony.example.com
  LEGACY_PASSWORD=… npm run smoke -- https://telephony.example.com --username 18889363711 --ext 101
  npm run smoke -- http://localhost:3000 --username 18889363711 --ext 101 < password.txt

  --username N     main number; without it list is left out
  --ext N          extension; leave it out for the main line
  --call TO FROM   also place a call, ask for its status and cancel it: the phone at FROM RINGS
  --fax NUMBER     also send a FAX of one page
  --json           print JSON (with npm run --silent smoke -- …, so that nothing else is printed)
  --help           this text

The password comes from LEGACY_PASSWORD, or is the first line of standard input where that is no terminal; it is
never an argument, because other users of a computer see those.

Exit code: 0 every answer is right, 1 one is not (✗), 2 these arguments make no sense.`;

/** What is asked of the endpoint. */
export interface SmokeOptions {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly username: string | undefined;
  readonly extension: string | undefined;
  readonly password: string | undefined;
  readonly call: { readonly to: string; readonly from: string } | undefined;
  readonly faxNumber: string | undefined;
}

const sendings: readonly (readonly [Sending, string])[] = [
  ['query', 'GET'],
  ['form', 'POST form'],
  ['multipart', 'POST multipart'],
];

/** Sends all requests one after the other, as one program would. */
export async function smoke(
  options: SmokeOptions,
  send: SendLegacy,
  random: () => number,
  progress: (line: string) => void,
): Promise<readonly Section[]> {
  const askAll = async (probes: readonly Probe[]): Promise<readonly Check[]> => {
    const checks: Check[] = [];
    for (const probe of probes) {
      progress(`${probe.name} ...`);
      checks.push((await ask(send, probe)).check);
    }
    return checks;
  };
  const { baseUrl, username, call, faxNumber } = options;
  const credentials = credentialsOf(options);
  const sections: Section[] = [
    { title: `Without credentials: ${baseUrl}`, checks: await askAll(harmlessProbes(random)) },
    {
      title: 'Numbers of the user',
      checks: username === undefined ? [skipped('list', 'no --username')] : await askAll(listProbes(credentials)),
    },
  ];
  if (call !== undefined) {
    progress('call, status, cancel ...');
    sections.push({ title: 'A call', checks: await placeCall(call, credentials, send) });
  }
  if (faxNumber !== undefined) {
    sections.push({ title: 'A fax', checks: await askAll([faxProbe(faxNumber, credentials)]) });
  }
  return sections;
}

/** Requests without effect. */
function harmlessProbes(random: () => number): readonly Probe[] {
  const sid = unknownSessionId(random);
  const status = aboutSession('STATUS', impossibleSessionId);
  const over = `OK ${impossibleSessionId} `;
  return [
    ringoutProbe('status, unknown session', aboutSession('status', sid), `OK ${sid} `),
    ...sendings.map(([sending, how]) => ringoutProbe(`status, ${how}`, status, over, { sending })),
    ringoutProbe('/RingOut.Asp', status, over, { path: '/RingOut.Asp' }),
    ringoutProbe('/ringout.asp/', status, over, { path: '/ringout.asp/' }),
    ringoutProbe('cancel', aboutSession('cancel', impossibleSessionId), `OK ${impossibleSessionId}`),
    ringoutProbe('no command', [], isFailure),
    ringoutProbe('unknown user', [['cmd', 'list'], ...noUser], 'FAILED Invalid User or Password'),
    ...['/faxapi.asp', '/FaxApi.asp', '/faxout.asp'].map((path) => emptyFaxProbe(`GET ${path}`, path)),
  ];
}

/** Nobody's main number: no area code begins with 0. */
const noUser: LegacyFields = [
  ['Username', '10005550100'],
  ['Ext', '999999'],
  ['Password', 'none'],
];

function listProbes(credentials: LegacyFields): readonly Probe[] {
  return sendings.map(([sending, how]) =>
    ringoutProbe(`list, ${how}`, [['cmd', 'list'], ...credentials], isList, { sending }),
  );
}

async function placeCall(
  { to, from }: NonNullable<SmokeOptions['call']>,
  credentials: LegacyFields,
  send: SendLegacy,
): Promise<readonly Check[]> {
  const order: LegacyFields = [['cmd', 'call'], ...credentials, ['To', to], ['From', from], ['Prompt', '1']];
  const call = await ask(
    send,
    ringoutProbe('call', order, (body) => /^OK [1-9]\d{8} 3$/.test(body), { sending: 'form' }),
  );
  const sid = /^OK (\d+) /.exec(call.answer?.body ?? '')?.[1];
  if (sid === undefined) return [call.check, skipped('status', 'no call'), skipped('cancel', 'no call')];
  const groups = new RegExp(`^OK ${sid} [0-8];\\+\\d+;[0-8];\\+\\d+;[0-8]$`);
  const status = await ask(
    send,
    ringoutProbe('status', aboutSession('status', sid), (body) => groups.test(body)),
  );
  const cancel = await ask(send, ringoutProbe('cancel', aboutSession('cancel', sid), `OK ${sid}`));
  return [call.check, status.check, cancel.check];
}

function faxProbe(number: string, credentials: LegacyFields): Probe {
  const page = new File(['This is a test page.\n'], 'test.txt', { type: 'text/plain' });
  return {
    name: 'fax',
    request: {
      path: '/faxapi.asp',
      sending: 'multipart',
      fields: [...credentials, ['Recipient', number], ['Coverpage', 'None'], ['Attachment', page]],
    },
    wanted: '0',
  };
}

/** `FAILED` and a sentence in which a program that searches for OK finds none. */
function isFailure(body: string): boolean {
  return /^FAILED \S/.test(body) && !/ok/i.test(body);
}

function credentialsOf({ username, extension, password }: SmokeOptions): LegacyFields {
  return [
    ...(username === undefined ? [] : [['Username', username] as const]),
    ...(extension === undefined ? [] : [['Ext', extension] as const]),
    ...(password === undefined ? [] : [['Password', password] as const]),
  ];
}

export type SmokeArguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly text: string }
  | { readonly kind: 'run'; readonly options: Omit<SmokeOptions, 'password'>; readonly json: boolean };

/** Reads the command line; what makes no sense is said in a sentence that repeats none of it. */
export function readSmokeArguments(args: readonly string[]): SmokeArguments {
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
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch {
    return mistake('There is an option that does not exist, or one without its value.');
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
    },
    json: values.json === true,
  };
}

const mistake = (text: string): SmokeArguments => ({ kind: 'mistake', text });

/** From the environment, else the first line of standard input; undefined for a user without one. */
async function readPassword(): Promise<string | undefined> {
  const given = process.env['LEGACY_PASSWORD'];
  if (given !== undefined && given !== '') return given;
  if (process.stdin.isTTY) return undefined;
  console.error('reading the password from standard input ...');
  for await (const line of createInterface({ input: process.stdin })) return line === '' ? undefined : line;
  return undefined;
}

async function main(args: readonly string[]): Promise<number> {
  const read = readSmokeArguments(args);
  if (read.kind === 'help') {
    console.log(help);
    return 0;
  }
  if (read.kind === 'mistake') {
    console.error(`${read.text}\nnpm run smoke -- --help says more.`);
    return 2;
  }
  const needsPassword = read.options.username !== undefined;
  const options = { ...read.options, password: needsPassword ? await readPassword() : undefined };
  const sections = await smoke(options, createSendLegacy(options.baseUrl), Math.random, (line) => console.error(line));
  console.log(read.json ? renderJson(sections) : renderTable(sections));
  return exitCode(sections);
}

// Not when a test imports this file.
if (process.argv[1] === join(import.meta.dirname, 'smoke.ts')) {
  main(process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      // A bug. Its message might quote a password.
      console.error(describeError(error));
      process.exitCode = 1;
    },
  );
}
