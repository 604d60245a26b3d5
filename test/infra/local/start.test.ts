import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen } from '../../../infra/local/listen.ts';

const projectDir = join(import.meta.dirname, '..', '..', '..');

/** Runs `node infra/run.cjs infra/local/start.ts`, expecting it to end by itself. */
function start(environment: Record<string, string>, args: readonly string[] = []) {
  return run(['infra/run.cjs', 'infra/local/start.ts', ...args], environment);
}

function run(args: readonly string[], environment: Record<string, string> = {}) {
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(process.execPath, args, { cwd: projectDir, env: { ...process.env, ...environment } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

test('a busy port is told in one sentence', async () => {
  const server = createServer();
  const port = await listen(server, 0);
  expect(await start({ PORT: String(port) })).toEqual({
    code: 1,
    out: '',
    err: `Port ${port} is in use; choose another with PORT=${port + 1} npm start\n`,
  });
  server.close();
});

test.each([
  [{ PORT: 'abc' }, 'PORT must be a number from 0 to 65535, not "abc".\n'],
  [{ PORT: '0', OUTBOX: 'yes' }, 'OUTBOX must be on or off, not "yes".\n'],
  [{ PORT: '65536' }, 'PORT must be a number from 0 to 65535, not "65536".\n'],
  [{ PORT: '0', SECRET_FILE: '/does/not/exist' }, 'SECRET_FILE /does/not/exist cannot be read (ENOENT).\n'],
])('%j is explained', async (environment, err) => {
  expect(await start(environment)).toEqual({ code: 1, out: '', err });
});

test('an argument it does not know is refused', async () => {
  expect(await start({}, ['--port'])).toEqual({
    code: 1,
    out: '',
    err: 'npm start takes no --port; see npm start -- --help\n',
  });
});

test('--help says what can be set', async () => {
  const { code, out } = await start({}, ['--help']);
  expect(code).toBe(0);
  expect(
    ['PORT=', 'SECRET_FILE=', 'LOG_LEVEL=', 'OUTBOX=', '--no-limits'].filter((name) => !out.includes(name)),
  ).toEqual([]);
});

describe('infra/run.cjs', () => {
  test('passes arguments on and leaves out itself', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ringout-bridge-'));
    const script = join(folder, 'script.ts');
    await writeFile(script, 'const rest: string[] = process.argv.slice(1);\nconsole.log(JSON.stringify(rest));\n');
    const { out } = await run(['infra/run.cjs', script, '--a', 'b']);
    expect(JSON.parse(out)).toEqual([script, '--a', 'b']);
    await rm(folder, { recursive: true });
  });

  test('refuses an older Node in one sentence', async () => {
    const pretend = "Object.defineProperty(process.versions, 'node', { value: '20.9.0' });";
    expect(
      await run(['-e', `${pretend} process.argv = ['node', 'run.cjs', 'x.ts']; require('./infra/run.cjs')`]),
    ).toEqual({
      code: 1,
      out: '',
      err:
        'This needs Node 24, but Node 20.9.0 is running it: start it with npm, which uses the Node that "npm ci" ' +
        'installed (after an installation with --ignore-scripts, run "npm rebuild node" first).\n',
    });
  });

  test('says how it is used', async () => {
    expect(await run(['infra/run.cjs'])).toEqual({
      code: 1,
      out: '',
      err: 'Usage: node infra/run.cjs <script.ts> [arguments]\n',
    });
  });
});
