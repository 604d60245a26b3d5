import { createUserDirectory } from '../../lib/access/user-directory.ts';
import { parseUrlEncoded } from '../../lib/legacy/url-encoded.ts';
import { readCredentials } from '../../lib/legacy/credentials.ts';
import { mergeFields } from '../../lib/legacy/fields.ts';
import { readSecretDocument } from '../../lib/runtime/secret-document.ts';
import type { User } from '../../lib/domain/user.ts';
import { phoneRules } from '../../lib/legacy/phone-number.ts';

/** The directory of a secret document with these users. */
function usersOf(...users: readonly object[]): readonly User[] {
  const document = {
    serverUrl: 'https://platform.ringcentral.com',
    clientId: 'demo-client',
    clientSecret: 'demo-client-secret',
    users: users.map((user) => ({ jwt: 'demo-jwt', legacyPassword: '1234', ...user })),
  };
  const result = readSecretDocument(JSON.stringify(document), phoneRules);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.users;
}

/** The user that a legacy query names, as `username*extension`. */
function find(users: readonly User[], query: string): string | undefined {
  const credentials = readCredentials(mergeFields([], parseUrlEncoded(Buffer.from(query)) ?? []));
  const user = createUserDirectory(users).find(credentials);
  return user === undefined ? undefined : `${user.username}*${user.extension}`;
}

const main = { username: '18889363711' };
const ext101 = { username: '18889363711', extension: '101' };
const british = { username: '+44 20 7123 4567', extension: '7' };

// conformance/parameters.ts has the ways in which programs write both.
describe('a user is found by the digits of username and extension', () => {
  const users = usersOf(main, ext101, british);

  test.each([
    ['Username=18889363711&Ext=101', '8889363711*101'],
    ['Username=18889363711&Ext=x101', '8889363711*101'],
    ['Username=442071234567&Ext=7', '442071234567*7'],
    // Without an extension only the main line is found.
    ['Username=18889363711', '8889363711*'],
    ['Username=18889363711*', '8889363711*'],
    // No user has these.
    ['Username=18889363711&Ext=102', undefined],
    ['Username=18889363711&Ext=0101', undefined],
    ['Username=18889363711&Ext=none', undefined],
    ['Username=442071234567', undefined],
    ['Username=18889363712&Ext=101', undefined],
    ['Username=118889363711&Ext=101', undefined],
    ['Username=2071234567&Ext=7', undefined],
    ['Username=admin&Ext=101', undefined],
    ['Ext=101', undefined],
    ['Password=1234', undefined],
    ['Username=__proto__', undefined],
  ])('%s', (query, expected) => {
    expect(find(users, query)).toBe(expected);
  });

  test.each([
    ['left out', {}],
    ['null', { extension: null }],
    ['empty', { extension: '' }],
    ['blank', { extension: '  ' }],
  ])('an extension %s in the secret is the main line', (_, extension) => {
    expect(find(usersOf({ ...main, ...extension }), 'Username=18889363711')).toBe('8889363711*');
  });
});

describe('a request with neither username nor extension', () => {
  const open = { ...ext101, legacyPassword: null };

  test.each([
    ['is from the only user without a password', [main, open, british], 'cmd=list', '8889363711*101'],
    ['is from that user whatever password it sends', [main, open], 'Password=anything', '8889363711*101'],
    ['is from no user when there is no such user', [main, ext101], 'cmd=list', undefined],
    ['is from no user when there are two', [open, { ...british, legacyPassword: null }], 'cmd=list', undefined],
    ['is not one with an extension alone, which finds no user', [open], 'Ext=101', undefined],
    ['is not one with a username without digits, which finds no user', [open], 'Username=x', undefined],
  ])('%s', (_, users, query, expected) => {
    expect(find(usersOf(...users), query)).toBe(expected);
  });
});

test('a user is found by the key of the state row, and no user by another key', () => {
  const users = usersOf(main, ext101);
  const directory = createUserDirectory(users);
  expect(users.map(({ key }) => directory.byKey(key))).toEqual(users);
  expect(directory.byKey('demo-other')).toBeUndefined();
  expect(directory.users).toEqual(users);
});
