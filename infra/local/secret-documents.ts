import { readFile } from 'node:fs/promises';
import type { Check } from '../commands/report/check.ts';
import { exitCode, renderTable } from '../commands/report/report.ts';
import { unaskedJwt } from '../commands/ringcentral-user/jwt.ts';
import { checkDocumentFiles } from '../secret-document/files.ts';
import { StartFailure } from './start-failure.ts';

/** One secret of the local Secrets Manager. `read` runs for each request, so that edits to the file take effect. */
export interface SecretFile {
  readonly id: string;
  read(): Promise<string>;
}

/** The first user of a document, for the example lines. Never contains a password. */
export interface FirstUser {
  readonly username: string;
  readonly extension: string;
}

/** The secrets of the files, and the report to print before they are used, if there is one. */
export interface SecretFiles {
  readonly sources: readonly SecretFile[];
  readonly firstUser: FirstUser;
  readonly remarks: string | undefined;
}

/**
 * Reads the secrets from a comma-separated list of files. Throws {@link StartFailure} with the doctor's report if the
 * doctor finds a mistake. An expired or soon-expiring JWT is only a remark, because the other users can still be
 * served.
 *
 * @param nowMs epoch milliseconds
 */
export async function secretFiles(paths: string, nowMs: number): Promise<SecretFiles> {
  const files = paths
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '');
  if (files.length === 0) throw new StartFailure('The path of the secret document is empty.');
  const read = (file: string): Promise<string> => readFile(file, 'utf8');
  const { checks, users } = await checkDocumentFiles(files, read);
  const [first] = users;
  if (first === undefined || exitCode([{ title, checks }]) !== 0)
    throw new StartFailure(renderTable([{ title, checks }]));
  const jwts = users.map(({ user, place }): Check => ({ ...unaskedJwt(user.jwt, nowMs), name: `JWT of ${place}` }));
  const remarks = [...checks, ...jwts].filter(({ outcome }) => outcome === 'warning' || outcome === 'failed');
  return {
    sources: files.map((file, index) => ({ id: `local/secret-${index + 1}`, read: () => read(file) })),
    firstUser: { username: first.user.username, extension: first.user.extension },
    remarks: remarks.length === 0 ? undefined : renderTable([{ title, checks: remarks }]),
  };
}

const title = 'Secret documents';
