import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functionRows, type FunctionName } from '../../infra/functions.ts';
import { bundleOf, place, renewTokens, startContainer } from './containers.ts';
import { ms, type Row } from './rows.ts';
import { extensions, faxEvent, ringoutEvent, type Services } from './services.ts';
import { differences, median, p95 } from './statistics.ts';

const functionNames = functionRows.map(({ name }) => name);

/** The report of a fresh process in milliseconds since its start, and its lifetime as measured from outside. */
interface ColdRun {
  readonly startedMs: number;
  readonly loadedMs: number;
  readonly answeredMs: number | undefined;
  readonly body: string | undefined;
  readonly livedMs: number;
}

const promisedLoadMs = 30;

/** Fresh processes of each bundle and an empty one in turn, so that load on the machine affects all alike. */
export function measureLoad(services: Services, rounds: number): readonly Row[] {
  const empty: ColdRun[] = [];
  const warm: ColdRun[] = [];
  const runs = new Map<FunctionName, ColdRun[]>(functionNames.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    empty.push(runCold(services));
    for (const name of functionNames) runs.get(name)?.push(runCold(services, bundleOf(name)));
    warm.push(runCold(services, bundleOf('list'), 'warm'));
  }
  const lived = (of: readonly ColdRun[]): readonly number[] => of.map(({ livedMs }) => livedMs);
  const section = 'cold start: loading in a fresh process, over an empty one';
  const emptyMs = lived(empty);
  return [
    { section, what: 'an empty Node process', figure: ms(median(emptyMs)), p95: ms(p95(emptyMs)) },
    ...functionNames.map((name): Row => {
      const over = differences(lived(runs.get(name) ?? []), emptyMs);
      return {
        section,
        what: name,
        figure: ms(median(over)),
        p95: ms(p95(over)),
        ratio: `${(median(over) / median(emptyMs)).toFixed(2)} of empty`,
        wanted: `<= ${promisedLoadMs} ms`,
        kept: median(over) <= promisedLoadMs,
      };
    }),
    {
      section,
      what: 'list, and warming up: secret asked for',
      figure: ms(median(differences(lived(warm), emptyMs))),
      p95: ms(p95(differences(lived(warm), emptyMs))),
    },
  ];
}

const answering = ['list', 'call', 'status', 'cancel', 'fax', 'ringout'] as const;

/** Time from process start to the first answer, less that of an empty process. RingCentral answers at once. */
export async function measureFirstAnswer(services: Services, rounds: number): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ringout-bridge-bench-'));
  const calls = startContainer('call', services);
  const user = extensions[0] ?? '';
  const eventFor = async (name: (typeof answering)[number]): Promise<string> => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(await firstEvent(name)));
    return file;
  };
  async function firstEvent(name: (typeof answering)[number]): Promise<Record<string, unknown>> {
    switch (name) {
      case 'fax':
        return faxEvent(20_000, user);
      case 'status':
      case 'cancel':
        return ringoutEvent(name, user, await place(calls, user));
      case 'ringout':
        return ringoutEvent('list', user);
      case 'list':
      case 'call':
        return ringoutEvent(name, user);
    }
  }

  const figures = new Map<string, number[]>();
  const add = (what: string, value: number): void => {
    figures.set(what, [...(figures.get(what) ?? []), value]);
  };
  try {
    for (let round = 0; round < rounds; round += 1) {
      const { startedMs } = runCold(services);
      for (const name of answering) {
        const file = await eventFor(name);
        await services.aws.ask(name === 'status' || name === 'cancel' ? { forgetUsers: true } : { empty: true });
        add(`${name}, no token stored yet`, answeredOver(startedMs, runCold(services, bundleOf(name), file), name));
        await renewTokens(services);
        const again = await eventFor(name);
        add(`${name}, token stored`, answeredOver(startedMs, runCold(services, bundleOf(name), again), name));
      }
    }
  } finally {
    calls.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return [...figures.entries()].map(([what, values]) => ({
    section: 'cold start: first answer after the start of the process, over an empty one',
    what,
    figure: ms(median(values)),
    p95: ms(p95(values)),
  }));
}

function answeredOver(emptyMs: number, { answeredMs, body }: ColdRun, name: string): number {
  if (answeredMs === undefined || !/^(?:OK|0)/.test(body ?? '')) throw new Error(`${name} was answered ${body}`);
  return answeredMs - emptyMs;
}

/** @param goal how far to go after loading: `warm`, or the file of an event to answer */
function runCold({ environment }: Services, bundle?: string, goal?: string): ColdRun {
  const args = [bundle, goal].filter((arg) => arg !== undefined);
  const from = performance.now();
  const { status, output, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'children/cold.cjs'), ...args],
    { env: { ...environment, PATH: process.env['PATH'] ?? '' }, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const livedMs = performance.now() - from;
  if (status !== 0) throw new Error(`${bundle ?? 'an empty process'} failed: ${String(stderr)}`);
  return { livedMs, ...(JSON.parse(String(output[3])) as Omit<ColdRun, 'livedMs'>) };
}
