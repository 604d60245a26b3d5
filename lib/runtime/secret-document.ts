import * as v from 'valibot';
import { extensionDigits, splitUsername, usernameDigits } from '../domain/credentials.ts';
import type { PhoneRules } from '../domain/phone.ts';
import { jwtFingerprint, userKey, type User } from '../domain/user.ts';

/** A mistake in a secret document: its place and what is expected there, never the value found. */
export interface DocumentProblem {
  /** JSON path, such as `users[2].jwt`. */
  readonly path: string;
  readonly expected: string;
}

/** The users of a document, or all its mistakes. */
export type DocumentResult =
  | { readonly ok: true; readonly users: readonly User[] }
  | { readonly ok: false; readonly problems: readonly DocumentProblem[] };

const filled = (expected: string) => v.pipe(v.string(expected), v.trim(), v.nonEmpty(expected));

/** A missing, a null and an empty value are equivalent. */
const optionalText = (expected: string) =>
  v.pipe(
    v.optional(v.nullable(v.pipe(v.string(expected), v.trim())), null),
    v.transform((text) => text ?? ''),
  );

const countryCode = 'a two-letter country code, such as "US" or "GB"';
const callBackNumber = 'a phone number as text, a foreign one with + before it, or left out';

const userSchema = (phoneRules: PhoneRules) =>
  v.pipe(
    v.object(
      {
        username: v.pipe(
          filled('the main number as text, such as "18889363711"'),
          v.transform(splitUsername),
          v.check(({ number }) => usernameDigits(number).length >= 7, 'a phone number with at least 7 digits'),
          v.check(({ extension }) => extensionDigits(extension) !== undefined, 'a number alone, or number*extension'),
        ),
        extension: v.pipe(
          optionalText('an extension number as text, or left out for the main line'),
          v.check((text) => extensionDigits(text) !== undefined, 'an extension number with at least one digit'),
          v.transform((text) => extensionDigits(text) ?? ''),
        ),
        jwt: filled("the user's JWT credential as text"),
        legacyPassword: v.nullable(filled('the legacy password as text, or null to accept any password')),
        homeCountry: v.pipe(
          optionalText(countryCode),
          v.transform((text) => text.toUpperCase() || 'US'),
          v.check((country) => phoneRules.isHomeCountry(country), countryCode),
        ),
        callBackNumber: optionalText(callBackNumber),
      },
      'an object with username, jwt and legacyPassword',
    ),
    v.forward(
      v.partialCheck(
        [['username'], ['extension']],
        ({ username, extension }) =>
          [undefined, '', extension].includes(extensionDigits(username.extension)) || extension === '',
        'the extension that stands behind * in username, or left out',
      ),
      ['extension'],
    ),
    v.forward(
      v.partialCheck(
        [['homeCountry'], ['callBackNumber']],
        ({ homeCountry, callBackNumber: text }) =>
          text === '' || phoneRules.readNumber(text, homeCountry) !== undefined,
        callBackNumber,
      ),
      ['callBackNumber'],
    ),
    v.transform(({ username, extension, ...user }) => ({
      ...user,
      username: usernameDigits(username.number),
      // As in legacy programs, `number*extension` always means that extension.
      extension: extension || (extensionDigits(username.extension) ?? ''),
      callBackNumber: phoneRules.readNumber(user.callBackNumber, user.homeCountry),
    })),
  );

const documentSchema = (phoneRules: PhoneRules) =>
  v.object(
    {
      serverUrl: v.pipe(
        filled('the RingCentral server, "https://platform.ringcentral.com"'),
        v.check(isServerUrl, 'an https:// address without a path (http:// only for this machine)'),
        v.transform((text) => new URL(text).origin),
      ),
      clientId: filled("the app's client id as text"),
      clientSecret: filled("the app's client secret as text"),
      users: v.pipe(v.array(userSchema(phoneRules), 'a list of users'), v.minLength(1, 'at least one user')),
    },
    'an object with serverUrl, clientId, clientSecret and users',
  );

/**
 * Reads one secret document. Reports all mistakes at once, by JSON path. Values are omitted, because the messages go to
 * the log. Unknown fields are allowed, so that a document may contain an operator's notes.
 */
export function readSecretDocument(text: string, phoneRules: PhoneRules): DocumentResult {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, problems: [{ path: '(document)', expected: 'a JSON document' }] };
  }
  const parsed = v.safeParse(documentSchema(phoneRules), json);
  if (!parsed.success) {
    return {
      ok: false,
      problems: parsed.issues.map((issue) => ({ path: pathOf(issue), expected: expectedOf(issue) })),
    };
  }
  const { serverUrl, clientId, clientSecret } = parsed.output;
  const users = parsed.output.users.map((user): User => {
    const identity = { serverUrl, clientId, username: user.username, extension: user.extension };
    return {
      ...identity,
      key: userKey(identity),
      fingerprint: jwtFingerprint({ jwt: user.jwt, clientSecret }),
      clientSecret,
      jwt: user.jwt,
      legacyPassword: user.legacyPassword,
      homeCountry: user.homeCountry,
      callBackNumber: user.callBackNumber,
    };
  });
  return { ok: true, users };
}

/**
 * Finds users that occur more than once, in one document or in two: it would be ambiguous which JWT to use.
 *
 * @param at where each user comes from, in the same order
 */
export function findDuplicates(users: readonly User[], at: readonly string[]): readonly DocumentProblem[] {
  const first = new Map<string, string>();
  return users.flatMap((user, index) => {
    const place = at[index] ?? '(unknown)';
    const identity = `${user.username} ${user.extension}`;
    const earlier = first.get(identity);
    first.set(identity, earlier ?? place);
    return earlier === undefined ? [] : [{ path: place, expected: `another username and extension than ${earlier}` }];
  });
}

function isServerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.pathname !== '/' || url.search !== '' || url.username !== '' || url.password !== '') return false;
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback);
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  const keys = issue.path?.map((item) => (typeof item.key === 'number' ? `[${item.key}]` : `.${String(item.key)}`));
  return keys === undefined ? '(document)' : keys.join('').replace(/^\./, '');
}

function expectedOf(issue: v.BaseIssue<unknown>): string {
  // For a missing key valibot's `expected` is the quoted name of the key.
  return issue.type === 'object' && issue.expected?.startsWith('"') === true ? 'to be there' : issue.message;
}
