import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { proofs } from './proofs.ts';

/*
 * docs/compatibility.md numbers its rules, and proofs.ts names the tests that prove each rule. Whoever renames or removes
 * such a test has to change proofs.ts as well.
 */

const page = readFileSync('docs/compatibility.md', 'utf8');
const rules = [...page.matchAll(/^- \*\*([A-Z]\d+)\*\* ([^:]+): (\S.*)$/gm)].map(([, id = '', source = '']) => ({
  id,
  source,
}));
const byFile = Map.groupBy(
  Object.values(proofs).flatMap((files) => Object.entries(files)),
  ([file]) => file,
);

test.each([...byFile])('the tests that proofs.ts names in %s exist', (file, named) => {
  const path = join('test', file);
  const source = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const titles = new Set(named.flatMap(([, each]) => each));
  expect(source).not.toBe('');
  expect([...titles].filter((title) => !declares(source, title))).toEqual([]);
});

test('every rule has its own number and a proof, and every proof has a rule', () => {
  expect(rules.length).toBeGreaterThan(120);
  expect(rules.map(({ id }) => id)).toEqual(Object.keys(proofs));
  expect(Object.entries(proofs).filter(([, files]) => Object.keys(files).length === 0)).toEqual([]);
});

test('every rule has a source', () => {
  const sources = /^(?:documented|observed|needed|chosen)(?:, (?:documented|observed|needed|chosen))*$/;
  expect(rules.filter(({ source }) => !sources.test(source))).toEqual([]);
});

test('every line with a rule number has the form of a rule', () => {
  const marked = [...page.matchAll(/\*\*([A-Z]\d+)\*\*/g)].map(([, id]) => id);
  expect(marked).toEqual(rules.map(({ id }) => id));
});

test('the README says what each sample client relies on', () => {
  const samples = readdirSync('test/clients').filter((file) => !file.endsWith('.md'));
  const told = readFileSync('test/clients/README.md', 'utf8');
  expect(samples.filter((file) => !told.includes(`](${file}) `))).toEqual([]);
});

/** Whether `test('name', …)`, `describe("name", …)` or `test.each(…)(\`name\`, …)` stands in a file. */
function declares(source: string, name: string): boolean {
  return [`'${name.replaceAll("'", String.raw`\'`)}'`, `"${name}"`, `\`${name}\``].some((literal) =>
    new RegExp(String.raw`\(\s*${literal.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)},`).test(source),
  );
}
