import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { codeBlocks } from './docs/documents.ts';
import { npmStart, type NpmStart, type ReadyStack } from './infra/local/npm-start.ts';
import { family, hasProc, survivors } from './infra/local/processes.ts';
import { createSessionIds, parseTranscript, type Step } from './readme/transcript.ts';

/*
 * Runs the README and the tour on the simulator's page: `npm start`, then every transcript (`console`) from top to
 * bottom. Each output is compared whole, except for session ids and for `…`, which stands for any text. `sleep`
 * advances the simulator's clock instead of waiting. Commands in `sh` blocks are not run here. The first line of such a
 * block says so, or its commands are run by .ci/run or this test: `npm ci`, `npm test` and `npm start`.
 */

const blocks = ['README.md', 'docs/dev/simulator.md'].flatMap((page) =>
  codeBlocks(readFileSync(page, 'utf8')).map((block) => ({ ...block, page })),
);
const of = (language: string) => blocks.filter((block) => block.language === language);
const isStart = (step: Step): boolean => step.command === 'npm start';
const transcripts = of('console').map(({ page, text, line }) => ({
  where: `${page}:${line}`,
  steps: parseTranscript(text),
}));
const hasCurl = spawnSync('curl', ['--version']).status === 0;

let started: NpmStart;
let running: ReadyStack;
beforeAll(async () => {
  started = npmStart();
  running = await started.ready();
}, 200_000);
afterAll(() => started?.kill());

test('every block has the language console, sh or text', () => {
  expect(blocks.filter(({ language }) => !['console', 'sh', 'text'].includes(language))).toEqual([]);
});

test('npm start prints the output on the page', () => {
  const step = transcripts.flatMap(({ steps }) => steps).find(isStart);
  const printed = trimmed(running.output).replaceAll(running.baseUrl, 'http://localhost:3000');
  expect(createSessionIds().compare(step?.output ?? '(not on the page)', printed)).toBe(step?.output);
});

const carriedOut = transcripts.filter(({ steps }) => !steps.some(isStart));
for (const { where, steps } of carriedOut) {
  const name = `${where}: ${steps[0]?.command.split('\n')[0]}`;
  const testIfCurl = hasCurl ? test : test.skip;
  testIfCurl(
    hasCurl ? name : `${name} (curl is missing here)`,
    async () => {
      const startedAtMs = performance.now();
      let seen = await carryOut(steps);
      // The simulated phones ring for four seconds of real time. A computer that was slower than that gets a second
      // try.
      if (!isAsWritten(seen, steps) && performance.now() - startedAtMs > 3000) seen = await carryOut(steps);
      expect(seen).toEqual(steps);
    },
    60_000,
  );
}

for (const { page, line, text } of of('sh')) {
  const [firstLine = ''] = text.split('\n');
  const testUnlessMarked = /^# .*not executed by the tests$/.test(firstLine) ? test.skip : test;
  testUnlessMarked(`${page}:${line}: ${firstLine}`, () => {
    const elsewhere = ['npm ci', 'npm test', 'npm start'];
    const all = text.trim().split('\n').flatMap(commands);
    expect(all.filter((command) => !elsewhere.includes(command))).toEqual([]);
  });
}

test('.ci/run runs npm ci and npm test', () => {
  const script = readFileSync('.ci/run', 'utf8');
  expect(['npm ci', 'npm test'].filter((command) => !script.includes(command))).toEqual([]);
});

test('Ctrl-C ends every process of npm start within three seconds', async () => {
  const everyone = family(started.pid);
  // npm, its shell and the stack, where they can be followed.
  expect(everyone.length).toBeGreaterThanOrEqual(hasProc ? 3 : 0);
  expect(await survivors(everyone, () => started.interrupt())).toEqual([]);
  await started.ended();
  expect([await isListening(running.baseUrl), await isListening(running.simulatorUrl)]).toEqual([false, false]);
});

/** Runs the steps. Returns them with the output of the page where it matches, else with the printed output. */
async function carryOut(steps: readonly Step[]): Promise<readonly Step[]> {
  const sessionIds = createSessionIds();
  const seen: Step[] = [];
  for (const { command, output } of steps) {
    const printed = await run(sessionIds.inCommand(command));
    seen.push({ command, output: sessionIds.compare(output, printed) });
  }
  return seen;
}

function isAsWritten(seen: readonly Step[], written: readonly Step[]): boolean {
  return seen.every(({ output }, index) => output === written[index]?.output);
}

async function run(command: string): Promise<string> {
  const seconds = /^sleep (\d+)$/.exec(command)?.[1];
  if (seconds !== undefined) return advanceClock(Number(seconds));
  const here = command.replaceAll('http://localhost:3000', running.baseUrl);
  // The page uses the default port, for which its commands need no --url.
  const script = here.endsWith('-- --local') ? `${here} --url ${running.baseUrl}` : here;
  const { stdout } = await promisify(execFile)('sh', ['-c', script]);
  return trimmed(stdout).replaceAll(running.baseUrl, 'http://localhost:3000');
}

async function advanceClock(seconds: number): Promise<string> {
  await fetch(`${running.simulatorUrl}/__simulator/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advanceMs: seconds * 1000 }),
  });
  return '';
}

/** Without the line ends that a terminal would not show, but with the space that ends some answers. */
function trimmed(output: string): string {
  return output.replaceAll(/^\n+|\n+$/g, '');
}

/** The commands of a line such as `npm ci && npm start   # comment`. */
function commands(line: string): readonly string[] {
  return line
    .replace(/#.*$/, '')
    .split('&&')
    .map((command) => command.trim());
}

function isListening(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
