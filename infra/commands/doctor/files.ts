import { asObject, asText } from '../../../lib/domain/untrusted.ts';
import { failed, type Check, type Section } from '../report/check.ts';
import type { NamedText } from '../aws/secrets.ts';
import { checkDocuments } from './documents.ts';
import { checkUser, checkUserForm } from './user-checks.ts';
import { checkUsers } from './users.ts';
import type { World } from '../world/world.ts';

/** Checks secret documents in files as one deployment would use them together. */
export async function checkFiles(
  paths: readonly string[],
  options: { readonly network: boolean },
  world: World,
): Promise<readonly Section[]> {
  const unreadable: Check[] = [];
  const texts: NamedText[] = [];
  for (const path of paths) {
    try {
      texts.push({ name: path, text: await world.readFile(path) });
    } catch (error) {
      const code = asText(asObject(error)?.['code']) ?? 'unknown error';
      unreadable.push(failed(`document ${path}`, `cannot be read (${code})`, 'Look at the path and who may read it.'));
    }
  }
  const { checks, users } = checkDocuments(texts);
  const { ringCentral, clock, progress } = world;
  const sections = await checkUsers(
    users,
    async (user) => (options.network ? checkUser(user, ringCentral) : checkUserForm(user, clock.nowMs())),
    progress,
    ringCentral.signal,
  );
  return [{ title: 'Secret documents', checks: [...unreadable, ...checks] }, ...sections];
}
