import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const shim = join(root, 'infra/serverless.cjs');
const named = [...readFileSync(join(root, 'serverless.yml'), 'utf8').matchAll(/infra\/serverless\.cjs\):(\w+)/g)];

const exportsOfShim = (node: string): readonly string[] =>
  JSON.parse(
    execFileSync(node, ['-p', 'JSON.stringify(Object.keys(require(process.argv[1])))', shim], { encoding: 'utf8' }),
  ) as string[];

/** A Node on this machine that cannot run TypeScript: one before 22. */
const oldNode = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .filter((node) => existsSync(node))
  .find((node) => Number(/^v(\d+)/.exec(execFileSync(node, ['--version'], { encoding: 'utf8' }))?.[1]) < 22);

test('serverless.yml uses exactly what the shim exports', () => {
  expect(exportsOfShim(process.execPath).toSorted()).toEqual(
    ['default', ...named.map(([, name = '']) => name)].toSorted(),
  );
});

const testWithOldNode = oldNode === undefined ? test.skip : test;
testWithOldNode(
  oldNode === undefined ? 'an older Node loads the shim (skipped: there is none here)' : 'an older Node loads the shim',
  () => {
    expect(exportsOfShim(oldNode ?? '')).toEqual(exportsOfShim(process.execPath));
  },
);

test('serverless.yml names no .ts file, which the CLI would put into the template as text', () => {
  expect(readFileSync(join(root, 'serverless.yml'), 'utf8')).not.toMatch(/\.ts\)/);
});
