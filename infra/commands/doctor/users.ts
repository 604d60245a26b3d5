import type { User } from '../../../lib/domain/user.ts';
import type { Check, Section } from '../report/check.ts';
import { userName } from '../report/user-name.ts';
import type { PlacedUser } from '../../secret-document/documents.ts';

/** Users checked concurrently. More could exhaust RingCentral's limits per address, which other programs share. */
const atOnce = 5;

/**
 * Returns one section per user, in the given order. Omits users not yet started when `signal` ends the run.
 *
 * @param progress receives a line for each user whose checks begin
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
