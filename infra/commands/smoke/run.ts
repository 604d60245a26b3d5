import { ask, type Probe } from '../legacy-endpoint/probe.ts';
import { createSendLegacy, type LegacyFields, type SendLegacy } from '../legacy-endpoint/request.ts';
import { skipped, type Check, type Section } from '../report/check.ts';
import { exitCode, renderJson, renderTable } from '../report/report.ts';
import { help, readArguments, type SmokeOptions } from './arguments.ts';
import { sendTooLarge } from './too-large.ts';
import { callProbe, cancelProbe, faxProbe, harmlessProbes, listProbes, statusProbe } from './probes.ts';

/** Everything outside of the smoke test. Tests put their own in place of it. */
export interface World {
  readonly environment: NodeJS.ProcessEnv;
  /** The lines of standard input, which is not touched before this is called; undefined where it is a terminal. */
  readonly inputLines: () => AsyncIterable<string> | undefined;
  readonly fetch: typeof fetch;
  /** From 0 up to, and not, 1. */
  readonly random: () => number;
  /** The report, on standard output. */
  readonly print: (text: string) => void;
  /** What is being done, on standard error. */
  readonly progress: (line: string) => void;
}

/** `npm run smoke` with these arguments; resolves with the exit code. */
export async function runSmoke(args: readonly string[], world: World): Promise<number> {
  const read = readArguments(args);
  if (read.kind === 'help') {
    world.print(help);
    return 0;
  }
  if (read.kind === 'mistake') {
    world.progress(`${read.text}\nnpm run smoke -- --help says more.`);
    return 2;
  }
  const { options, json } = read;
  const password = options.username === undefined ? undefined : await readPassword(world);
  const sections = await examine(options, password, world);
  world.print(json ? renderJson(sections) : renderTable(sections));
  return exitCode(sections);
}

/** From the environment, else the first line of standard input; undefined for a user without one. */
async function readPassword({ environment, inputLines, progress }: World): Promise<string | undefined> {
  const given = environment['LEGACY_PASSWORD'];
  if (given !== undefined && given !== '') return given;
  const lines = inputLines();
  if (lines === undefined) return undefined;
  progress('reading the password from standard input ...');
  for await (const line of lines) return line === '' ? undefined : line;
  return undefined;
}

/** Sends all requests one after the other, as one program would. */
async function examine(
  options: SmokeOptions,
  password: string | undefined,
  { fetch, random, progress }: World,
): Promise<readonly Section[]> {
  const { baseUrl, username, call, faxNumber, tooLarge } = options;
  const send = createSendLegacy(baseUrl, fetch);
  const askAll = async (probes: readonly Probe[]): Promise<readonly Check[]> => {
    const checks: Check[] = [];
    for (const probe of probes) {
      progress(`${probe.name} ...`);
      checks.push((await ask(send, probe)).check);
    }
    return checks;
  };
  const credentials = credentialsOf(options, password);
  const sections: Section[] = [
    { title: `Without credentials: ${baseUrl}`, checks: await askAll(harmlessProbes(random)) },
    {
      title: 'Numbers of the user',
      checks: username === undefined ? [skipped('list', 'no --username')] : await askAll(listProbes(credentials)),
    },
  ];
  if (tooLarge) {
    progress('POST of 5 MB ...');
    sections.push({ title: 'A request that is too large', checks: [await sendTooLarge(send)] });
  }
  if (call !== undefined) {
    progress('call, status, cancel ...');
    sections.push({ title: 'A call', checks: await placeCall(callProbe(call, credentials), send) });
  }
  if (faxNumber !== undefined) {
    sections.push({ title: 'A fax', checks: await askAll([faxProbe(faxNumber, credentials)]) });
  }
  return sections;
}

async function placeCall(order: Probe, send: SendLegacy): Promise<readonly Check[]> {
  const call = await ask(send, order);
  const sid = /^OK (\d+) /.exec(call.answer?.body ?? '')?.[1];
  if (sid === undefined) return [call.check, skipped('status', 'no call'), skipped('cancel', 'no call')];
  const status = await ask(send, statusProbe(sid));
  const cancel = await ask(send, cancelProbe(sid));
  return [call.check, status.check, cancel.check];
}

function credentialsOf({ username, extension }: SmokeOptions, password: string | undefined): LegacyFields {
  return [
    ...(username === undefined ? [] : [['Username', username] as const]),
    ...(extension === undefined ? [] : [['Ext', extension] as const]),
    ...(password === undefined ? [] : [['Password', password] as const]),
  ];
}
