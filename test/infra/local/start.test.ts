import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const projectDir = join(import.meta.dirname, '..', '..', '..');

/** Runs `node infra/run.cjs infra/local/start.ts`, which has to end by itself. */
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

test('a reason that the user can correct ends the start without a stack', async () => {
  expect(await start({ PORT: '0', SECRET_FILE: '/does/not/exist' })).toEqual({
    code: 1,
    out: '',
    err: [
      'Secret documents',
      '  ✗  document /does/not/exist  cannot be read (ENOENT)',
      '     → Look at the path and who may read it.',
      '  –  users are unique          no user can be read',
      '',
      '0 ✓  1 ✗  1 –',
      '',
    ].join('\n'),
  });
});

test('--help prints the help', async () => {
  const { code, out } = await start({}, ['--help']);
  expect({ code, first: out.split(':')[0] }).toEqual({ code: 0, first: 'npm start' });
});

describe('infra/run.cjs', () => {
  test('passes the script and its arguments on, without its own path', async () => {
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

  test('prints its usage without a script', async () => {
    expect(await run(['infra/run.cjs'])).toEqual({
      code: 1,
      out: '',
      err: 'Usage: node infra/run.cjs <script.ts> [arguments]\n',
    });
  });
});
