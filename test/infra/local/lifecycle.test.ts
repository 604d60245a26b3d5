import { npmStart, type NpmStart } from './npm-start.ts';
import { commandLine, family, hasProc, survivors } from './processes.ts';

/*
 * The local stack in the three processes of `npm start`: npm, its shell and the stack. Other tests of the start:
 * test/readme.test.ts ends a running stack with Ctrl-C, and start.test.ts has the reasons why a start fails.
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
  // At the same time, because a start waits more than it works.
  beforeAll(async () => {
    running = { terminated: start(), killed: start() };
    await Promise.all(Object.values(running).map((one) => one.ready()));
  }, 200_000);

  test('prints when it is ready, and a line to paste for each command', async () => {
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
  ] as const)('%s to npm alone ends all its processes within three seconds', async (signal, which) => {
    const { pid } = running[which];
    const everyone = family(pid);
    // npm, its shell and the stack.
    expect(everyone.length).toBeGreaterThanOrEqual(3);
    expect(await survivors(everyone, () => process.kill(pid, signal))).toEqual([]);
  });

  test('Ctrl-C during the start ends all its processes', async () => {
    const interrupted = start();
    const { pid } = interrupted;
    let everyone = family(pid);
    // Waits for node, not only for the shell: dash loses a SIGINT that arrives before its child is node.
    while (!everyone.some((one) => commandLine(one).startsWith('node infra/run.cjs'))) {
      await new Promise((resolve) => setImmediate(resolve));
      everyone = family(pid);
    }
    // A start reacts only after it has loaded its services, which is slow on a slow computer.
    expect(await survivors(everyone, () => interrupted.interrupt(), 15_000)).toEqual([]);
    expect(await interrupted.ended()).not.toContain('Ready.');
  });
});
