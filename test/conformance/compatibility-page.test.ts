import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { proofs } from './proofs.ts';

/*
 * docs/compatibility.md numbers its rules, and proofs.ts names for each number the tests that prove it. A test that is
 * renamed or removed has to be put right there, and no rule is without one.
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

test.each([...byFile])('the tests named of %s exist', (file, named) => {
  const path = join('test', file);
  const source = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const titles = new Set(named.flatMap(([, each]) => each));
  expect(source).not.toBe('');
  expect([...titles].filter((title) => !declares(source, title))).toEqual([]);
});

test('every rule has a number of its own and a proof, and every proof its rule', () => {
  expect(rules.length).toBeGreaterThan(120);
  expect(rules.map(({ id }) => id)).toEqual(Object.keys(proofs));
  expect(Object.entries(proofs).filter(([, files]) => Object.keys(files).length === 0)).toEqual([]);
});

test('every rule has a source', () => {
  const sources = /^(?:documented|observed|needed|chosen)(?:, (?:documented|observed|needed|chosen))*$/;
  expect(rules.filter(({ source }) => !sources.test(source))).toEqual([]);
});

test('every line that looks like a rule is one', () => {
  const marked = [...page.matchAll(/\*\*([A-Z]\d+)\*\*/g)].map(([, id]) => id);
  expect(marked).toEqual(rules.map(({ id }) => id));
});

test('every sample of a client says what it is picky about', () => {
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
