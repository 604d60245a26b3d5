import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { demoUser } from '../../demo.ts';
import { startProduct } from '../../product.ts';
import { serveProduct } from './legacy-server.ts';

const root = join(import.meta.dirname, '../../..');

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command as npm does, with PATH as the only environment variable of this computer. */
function command(name: 'faxes' | 'smoke' | 'licences', args: readonly string[], input = ''): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['infra/run.cjs', `infra/commands/${name}.ts`, ...args], {
      cwd: root,
      env: { PATH: process.env['PATH'] },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}

// Tests in this process would not see that Node refuses a module.
test.each<['faxes' | 'licences', string]>([
  ['licences', 'npm run dev:licences'],
  ['faxes', 'npm run faxes'],
])('%s --help exits with 0 and names its npm script', async (name, first) => {
  const { code, stdout } = await command(name, ['--help']);
  expect({ code, first: stdout.split(': ')[0] }).toEqual({ code: 0, first });
});

// test/readme.test.ts runs the doctor, and smoke with the password in the environment, as docs/dev/simulator.md has them.
test('smoke passes with the password from standard input', async () => {
  const product = await startProduct();
  const server = await serveProduct(product);
  try {
    const args = [server.url, '--username', demoUser.username, '--ext', demoUser.extension];
    const { code, stdout, stderr } = await command('smoke', args, '1234\r\n');
    expect(code).toBe(0);
    expect(stdout.split('\n').at(-2)).toMatch(/^16 ✓ {2}0 ✗ {2}0 –$/);
    expect(stdout + stderr).not.toContain('1234');
  } finally {
    await server.close();
    await product.close();
  }
});
