import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * docs/compatibility.md names for each rule the tests that prove it, as `file.ts` “name”, “name”. A test that was renamed
 * or removed has to be put right there.
 */

const page = readFileSync('docs/compatibility.md', 'utf8');

interface Proof {
  readonly file: string;
  readonly names: readonly string[];
}

const proofs: readonly Proof[] = [...page.matchAll(/`([\w/.-]+\.ts)`((?:,? “[^”]+”)*)/g)].map(
  ([, file = '', names = '']) => ({
    file,
    names: [...names.matchAll(/“([^”]+)”/g)].map(([, name = '']) => name),
  }),
);
const files = [...new Set(proofs.map(({ file }) => file))].sort();

test.each(files)('the tests named of %s exist', (file) => {
  const path = join('test', file);
  const source = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const names = new Set(proofs.filter((proof) => proof.file === file).flatMap((proof) => proof.names));
  expect(source).not.toBe('');
  expect([...names].filter((name) => !declares(source, name))).toEqual([]);
});

test('every rule has a source and a proof', () => {
  const rules = [...page.matchAll(/^\| (.+) \|$/gm)]
    .map(([, row = '']) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .filter((cells) => cells.length === 3 && !/^(?:rule|-+)$/.test(cells[0] ?? ''));
  const sources = /^(?:documented|observed|needed|chosen)(?:, (?:documented|observed|needed|chosen))*$/;
  expect(rules.length).toBeGreaterThan(70);
  expect(rules.filter(([, source = '', proof = '']) => !sources.test(source) || !/`[\w/.-]+\.ts`/.test(proof))).toEqual(
    [],
  );
});

test('every sample of a client stands in the table', () => {
  const samples = readdirSync('test/clients');
  expect(samples.filter((file) => !page.includes(`(../test/clients/${file})`))).toEqual([]);
});

/** Whether `test('name', …)`, `describe("name", …)` or `test.each(…)(\`name\`, …)` stands in a file. */
function declares(source: string, name: string): boolean {
  return [`'${name.replaceAll("'", String.raw`\'`)}'`, `"${name}"`, `\`${name}\``].some((literal) =>
    new RegExp(String.raw`\(\s*${literal.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)},`).test(source),
  );
}
