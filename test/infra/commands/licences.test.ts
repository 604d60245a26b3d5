import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from '../../../infra/commands/licences/bundled-packages.ts';
import { withTable } from '../../../infra/commands/licences/licence-table.ts';
import { runLicences } from '../../../infra/commands/licences/run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringout-bridge-licences-'));
  install('node_modules/plain', { name: 'plain', version: '1.0.0', license: 'MIT' });
  install('node_modules/@scope/inner', { name: '@scope/inner', version: '2.0.0', license: 'Apache-2.0' });
  install('node_modules/plain/node_modules/nested', { name: 'nested', version: '3.0.0', license: 'ISC' });
  install('node_modules/dropped', { name: 'dropped', version: '4.0.0', license: 'GPL-3.0-only' });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function install(path: string, manifest: object): void {
  mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, path, 'package.json'), JSON.stringify(manifest));
}

function writeMetafile(inputs: Record<string, number>): void {
  mkdirSync(join(folder, 'dist'));
  const bytes = Object.fromEntries(Object.entries(inputs).map(([path, bytesInOutput]) => [path, { bytesInOutput }]));
  const metafile: Metafile = { outputs: { 'dist/demo/index.js.map': {}, 'dist/demo/index.js': { inputs: bytes } } };
  writeFileSync(join(folder, 'dist/meta.json'), JSON.stringify(metafile));
}

/** Runs the command in the folder: exit status, what it prints, what it complains about. */
function licences(...args: readonly string[]): { status: number; printed: string; complaints: readonly string[] } {
  const printed: string[] = [];
  const complaints: string[] = [];
  const status = runLicences(folder, args, {
    print: (text) => printed.push(text),
    complain: (text) => complaints.push(text),
  });
  return { status, printed: printed.join('\n'), complaints };
}

test('lists the packages with deployed bytes, including nested and scoped ones', () => {
  writeMetafile({
    'functions/demo.ts': 10,
    'left-out:0 @scope/left-out': 5,
    'node_modules/plain/a.js': 1,
    'node_modules/plain/b.js': 1,
    'node_modules/@scope/inner/dist/a.js': 1,
    'node_modules/plain/node_modules/nested/a.js': 1,
    'node_modules/dropped/a.js': 0,
  });
  expect(licences()).toEqual({
    status: 0,
    printed: [
      '| Package        | Version | Licence    |',
      '| -------------- | ------- | ---------- |',
      '| `@scope/inner` | 2.0.0   | Apache-2.0 |',
      '| `nested`       | 3.0.0   | ISC        |',
      '| `plain`        | 1.0.0   | MIT        |',
    ].join('\n'),
    complaints: [],
  });
  expect(JSON.parse(licences('--json').printed)).toEqual([
    { name: '@scope/inner', version: '2.0.0', licence: 'Apache-2.0' },
    { name: 'nested', version: '3.0.0', licence: 'ISC' },
    { name: 'plain', version: '1.0.0', licence: 'MIT' },
  ]);
});

test('fails for an unknown licence and for a package without one', () => {
  install('node_modules/silent', { name: 'silent', version: '5.0.0' });
  writeMetafile({ 'node_modules/dropped/a.js': 1, 'node_modules/plain/a.js': 1, 'node_modules/silent/a.js': 1 });
  const { status, complaints } = licences();
  expect(status).toBe(1);
  expect(complaints).toEqual([
    expect.stringMatching(/^dropped 4\.0\.0: licence GPL-3\.0-only is not known\. /),
    expect.stringMatching(/^silent 5\.0\.0: no licence declared\. /),
  ]);
});

test('writes the table into the document and keeps the rest of it', () => {
  writeMetafile({ 'node_modules/plain/a.js': 1 });
  mkdirSync(join(folder, 'docs/dev'), { recursive: true });
  const document = join(folder, 'docs/dev/supply-chain.md');
  const marks = ['<!-- written by: npm run dev:licences -- --write -->', '<!-- end of what is written -->'];
  writeFileSync(document, `before\n\n${marks[0]}\nold\n${marks[1]}\n\nafter\n`);
  const table = '| Package | Version | Licence |\n| ------- | ------- | ------- |\n| `plain` | 1.0.0   | MIT     |';
  for (const _ of ['once', 'again']) {
    expect(licences('--write').status).toBe(0);
    expect(readFileSync(document, 'utf8')).toBe(`before\n\n${marks[0]}\n\n${table}\n\n${marks[1]}\n\nafter\n`);
  }
});

test('reports a missing meta.json, an unknown argument and a document without marks', () => {
  expect(licences()).toEqual({
    status: 1,
    printed: '',
    complaints: ['There is no dist/meta.json; run "npm run bundle" first.'],
  });
  expect(licences('--wrong').status).toBe(2);
  expect(licences('--help').printed).toContain('npm run dev:licences -- --write');
  expect(() => withTable('no marks', [])).toThrow('lacks the line');
});
