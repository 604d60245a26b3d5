import { npmStart, type NpmStart } from './npm-start.ts';
import { commandLine, family, hasProc, survivors } from './processes.ts';

/*
 * The local stack as a person starts and ends it: `npm start`, in three processes: npm, its shell and the stack. That Ctrl-C ends them is seen at the end of test/readme.test.ts, which needs a running stack anyway; that
 * a port is taken, and the other things that keep it from starting, are in start.test.ts.
 */

const describeWithProc = hasProc ? describe : describe.skip;

describeWithProc(hasProc ? 'npm start' : 'npm start: without /proc its processes cannot be followed', () => {
  const started: NpmStart[] = [];
  afterAll(() => {
    for (const one of started) one.kill();
  });
  const start = (): NpmStart => {
    const one = npmStart();
    started.push(one);
    return one;
  };

  let running: Readonly<Record<'terminated' | 'killed', NpmStart>>;
  // All at once, because a start is spent on waiting more than on work.
  beforeAll(async () => {
    running = { terminated: start(), killed: start() };
    await Promise.all(Object.values(running).map((one) => one.ready()));
  }, 200_000);

  test('says when it is ready, and prints a line to paste for each command', async () => {
    const { baseUrl, output } = await running.terminated.ready();
    expect(baseUrl).toMatch(/^http:\/\/localhost:\d+$/);
    const [, afterReady = ''] = output.split('\nReady.\n');
    const lines = afterReady.split('\n').filter((line) => line.includes('curl '));
    expect(lines).toHaveLength(5);
    expect(lines.filter((line) => !line.includes(`${baseUrl}/`))).toEqual([]);
    expect(afterReady.match(/^ {2}# \w+$/gm)).toEqual(
      ['list', 'call', 'status', 'cancel', 'fax'].map((name) => `  # ${name}`),
    );
  });

  test.each([
    ['SIGTERM', 'terminated'],
    ['SIGKILL', 'killed'],
  ] as const)('%s to npm alone ends every process of it within three seconds', async (signal, which) => {
    const { pid } = running[which];
    const everyone = family(pid);
    // npm, its shell and the stack.
    expect(everyone.length).toBeGreaterThanOrEqual(3);
    expect(await survivors(everyone, () => process.kill(pid, signal))).toEqual([]);
  });

  test('Ctrl-C while it is still starting ends every process too', async () => {
    const interrupted = start();
    const { pid } = interrupted;
    let everyone = family(pid);
    // Not the shell, whose command line names the stack too: dash loses a SIGINT that comes before its child is node.
    while (!everyone.some((one) => commandLine(one).startsWith('node infra/run.cjs'))) {
      await new Promise((resolve) => setImmediate(resolve));
      everyone = family(pid);
    }
    // Loading its services keeps a start busy, longer on a slow computer.
    expect(await survivors(everyone, () => interrupted.interrupt(), 15_000)).toEqual([]);
    expect(await interrupted.ended()).not.toContain('Ready.');
  }, 60_000);
});
