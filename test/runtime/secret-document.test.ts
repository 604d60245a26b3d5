import { findDuplicates, readSecretDocument } from '../../lib/runtime/secret-document.ts';
import type { User } from '../../lib/domain/user.ts';
import { phoneRules } from '../../lib/legacy/phone-number.ts';

const user = { username: '18889363711', extension: '101', jwt: 'demo-jwt', legacyPassword: '1234' };
const document = {
  serverUrl: 'https://platform.ringcentral.com',
  clientId: 'demo-client',
  clientSecret: 'demo-client-secret',
  users: [user],
};

/** Returns the users of a document. Throws when there are none. */
function usersOf(value: unknown): readonly User[] {
  const result = readSecretDocument(JSON.stringify(value), phoneRules);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.users;
}

function problemsOf(text: string): readonly string[] {
  const result = readSecretDocument(text, phoneRules);
  return result.ok ? [] : result.problems.map(({ path, expected }) => `${path}: ${expected}`);
}

describe('a document is read', () => {
  test('with every field of a user', () => {
    expect(usersOf({ ...document, users: [{ ...user, homeCountry: 'gb', callBackNumber: '+442071234567' }] })).toEqual([
      {
        key: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) as unknown,
        fingerprint: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) as unknown,
        serverUrl: 'https://platform.ringcentral.com',
        clientId: 'demo-client',
        clientSecret: 'demo-client-secret',
        jwt: 'demo-jwt',
        username: '8889363711',
        extension: '101',
        legacyPassword: '1234',
        homeCountry: 'GB',
        callBackNumber: '+442071234567',
      },
    ]);
  });

  test.each([
    ['a username with punctuation', { username: '+1 (888) 936-3711' }, { username: '8889363711' }],
    ['a username of another country', { username: '442071234567' }, { username: '442071234567' }],
    ['no extension', { extension: undefined }, { extension: '' }],
    ['a null extension', { extension: null }, { extension: '' }],
    ['an empty extension', { extension: '' }, { extension: '' }],
    ['an extension with a letter', { extension: 'x101' }, { extension: '101' }],
    [
      'number*extension as username and no extension',
      { username: '1-888-936-3711*101', extension: undefined },
      { username: '8889363711', extension: '101' },
    ],
    [
      'number*extension as username and the same extension',
      { username: '18889363711* 101' },
      { username: '8889363711', extension: '101' },
    ],
    ['a username that ends with *', { username: '18889363711*' }, { username: '8889363711', extension: '101' }],
    ['no legacy password', { legacyPassword: null }, { legacyPassword: null }],
    [
      'blanks around values',
      { jwt: ' demo-jwt\n', legacyPassword: ' 1234 ' },
      { jwt: 'demo-jwt', legacyPassword: '1234' },
    ],
    ['no home country', {}, { homeCountry: 'US' }],
    ['an empty home country', { homeCountry: '' }, { homeCountry: 'US' }],
    ['an empty call-back number', { callBackNumber: ' ' }, { callBackNumber: undefined }],
    ['a field of the operator’s own', { owner: 'demo' }, {}],
  ])('with %s', (_, changes, expected) => {
    expect(usersOf({ ...document, users: [{ ...user, ...changes }] })).toMatchObject([expected]);
  });

  test.each([
    'https://platform.ringcentral.com/',
    'http://127.0.0.1:8080',
    'http://localhost:8080',
    'http://[::1]:8080',
  ])('with the server %s', (serverUrl) => {
    expect(usersOf({ ...document, serverUrl })[0]?.serverUrl).toBe(serverUrl.replace(/\/$/, ''));
  });
});

describe('the keys of a user', () => {
  const [known] = usersOf(document);

  test.each([
    ['server', { serverUrl: 'https://platform.example.com' }, {}],
    ['client', { clientId: 'demo-client-2' }, {}],
    ['username', {}, { username: '18889363712' }],
    ['extension', {}, { extension: '102' }],
  ])('differ with another %s, but the fingerprint does not', (_, changes, userChanges) => {
    const [other] = usersOf({ ...document, ...changes, users: [{ ...user, ...userChanges }] });
    expect(other?.key).not.toBe(known?.key);
    expect(other?.fingerprint).toBe(known?.fingerprint);
  });

  test.each([
    ['JWT', {}, { jwt: 'demo-jwt-2' }],
    ['client secret', { clientSecret: 'demo-client-secret-2' }, {}],
  ])('stay the same with another %s, whose fingerprint differs', (_, changes, userChanges) => {
    const [other] = usersOf({ ...document, ...changes, users: [{ ...user, ...userChanges }] });
    expect(other?.key).toBe(known?.key);
    expect(other?.fingerprint).not.toBe(known?.fingerprint);
  });

  test('are the same for the same user in another spelling, and with another legacy password', () => {
    const [other] = usersOf({ ...document, users: [{ ...user, username: '888-936-3711', legacyPassword: null }] });
    expect([other?.key, other?.fingerprint]).toEqual([known?.key, known?.fingerprint]);
  });
});

describe('mistakes are listed', () => {
  const withUser = (changes: object): string => JSON.stringify({ ...document, users: [{ ...user, ...changes }] });
  const server = 'serverUrl: an https:// address without a path (http:// only for this machine)';

  test.each([
    ['no JSON', '{"serverUrl": "demo', ['(document): a JSON document']],
    ['text', '"demo"', ['(document): an object with serverUrl, clientId, clientSecret and users']],
    ['null', 'null', ['(document): an object with serverUrl, clientId, clientSecret and users']],
    [
      'nothing in it',
      '{}',
      ['serverUrl: to be there', 'clientId: to be there', 'clientSecret: to be there', 'users: to be there'],
    ],
    ['no users', JSON.stringify({ ...document, users: [] }), ['users: at least one user']],
    ['users that are not a list', JSON.stringify({ ...document, users: {} }), ['users: a list of users']],
    [
      'a user that is not an object',
      JSON.stringify({ ...document, users: [user, 'demo'] }),
      ['users[1]: an object with username, jwt and legacyPassword'],
    ],
    ['no jwt', withUser({ jwt: undefined }), ['users[0].jwt: to be there']],
    ['an empty jwt', withUser({ jwt: ' ' }), ["users[0].jwt: the user's JWT credential as text"]],
    ['a missing legacy password', withUser({ legacyPassword: undefined }), ['users[0].legacyPassword: to be there']],
    [
      'an empty legacy password',
      withUser({ legacyPassword: '' }),
      ['users[0].legacyPassword: the legacy password as text, or null to accept any password'],
    ],
    [
      'a legacy password as a number',
      withUser({ legacyPassword: 1234 }),
      ['users[0].legacyPassword: the legacy password as text, or null to accept any password'],
    ],
    [
      'a username as a number',
      withUser({ username: 18_889_363_711 }),
      ['users[0].username: the main number as text, such as "18889363711"'],
    ],
    [
      'a username of a few digits',
      withUser({ username: 'demo 123' }),
      ['users[0].username: a phone number with at least 7 digits'],
    ],
    [
      'a username with another extension than the field',
      withUser({ username: '18889363711*102' }),
      ['users[0].extension: the extension that stands behind * in username, or left out'],
    ],
    [
      'a username with an invalid extension',
      withUser({ username: '18889363711*main' }),
      ['users[0].username: a number alone, or number*extension'],
    ],
    [
      'a username with too short a number before its extension',
      withUser({ username: '371*1018889', extension: undefined }),
      ['users[0].username: a phone number with at least 7 digits'],
    ],
    [
      'an extension without digits',
      withUser({ extension: 'main' }),
      ['users[0].extension: an extension number with at least one digit'],
    ],
    [
      'an extension as a number',
      withUser({ extension: 101 }),
      ['users[0].extension: an extension number as text, or left out for the main line'],
    ],
    [
      'a country in words',
      withUser({ homeCountry: 'Britain' }),
      ['users[0].homeCountry: a two-letter country code, such as "US" or "GB"'],
    ],
    [
      'a country without a calling code',
      withUser({ homeCountry: 'UK', callBackNumber: '+442079460123' }),
      ['users[0].homeCountry: a two-letter country code, such as "US" or "GB"'],
    ],
    [
      'a call-back number as a number',
      withUser({ callBackNumber: 1 }),
      ['users[0].callBackNumber: a phone number as text, a foreign one with + before it, or left out'],
    ],
    ...['reception', '101', '650 555 0100 101', '916505550100'].map((callBackNumber): [string, string, string[]] => [
      `an invalid call-back number: ${callBackNumber}`,
      withUser({ callBackNumber, extension: 'main' }),
      [
        'users[0].extension: an extension number with at least one digit',
        'users[0].callBackNumber: a phone number as text, a foreign one with + before it, or left out',
      ],
    ]),
    ['a server without its scheme', JSON.stringify({ ...document, serverUrl: 'platform.ringcentral.com' }), [server]],
    ['a server over http', JSON.stringify({ ...document, serverUrl: 'http://platform.ringcentral.com' }), [server]],
    [
      'a server with a path',
      JSON.stringify({ ...document, serverUrl: 'https://platform.ringcentral.com/restapi' }),
      [server],
    ],
    [
      'a server with a query',
      JSON.stringify({ ...document, serverUrl: 'https://platform.ringcentral.com?a=b' }),
      [server],
    ],
    [
      'a server with a password',
      JSON.stringify({ ...document, serverUrl: 'https://a:b@platform.ringcentral.com' }),
      [server],
    ],
    [
      'a server of another kind',
      JSON.stringify({ ...document, serverUrl: 'ftp://platform.ringcentral.com' }),
      [server],
    ],
  ])('%s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test('all at once, by their paths', () => {
    const text = JSON.stringify({
      ...document,
      clientId: null,
      users: [user, { ...user, jwt: 7 }, user, { username: '18889363711' }],
    });
    expect(problemsOf(text)).toEqual([
      "clientId: the app's client id as text",
      "users[1].jwt: the user's JWT credential as text",
      'users[3].jwt: to be there',
      'users[3].legacyPassword: to be there',
    ]);
  });

  test('never with a value', () => {
    const secret = 'demo-never-shown';
    const texts = [
      `{"clientSecret": "${secret}`,
      JSON.stringify({ ...document, serverUrl: secret, clientId: [secret], users: secret }),
      JSON.stringify({ [secret]: secret, users: [{ [secret]: secret, jwt: { a: secret }, homeCountry: secret }] }),
    ];
    for (const text of texts) {
      expect(problemsOf(text)).not.toEqual([]);
      expect(problemsOf(text).join('\n')).not.toContain(secret);
    }
  });
});

describe('duplicate users', () => {
  const one = { username: '8889363711', extension: '101', clientId: 'demo-client' } as User;

  test.each([
    ['never with different names', [one, { ...one, extension: '' }, { ...one, username: '8889363712' }], []],
    ['once', [one, { ...one, clientId: 'demo-client-2' }], ['b']],
    ['each time', [one, { ...one, extension: '' }, one, one], ['c', 'd']],
  ])('are reported %s', (_, users, places) => {
    expect(findDuplicates(users, ['a', 'b', 'c', 'd'])).toEqual(
      places.map((path) => ({ path, expected: 'another username and extension than a' })),
    );
  });
});
