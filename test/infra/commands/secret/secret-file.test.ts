import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTakenByGit, writeSecretFile } from '../../../../infra/commands/secret/secret-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringout-bridge-secret-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the file has mode 0600 even when it replaces another one, and no temporary file is left', async () => {
  const file = join(folder, 'secret.json');
  writeFileSync(file, 'old', { mode: 0o644 });
  await writeSecretFile(file, 'new');
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['secret.json']);
});

test('a missing folder rejects with ENOENT', async () => {
  await expect(writeSecretFile(join(folder, 'none', 'secret.json'), 'new')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('git takes only files of a repository that it does not ignore', async () => {
  expect(await isTakenByGit(join(folder, 'demo.json'))).toBe(false);
  execFileSync('git', ['init', '--quiet', folder]);
  writeFileSync(join(folder, '.gitignore'), readFileSync('.gitignore'));
  expect(await isTakenByGit(join(folder, 'demo.json'))).toBe(true);
  expect(await isTakenByGit(join(folder, 'secret.json'))).toBe(false);
  expect(await isTakenByGit(join(folder, 'secret-2.json'))).toBe(false);
});
