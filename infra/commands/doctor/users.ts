import type { User } from '../../../lib/domain/user.ts';
import type { Check, Section } from '../report/check.ts';
import { userName } from '../report/user-name.ts';
import type { PlacedUser } from '../../secret-document/documents.ts';

/** Users looked at together: more would need RingCentral's limits for an address, which other programs share. */
const atOnce = 5;

/**
 * A section per user, in the order given. Users not begun when `signal` ends the run are left out.
 *
 * @param progress gets a line for each user that is begun
 */
export async function checkUsers(
  users: readonly PlacedUser[],
  check: (user: User) => Promise<readonly Check[]>,
  progress: (line: string) => void,
  signal: AbortSignal,
): Promise<readonly Section[]> {
  const sections: Section[] = [];
  const waiting = users.entries();
  async function work(): Promise<void> {
    for (const [index, { user, place }] of waiting) {
      if (signal.aborted) return;
      progress(`user ${index + 1} of ${users.length}: ${userName(user)} ...`);
      sections[index] = { title: `User ${userName(user)} (${place})`, checks: await check(user) };
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  return sections.filter((section) => section !== undefined);
}
