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
    err: `Port ${port} is in use; choose another with npm start -- --port ${port + 1}\n`,
  });
  server.close();
});

test.each<[Record<string, string>, readonly string[], string]>([
  [{ PORT: 'abc' }, [], 'The port must be a number from 0 to 65535, not "abc".'],
  [{ PORT: '3000' }, ['--port', '65536'], 'The port must be a number from 0 to 65535, not "65536".'],
  [{ PORT: '0', SECRET_FILE: '/does/not/exist' }, [], '  ✗  document /does/not/exist  cannot be read (ENOENT)'],
  [{ PORT: '0' }, ['--secret-file', '/does/not/exist'], '  ✗  document /does/not/exist  cannot be read (ENOENT)'],
  [{}, ['--log-level', 'loud'], '--log-level is one of debug, info, warn, error.'],
  [{}, ['--prot', '1'], 'There is an option that does not exist, or one without its value: --prot 1'],
  [{}, ['--lan'], 'There is an option that does not exist, or one without its value: --lan'],
  [{}, ['--lan', '192.168.1.7/24'], '--lan 192.168.1.7/24 has bits set behind its first 24'],
  [{}, ['--lan', '203.0.113.0/24'], '--lan 203.0.113.0/24 is not in a network of your own (10.0.0.0/8'],
  [{}, ['--lan', '10.0.0.0/8', '--lan', '0.0.0.0/0'], '--lan 0.0.0.0/0 is not in a network of your own'],
])('%j %j is explained', async (environment, args, said) => {
  const { code, out, err } = await start(environment, args);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain(said);
});

test('--help says what can be set', async () => {
  const { code, out } = await start({}, ['--help']);
  expect(code).toBe(0);
  const settings = [
    '--port',
    '--secret-file',
    '--log-level',
    '--no-limits',
    '--lan',
    'PORT=',
    'SECRET_FILE=',
    'LOG_LEVEL=',
  ];
  expect(settings.filter((name) => !out.includes(name))).toEqual([]);
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
