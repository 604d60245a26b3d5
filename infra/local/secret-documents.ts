import { readFile } from 'node:fs/promises';
import { StartFailure, systemCode } from './start-failure.ts';

/** One secret of the local Secrets Manager. `read` is called for each request, so that an edited file counts. */
export interface SecretSource {
  readonly id: string;
  read(): Promise<string>;
}

/** The first user of a document, for the example lines; never a password. */
export interface FirstUser {
  readonly username: string;
  readonly extension: string;
}

/**
 * The secrets of a comma-separated list of files. Throws {@link StartFailure} for one that cannot be read or is
 * plainly not a secret document; whether everything in it is right is for the product to say.
 */
export async function secretFiles(
  paths: string,
): Promise<{ readonly sources: readonly SecretSource[]; readonly firstUser: FirstUser }> {
  const files = paths
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '');
  const users = await Promise.all(files.map(async (file) => firstUserOf(await readSecretFile(file), file)));
  const firstUser = users[0];
  if (firstUser === undefined) throw new StartFailure('SECRET_FILE is empty; give it the path of a secret document.');
  return {
    sources: files.map((file, index) => ({ id: `local/secret-${index + 1}`, read: () => readFile(file, 'utf8') })),
    firstUser,
  };
}

async function readSecretFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new StartFailure(`SECRET_FILE ${file} cannot be read (${systemCode(error) ?? 'unknown error'}).`, {
      cause: error,
    });
  }
}

function firstUserOf(text: string, file: string): FirstUser {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text around the mistake, which may be a secret.
    throw new StartFailure(`SECRET_FILE ${file} is not JSON.`);
  }
  const { serverUrl, users } = (typeof document === 'object' && document !== null ? document : {}) as {
    serverUrl?: unknown;
    users?: unknown;
  };
  if (typeof serverUrl !== 'string' || !Array.isArray(users) || users.length === 0) {
    throw new StartFailure(
      `SECRET_FILE ${file} is not a secret document: it needs "serverUrl" and at least one of "users".`,
    );
  }
  const { username, extension } = ((users as unknown[])[0] ?? {}) as { username?: unknown; extension?: unknown };
  if (typeof username !== 'string') {
    throw new StartFailure(
      `SECRET_FILE ${file} is not a secret document: "users"[0] needs a "username" in quotation marks.`,
    );
  }
  return { username, extension: typeof extension === 'string' ? extension : '' };
}
