import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/*
 * The local stack as a person starts and ends it: `npm start`, in three processes of its own and however many the
 * emulator has. That a port is taken, and the other things that keep it from starting, are in start.test.ts.
 */

const projectDir = join(import.meta.dirname, '..', '..', '..');
const endsWithinMs = 3000;
/** How processes are found; nothing but Linux has it. */
const hasProc = existsSync('/proc/self/stat');
const describeWithProc = hasProc ? describe : describe.skip;

interface Started {
  readonly child: ChildProcess;
  /** Resolves with everything printed, as soon as it contains `text`, or when the program has ended. */
  readonly printed: (text: string) => Promise<string>;
}

/** In a process group of its own, as a terminal starts it. */
function npmStart(): Started {
  const child = spawn('npm', ['start'], {
    cwd: projectDir,
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'error' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const closed = once(child, 'close');
  const add = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  return {
    child,
    async printed(text) {
      const seen = new Promise<void>((resolve) => {
        const look = (): void => {
          if (output.includes(text)) resolve();
        };
        child.stdout.on('data', look);
        look();
      });
      await Promise.race([seen, closed]);
      return output;
    },
  };
}

describeWithProc(hasProc ? 'npm start' : 'npm start: without /proc its processes cannot be followed', () => {
  const started: Started[] = [];
  afterAll(() => killAll(started.flatMap(({ child }) => family(child.pid ?? 0))));
  const start = (): Started => {
    const one = npmStart();
    started.push(one);
    return one;
  };

  let running: Readonly<Record<'interrupted' | 'terminated' | 'killed', Started>>;
  // All at once, because a start is spent on waiting more than on work.
  beforeAll(async () => {
    running = { interrupted: start(), terminated: start(), killed: start() };
    await Promise.all(Object.values(running).map(({ printed }) => printed('Ctrl-C stops everything.\n')));
  }, 200_000);

  test('says when it is ready, and prints a line to paste for each command', async () => {
    const output = await running.interrupted.printed('Ctrl-C stops everything.\n');
    const baseUrl = /^ {2}Base URL {3}(http:\/\/localhost:\d+)$/m.exec(output)?.[1] ?? '(no base URL)';
    const [, afterReady = ''] = output.split('\nReady.\n');
    const lines = afterReady.split('\n').filter((line) => line.includes('curl '));
    expect(lines).toHaveLength(5);
    expect(lines.filter((line) => !line.includes(`${baseUrl}/`))).toEqual([]);
    expect(afterReady.match(/^ {2}# \w+$/gm)).toEqual(
      ['list', 'call', 'status', 'cancel', 'fax'].map((name) => `  # ${name}`),
    );
  });

  test.each([
    ['Ctrl-C', 'interrupted', (pid: number): boolean => process.kill(-pid, 'SIGINT')],
    ['SIGTERM to npm alone', 'terminated', (pid: number): boolean => process.kill(pid, 'SIGTERM')],
    ['SIGKILL to npm alone', 'killed', (pid: number): boolean => process.kill(pid, 'SIGKILL')],
  ] as const)(
    '%s ends every process of it within three seconds',
    async (_, which, end) => {
      const pid = running[which].child.pid ?? 0;
      const everyone = family(pid);
      // npm, its shell, the stack and the emulator.
      expect(everyone.length).toBeGreaterThanOrEqual(4);
      const startedAt = performance.now();
      end(pid);
      expect(await survivors(everyone, startedAt + endsWithinMs)).toEqual([]);
    },
    20_000,
  );

  test('Ctrl-C while it is still starting ends every process too', async () => {
    const { child, printed } = start();
    const pid = child.pid ?? 0;
    let everyone = family(pid);
    while (!everyone.some((one) => commandLine(one).includes('offline start'))) {
      await delay(50);
      everyone = family(pid);
    }
    const startedAt = performance.now();
    process.kill(-pid, 'SIGINT');
    expect(await survivors(everyone, startedAt + endsWithinMs)).toEqual([]);
    expect(await printed('(never)')).toContain('Stopped while starting.');
  }, 60_000);
});

/** A process and all its descendants. */
function family(pid: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(Number(name))]),
  );
  const from = (parent: number): number[] => [
    parent,
    ...[...parents].filter(([, of]) => of === parent).flatMap(([child]) => from(child)),
  ];
  return parents.has(pid) ? from(pid) : [];
}

/** Undefined for a process that has ended, even if nobody has taken notice of its end yet. */
function parentOf(pid: number): number | undefined {
  try {
    // proc(5): the name in parentheses may contain anything, then come state and parent.
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return state === 'Z' ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** The command lines of those that are still there at the deadline, which are ended then; or nothing as soon as possible. */
async function survivors(pids: readonly number[], deadlineMs: number): Promise<string[]> {
  for (;;) {
    const alive = pids.filter((pid) => parentOf(pid) !== undefined);
    if (alive.length === 0) return [];
    if (performance.now() > deadlineMs) {
      const lines = alive.map(commandLine);
      killAll(alive);
      return lines;
    }
    await delay(50);
  }
}

function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
}
