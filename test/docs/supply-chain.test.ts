import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../../infra/bundle.ts';
import { bundledPackages, type Metafile } from '../../infra/commands/licences/bundled-packages.ts';
import { markdownTable, unknownLicences, withTable } from '../../infra/commands/licences/licence-table.ts';
import { areFresh } from '../../infra/fresh-bundles.ts';
import { readDocument, section } from './documents.ts';

const root = join(import.meta.dirname, '../..');

test('the table in docs/dev/supply-chain.md has exactly the bundled packages, all with known licences', async () => {
  if (!areFresh(root)) await bundle(root);
  const metafile = JSON.parse(readFileSync(join(root, 'dist/meta.json'), 'utf8')) as Metafile;
  const packages = bundledPackages(metafile, root);
  const document = readDocument('docs/dev/supply-chain.md');
  expect(withTable(document, markdownTable(packages))).toBe(document);
  expect(unknownLicences(packages)).toEqual([]);
});

test('docs/dev/supply-chain.md gives the size of every run-time dependency and a reason for it', () => {
  const { dependencies } = JSON.parse(readDocument('package.json')) as { dependencies: object };
  const rows = section(readDocument('docs/dev/supply-chain.md'), 'What it depends on');
  const explained = [...rows.matchAll(/^\| (`[^|]+`) +\| \d+ +\| \S/gm)].flatMap(([, cell = '']) => cell.split(', '));
  expect(explained.sort()).toEqual(
    Object.keys(dependencies)
      .map((name) => `\`${name}\``)
      .sort(),
  );
});
