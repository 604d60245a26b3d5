import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { systemCode } from '../../local/start-failure.ts';

/** Writes a document for its owner's eyes only: whole, or not at all. Rejects with the system's error. */
export async function writeSecretFile(path: string, text: string): Promise<void> {
  // A mode counts only for a file that is made. Its name is one that git ignores as well.
  const draft = join(dirname(path), `secret-${randomUUID()}.json`);
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Whether the next `git add` would take the file. Outside of a repository, and without git, nobody would. */
export function isTakenByGit(path: string): Promise<boolean> {
  const file = resolve(path);
  return new Promise((answer) => {
    execFile('git', ['-C', dirname(file), 'check-ignore', '--quiet', '--', basename(file)], (error) => {
      // Exit status 1 says that it is not ignored, 128 that there is no repository.
      answer(error !== null && systemCode(error) === undefined && error.code === 1);
    });
  });
}
