import { readdirSync } from 'node:fs';
import { demoPassword, demoUsers } from '../../infra/local/demo.ts';
import { readDocument } from './documents.ts';

const folder = 'test/clients';
const page = readDocument(`${folder}/README.md`);
const rows = new Map(
  [...page.matchAll(/^\| `([A-Z_]+)` +\|.*\| `([^`]+)` +\|$/gm)].map(([, name = '', value = '']) => [name, value]),
);

test('the page lists exactly the variables that the sample programs read', () => {
  const programs = readdirSync(folder)
    .filter((name) => !/\.(?:md|html)$/.test(name))
    .map((name) => readDocument(`${folder}/${name}`))
    .join('\n');
  const used = programs.match(/\b(?:BASE_URL|RC_[A-Z]+|TO|FROM|FAX_FILE)\b/g) ?? [];
  expect([...rows.keys()].sort()).toEqual([...new Set(used)].sort());
  // No program reads a variable with another kind of name.
  const read = [
    ...programs.matchAll(/(?:environ\["|Getenv\("|getenv\('|fetch\('|\$ENV\{|\benv\("|Variable\("|Setting\(")(\w+)/g),
  ].map((match) => match[1] ?? '');
  expect([...new Set(read)].filter((name) => !rows.has(name) && /^[A-Z_]+$/.test(name))).toEqual([]);
});

test('the page has the values of the demo user', () => {
  const [{ username, extension }] = demoUsers;
  expect(Object.fromEntries(rows)).toMatchObject({
    RC_USERNAME: username,
    RC_EXT: extension,
    RC_PASSWORD: demoPassword,
  });
  for (const [name, value] of rows) expect(page).toContain(`${name}=${value}`);
});
