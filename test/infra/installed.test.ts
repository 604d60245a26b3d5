import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { scripts, dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};
const names = Object.keys({ ...dependencies, ...devDependencies });

describe('in a folder where "npm ci" has not been run', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ringout-bridge-bare-'));
    mkdirSync(join(folder, 'infra'));
    for (const file of ['package.json', 'infra/run.cjs', 'infra/installed.cjs']) cpSync(file, join(folder, file));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  const install = (...packages: string[]): void => {
    for (const name of packages) {
      mkdirSync(join(folder, 'node_modules', name), { recursive: true });
      writeFileSync(join(folder, 'node_modules', name, 'package.json'), '{}');
    }
  };

  test.each([['infra/installed.cjs'], ['infra/run.cjs', 'infra/local/start.ts']])(
    '%s exits with 1 and says what to run',
    (...args) => {
      expect(run(...args)).toEqual({
        status: 1,
        stdout: '',
        stderr: `${names.length} packages are not installed: run "npm ci" in ${folder} first.\n`,
      });
    },
  );

  test('a single missing package is named', () => {
    install(...names.filter((name) => name !== 'valibot'));
    expect(run('infra/installed.cjs').stderr).toBe(`valibot is not installed: run "npm ci" in ${folder} first.\n`);
  });

  test('nothing is printed when all packages are installed', () => {
    install(...names);
    expect(run('infra/installed.cjs')).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

const ownCommand = /^node infra\/(?:run\.cjs [\w/.-]+|installed\.cjs && [\w-]+(?: |$))|^npm /;

test.each(Object.entries(scripts))(
  'npm run %s checks first that the packages are installed, or calls npm',
  (_, script) => {
    expect(script).toMatch(ownCommand);
  },
);

test.each(Object.entries(scripts))('npm run %s uses no syntax of a Unix shell', (_, script) => {
  expect(script.replaceAll(' && ', ' ')).toMatch(/^[\w ./:@=-]+$/);
});

test('the scripts for users come first, and those for maintainers start with dev:', () => {
  const shown = Object.keys(scripts);
  const first = ['start', 'test', 'check', 'secret', 'doctor', 'smoke', 'package', 'deploy', 'remove', 'log', 'faxes'];
  expect(shown.slice(0, first.length)).toEqual(first);
  const others = shown.filter((name) => !first.includes(name) && !name.startsWith('dev:'));
  // They keep their names because they are called from elsewhere.
  expect(others).toEqual(['format:check', 'lint', 'types', 'bundle', 'bench']);
});
