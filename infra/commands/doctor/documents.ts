import type { User } from '../../../lib/domain/user.ts';
import { findDuplicates, readSecretDocument } from '../../../lib/runtime/secret-document.ts';
import type { NamedText } from '../aws/secrets.ts';
import { counted, failed, passed, skipped, type Check } from '../report/check.ts';
import { phoneRules } from '../../../lib/legacy/phone-number.ts';

/** A user with the place it stands at, such as `secret.json: users[0]`. */
export interface PlacedUser {
  readonly user: User;
  readonly place: string;
}

/** What the documents hold: the checks of their form, and the users of those that are well-formed. */
export interface Documents {
  readonly checks: readonly Check[];
  readonly users: readonly PlacedUser[];
}

/** Checks the form of all documents that one deployment uses together. Values never show, only paths. */
export function checkDocuments(documents: readonly NamedText[]): Documents {
  const checks: Check[] = [];
  const users: PlacedUser[] = [];
  for (const { name, text } of documents) {
    const result = readSecretDocument(text, phoneRules);
    if (result.ok) {
      checks.push(passed(`document ${name}`, `well-formed, ${counted(result.users.length, 'user')}`));
      users.push(...result.users.map((user, index) => ({ user, place: `${name}: users[${index}]` })));
    } else {
      checks.push(
        failed(
          `document ${name}`,
          counted(result.problems.length, 'mistake'),
          result.problems.map(({ path, expected }) => `${path}: must ${verbOf(expected)}`).join('\n'),
        ),
      );
    }
  }
  return { checks: [...checks, ...checkUnique(users)], users };
}

/** What is expected is a thing, such as `a list of users`; only of what is missing it is `to be there`. */
function verbOf(expected: string): string {
  return expected.startsWith('to ') ? expected.slice('to '.length) : `be ${expected}`;
}

function checkUnique(users: readonly PlacedUser[]): readonly Check[] {
  const name = 'users are unique';
  if (users.length === 0) return [skipped(name, 'no users')];
  const duplicates = findDuplicates(
    users.map(({ user }) => user),
    users.map(({ place }) => place),
  );
  if (duplicates.length === 0) return [passed(name, counted(users.length, 'user'))];
  return [
    failed(
      name,
      `${duplicates.length} of them more than once`,
      duplicates.map(({ path, expected }) => `${path}: must have ${expected}`).join('\n'),
    ),
  ];
}
