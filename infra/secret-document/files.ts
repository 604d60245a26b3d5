import { asObject, asText } from '../../lib/domain/untrusted.ts';
import { failed, type Check } from '../commands/report/check.ts';
import { checkDocuments, type Documents, type NamedText } from './documents.ts';

/**
 * Reads and checks secret documents in files that one deployment uses together. Never rejects: an unreadable file is a
 * failed check.
 *
 * @param readFile resolves with the file's bytes decoded as UTF-8, including a byte order mark
 */
export async function checkDocumentFiles(
  paths: readonly string[],
  readFile: (path: string) => Promise<string>,
): Promise<Documents> {
  const unreadable: Check[] = [];
  const texts: NamedText[] = [];
  for (const path of paths) {
    try {
      texts.push({ name: path, text: await readFile(path) });
    } catch (error) {
      const code = asText(asObject(error)?.['code']) ?? 'unknown error';
      unreadable.push(failed(`document ${path}`, `cannot be read (${code})`, 'Look at the path and who may read it.'));
    }
  }
  const { checks, users } = checkDocuments(texts);
  return { checks: [...unreadable, ...checks], users };
}
