import { ask, type Probe, type Probed } from '../legacy-endpoint/probe.ts';
import { createSendLegacy, type LegacyFields, type SendLegacy } from '../legacy-endpoint/request.ts';
import { skipped, type Check, type Section } from '../report/check.ts';
import { exitCode, renderJson, renderTable } from '../report/report.ts';
import type { Prompt } from '../terminal/prompt.ts';
import { explain } from '../command-line/command-line.ts';
import { help, readArguments, type SmokeOptions } from './arguments.ts';
import { sendTooLarge } from './too-large.ts';
import { callProbe, cancelProbe, faxProbe, harmlessProbes, listProbes, statusProbe } from './probes.ts';

/** The smoke test's external dependencies, which tests replace. */
export interface SmokeWorld {
  readonly environment: NodeJS.ProcessEnv;
  /** Asks at the terminal, or reads a line of standard input. Does not read standard input before that. */
  readonly ask: Prompt['ask'];
  readonly fetch: typeof fetch;
  /** Returns a number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  /** Prints the report on standard output. */
  readonly print: (text: string) => void;
  /** Prints progress on standard error. */
  readonly progress: (line: string) => void;
}

/** Runs `npm run smoke` with these arguments. Resolves with the exit code. */
export async function runSmoke(args: readonly string[], world: SmokeWorld): Promise<number> {
  const read = readArguments(args);
  if (read.kind !== 'run') {
    return explain(read, {
      command: 'smoke',
      help,
      print: (text) => world.print(text),
      complain: (text) => world.progress(text),
    });
  }
  const { options, json } = read;
  const password = options.username === undefined ? undefined : await readPassword(world);
  const sections = await examine(options, password, world);
  world.print(json ? renderJson(sections) : renderTable(sections));
  return exitCode(sections);
}

/** Returns the password from the environment or the prompt; undefined for a user without one. */
async function readPassword({ environment, ask: askFor }: SmokeWorld): Promise<string | undefined> {
  const given = environment['LEGACY_PASSWORD'] || (await askFor(passwordQuestion, { hidden: true }));
  return given === undefined || given === '' ? undefined : given;
}

const passwordQuestion = 'Password of the user, or the first line of standard input (not shown; empty: none): ';

/** Replaces the usual remedy when no password was sent, because most users have one. */
const withoutPassword =
  'No password was sent: put it into LEGACY_PASSWORD, or type it when asked. Right only where legacyPassword is null.';

/**
 * Sends all requests in sequence, as one program would. Stops after the first if its answer already explains the
 * failure.
 */
async function examine(
  options: SmokeOptions,
  password: string | undefined,
  { fetch, random, progress }: SmokeWorld,
): Promise<readonly Section[]> {
  const { baseUrl, username, call, faxNumber, tooLarge } = options;
  const send = createSendLegacy(baseUrl, fetch);
  const askOne = (probe: Probe): Promise<Probed> => {
    progress(`${probe.name} ...`);
    return ask(send, probe);
  };
  const askAll = async (probes: readonly Probe[]): Promise<readonly Check[]> => {
    const checks: Check[] = [];
    for (const probe of probes) checks.push((await askOne(probe)).check);
    return checks;
  };
  const credentials = credentialsOf(options, password);
  const [first, ...others] = harmlessProbes(random);
  const firstResult = await askOne(first);
  const title = `Without credentials: ${baseUrl}`;
  // There is no answer, or the allowlist refuses this computer. Every other request would fail in the same way.
  if (firstResult.answer === undefined || firstResult.answer.status === 403) {
    return [{ title, checks: [firstResult.check, skipped('all others', 'would end the same')] }];
  }
  const sections: Section[] = [
    { title, checks: [firstResult.check, ...(await askAll(others))] },
    {
      title: 'Numbers of the user',
      checks:
        username === undefined
          ? [skipped('list', 'no --username')]
          : (await askAll(listProbes(credentials))).map((check) =>
              check.outcome === 'failed' && password === undefined ? { ...check, remedy: withoutPassword } : check,
            ),
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
