import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundle } from '../../infra/bundle.ts';
import { areFresh } from '../../infra/fresh-bundles.ts';
import { bundleHooks } from '../../infra/plugins/bundle.ts';

const sources: Readonly<Record<string, string>> = {
  'functions/one.ts': "import { part } from '../lib/part.ts';\nexport const handler = async () => part;\n",
  'functions/two.ts': 'export const handler = async () => 2;\n',
  'lib/part.ts': "export const part = 'part';\n",
  'package-lock.json': '{}\n',
  'node_modules/.package-lock.json': '{}\n',
  'tsconfig.json': '{}\n',
  'infra/bundle.ts': '',
  'infra/bundle-stand-ins.ts': '',
};

let folder: string;
const path = (name: string): string => join(folder, name);
const write = (name: string): void => writeFileSync(path(name), sources[name] ?? '');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringout-bridge-bundle-'));
  for (const name of Object.keys(sources)) {
    mkdirSync(dirname(path(name)), { recursive: true });
    write(name);
  }
  const writtenAtMs = Math.max(...Object.keys(sources).map((name) => statSync(path(name)).ctimeMs));
  await bundle(folder);
  // As if the sources had not changed for a while.
  dateBundles(writtenAtMs + 1);
});
afterEach(() => rmSync(folder, { recursive: true }));

function dateBundles(ms: number): void {
  utimesSync(path('dist/meta.json'), ms / 1000, ms / 1000);
}

describe('bundles', () => {
  test('are fresh while nothing has changed', () => {
    expect(areFresh(folder)).toBe(true);
  });

  test.each<[string, () => void]>([
    ...Object.keys(sources).map((name): [string, () => void] => [`a change of ${name}`, () => write(name)]),
    [
      'a changed source with its old modification time',
      () => {
        const { atime, mtime } = statSync(path('lib/part.ts'));
        write('lib/part.ts');
        utimesSync(path('lib/part.ts'), atime, mtime);
      },
    ],
    ['another function', () => writeFileSync(path('functions/three.ts'), '')],
    ['a removed function', () => rmSync(path('functions/two.ts'))],
    ['a removed source', () => rmSync(path('lib/part.ts'))],
    ['a removed bundle', () => rmSync(path('dist/one/index.js'))],
    ['a changed bundle', () => writeFileSync(path('dist/one/index.js'), '// changed')],
    ['no bundles', () => rmSync(path('dist'), { recursive: true })],
  ])('are stale after %s', (_, change) => {
    change();
    expect(areFresh(folder)).toBe(false);
  });

  test('are dated before their sources are read, so that a change during bundling makes them stale', async () => {
    const beforeMs = Date.now();
    await bundle(folder);
    expect(statSync(path('dist/meta.json')).mtimeMs).toBeLessThan(beforeMs);
  });
});

describe('the plugin', () => {
  const hooks = () => bundleHooks({ serviceDir: folder }, { info: () => {}, warning: () => {} });
  const madeAtMs = (): number => statSync(path('dist/meta.json')).mtimeMs;

  test.each([
    'before:package:createDeploymentArtifacts',
    'before:package:function:package',
    'before:deploy:function:packageFunction',
    'before:invoke:local:invoke',
  ])('%s bundles even when the bundles are fresh', async (event) => {
    const before = madeAtMs();
    await hooks()[event]?.();
    expect(madeAtMs()).not.toBe(before);
  });

  test('handles no other event', () => {
    expect(Object.keys(hooks())).toHaveLength(4);
  });
});
