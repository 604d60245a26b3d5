import { asArray, asObject, asText, parseJson } from '../../lib/domain/untrusted.ts';
import type { User } from '../../lib/domain/user.ts';
import { phoneRules } from '../../lib/legacy/phone-number.ts';
import { findDuplicates, readSecretDocument } from '../../lib/runtime/secret-document.ts';
import { counted, failed, passed, skipped, warned, type Check } from '../commands/report/check.ts';
import { jsonMistakes } from './json-mistake.ts';
import { unknownFields } from './unknown-fields.ts';

/** The text of a secret document; `name` is a path or the id of a secret. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** A user with its location in the document, such as `secret.json: users[0]`. */
export interface PlacedUser {
  readonly user: User;
  readonly place: string;
}

/** The checks of the documents' form, and the users of well-formed documents. */
export interface Documents {
  readonly checks: readonly Check[];
  readonly users: readonly PlacedUser[];
}

/** Secrets Manager's quota for a secret, in bytes of UTF-8 (AWS documentation, Secrets Manager quotas). */
const mostBytes = 65_536;

/**
 * Checks the form of all documents that one deployment uses together. The doctor, `npm run secret` and `npm start` use
 * it; `npm start` does not start if a check fails. Shows only paths and places, never values.
 */
export function checkDocuments(documents: readonly NamedText[]): Documents {
  const checks: Check[] = [];
  const users: PlacedUser[] = [];
  for (const { name, text } of documents) {
    const found = mistakesOf(text);
    if (found.mistakes.length > 0) {
      checks.push(failed(`document ${name}`, counted(found.mistakes.length, 'mistake'), found.mistakes.join('\n')));
    } else {
      checks.push(passed(`document ${name}`, `well-formed, ${counted(found.users.length, 'user')}`));
      users.push(...found.users.map((user, index) => ({ user, place: `${name}: users[${index}]` })));
    }
    checks.push(...warningsOf(name, text));
  }
  return { checks: [...checks, ...checkUnique(users)], users };
}

function mistakesOf(text: string): { readonly mistakes: readonly string[]; readonly users: readonly User[] } {
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBytes) {
    const size = `${bytes.toLocaleString('en-US')} bytes, of which a secret holds 65,536`;
    return { mistakes: [`(document): ${size}: divide the users among several documents`], users: [] };
  }
  const faults = jsonMistakes(text);
  if (faults.length > 0) return { mistakes: faults.map(({ place, what }) => `${place}: ${what}`), users: [] };
  const result = readSecretDocument(text, phoneRules);
  if (result.ok) return { mistakes: [], users: result.users };
  return { mistakes: result.problems.map(({ path, expected }) => `${path}: must ${verbOf(expected)}`), users: [] };
}

/** Returns the words after "must". An expectation is a noun such as `a list of users`, or `to be there`. */
function verbOf(expected: string): string {
  return expected.startsWith('to ') ? expected.slice('to '.length) : `be ${expected}`;
}

function warningsOf(name: string, text: string): readonly Check[] {
  const document = parseJson(text);
  const unknown = unknownFields(document);
  const joined = joinedUsernames(document);
  return [
    ...(unknown.length === 0
      ? []
      : [
          warned(
            `fields of ${name}`,
            `${counted(unknown.length, 'field')} that nobody reads`,
            unknown
              .map(({ path, nearest }) => `${path}: ${nearest === undefined ? 'is ignored' : `is ${nearest} meant?`}`)
              .join('\n'),
          ),
        ]),
    ...(joined.length === 0
      ? []
      : [
          warned(
            `usernames of ${name}`,
            `${counted(joined.length, 'username')} with more than a number`,
            joined
              .map((path) => `${path}: put the extension into extension; what is here matches as one number`)
              .join('\n'),
          ),
        ]),
  ];
}

/** Returns the paths of usernames such as `18889363711x101`. The product splits a username only at `*`. */
function joinedUsernames(document: unknown): readonly string[] {
  return asArray(asObject(document)?.['users']).flatMap((user, index) => {
    const username = asText(asObject(user)?.['username'])?.slice(0, 100) ?? '';
    return /\d\s*(?:x|ext|#|,|;|\/)/i.test(username) ? [`users[${index}].username`] : [];
  });
}

function checkUnique(users: readonly PlacedUser[]): readonly Check[] {
  const name = 'users are unique';
  if (users.length === 0) return [skipped(name, 'no user can be read')];
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
