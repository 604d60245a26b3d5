import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../infra/bundle.ts';
import { bundledPackages, type Metafile } from '../../infra/commands/licences/bundled-packages.ts';
import { markdownTable, unknownLicences, withTable } from '../../infra/commands/licences/licence-table.ts';
import { readDocument, section } from './documents.ts';

test('the table in docs/dev/supply-chain.md has exactly the bundled packages, all with known licences', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringout-bridge-licences-'));
  try {
    symlinkSync(join(import.meta.dirname, '../../functions'), join(folder, 'functions'));
    await bundle(folder);
    const metafile = JSON.parse(readFileSync(join(folder, 'dist/meta.json'), 'utf8')) as Metafile;
    const packages = bundledPackages(metafile, folder);
    const document = readDocument('docs/dev/supply-chain.md');
    expect(withTable(document, markdownTable(packages))).toBe(document);
    expect(unknownLicences(packages)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('docs/dev/supply-chain.md gives a reason for every run-time dependency', () => {
  const { dependencies } = JSON.parse(readDocument('package.json')) as { dependencies: object };
  const rows = section(readDocument('docs/dev/supply-chain.md'), 'What it depends on');
  const explained = [...rows.matchAll(/^\| `([^`]+)` +\| \S/gm)].map(([, name = '']) => name);
  expect(explained.sort()).toEqual(Object.keys(dependencies).sort());
});

test('CONTRIBUTING names every run-time dependency', () => {
  const { dependencies } = JSON.parse(readDocument('package.json')) as { dependencies: Record<string, string> };
  const text = readDocument('.github/CONTRIBUTING.md');
  expect(Object.keys(dependencies).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});
