import { checkDocumentFiles } from '../../secret-document/files.ts';
import type { Section } from '../report/check.ts';
import { checkUser, checkUserForm } from '../ringcentral-user/user-checks.ts';
import { checkUsers } from './users.ts';
import type { World } from '../world/world.ts';

/** Checks secret documents in files as one deployment would use them together. */
export async function checkFiles(
  paths: readonly string[],
  options: { readonly network: boolean },
  world: World,
): Promise<readonly Section[]> {
  const { checks, users } = await checkDocumentFiles(paths, (path) => world.readFile(path));
  const { ringCentral, clock, progress } = world;
  const sections = await checkUsers(
    users,
    async (user) => (options.network ? checkUser(user, ringCentral) : checkUserForm(user, clock.nowMs())),
    progress,
    ringCentral.signal,
  );
  return [{ title: 'Secret documents', checks }, ...sections];
}
