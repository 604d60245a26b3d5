import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { systemCode } from '../../local/start-failure.ts';

/** Writes a document atomically, with access for its owner only. Rejects with the system's error. */
export async function writeSecretFile(path: string, text: string): Promise<void> {
  // The mode applies only to a new file. git ignores the draft's name as well.
  const draft = join(dirname(path), `secret-${randomUUID()}.json`);
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Whether the next `git add` would add the file. Returns false outside of a repository and without git. */
export function isTakenByGit(path: string): Promise<boolean> {
  const file = resolve(path);
  return new Promise((answer) => {
    execFile('git', ['-C', dirname(file), 'check-ignore', '--quiet', '--', basename(file)], (error) => {
      // Exit status 1 means "not ignored", 128 means "no repository".
      answer(error !== null && systemCode(error) === undefined && error.code === 1);
    });
  });
}
