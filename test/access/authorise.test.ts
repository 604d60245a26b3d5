import crypto from 'node:crypto';
import { authorise } from '../../lib/access/authorise.ts';
import { createUserDirectory } from '../../lib/access/user-directory.ts';
import type { Credentials } from '../../lib/domain/credentials.ts';
import { LegacyFailure } from '../../lib/domain/failure.ts';
import { jwtFingerprint, userKey, type User } from '../../lib/domain/user.ts';
import { StateUnavailable } from '../../lib/state/table.ts';
import type { UserStore } from '../../lib/state/user-store.ts';
import { testClock } from '../clock.ts';
import { openLocalTable, type LocalTable } from '../state/local-table.ts';

let local: LocalTable;
beforeAll(async () => {
  local = await openLocalTable();
});
afterAll(() => local.close());

const minuteMs = 60_000;
const clock = testClock();

/** A user with a row of its own for each test. */
let count = 0;
function newUser(legacyPassword: string | null = '1234'): User {
  count += 1;
  const identity = {
    serverUrl: 'https://platform.ringcentral.com',
    clientId: 'demo-client',
    username: '8889363711',
    extension: String(1000 + count),
  };
  const secrets = { jwt: 'demo-jwt', clientSecret: 'demo-client-secret' };
  return {
    ...identity,
    ...secrets,
    key: userKey(identity),
    fingerprint: jwtFingerprint(secrets),
    legacyPassword,
    homeCountry: 'US',
    callBackNumber: undefined,
  };
}

/** What comes of a request: `ok`, or the code and the note of the failure. */
async function ask(
  user: User,
  password: string | undefined,
  options: { source?: string; store?: UserStore; credentials?: Partial<Credentials> } = {},
): Promise<string> {
  const { source = '198.51.100.7', store = local.users, credentials = {} } = options;
  const { username, extension } = user;
  try {
    const parts = { directory: createUserDirectory([user]), store, clock };
    const authorised = await authorise({ username, extension, password, ...credentials }, source, parts);
    expect(authorised.user).toBe(user);
    return 'ok';
  } catch (error) {
    if (!(error instanceof LegacyFailure)) throw error;
    return error.message;
  }
}

async function guess(user: User, from: number, howMany: number, source = '198.51.100.7'): Promise<void> {
  for (let next = from; next < from + howMany; next += 1) {
    expect(await ask(user, `guess-${next}`, { source })).toMatch(/^credentials: /);
  }
}

const wrong = 'credentials: wrong password';
const refused = 'credentials: too many wrong passwords from this source';

describe('the legacy password', () => {
  test.each([
    ['1234', '1234', 'ok'],
    ['1234', '12345', wrong],
    ['1234', '123', wrong],
    ['1234', '', wrong],
    ['1234', undefined, wrong],
    ['pässwörd', 'pässwörd', 'ok'],
    ['Secret', 'secret', wrong],
    [null, 'anything', 'ok'],
    [null, undefined, 'ok'],
  ])('stored as %p, sent as %p', async (stored, sent, expected) => {
    expect(await ask(newUser(stored), sent)).toBe(expected);
  });

  test.each(['1234', 'a', 'a much longer one than is stored'])(
    'is compared in constant time, whatever its length: %s',
    async (password) => {
      const compare = jest.spyOn(crypto, 'timingSafeEqual');
      await ask(newUser(), password);
      expect(compare.mock.calls.map(([given, stored]) => [given.byteLength, stored.byteLength])).toEqual([[32, 32]]);
      compare.mockRestore();
    },
  );

  test('of an unknown user is not looked at, nor is the table', async () => {
    const store = { read: () => Promise.reject(new Error('must not be read')) } as unknown as UserStore;
    expect(await ask(newUser(), '1234', { store, credentials: { username: '8889363712' } })).toBe(
      'credentials: no such user',
    );
  });

  test('fails with the same code whichever part was wrong: the client cannot tell', async () => {
    const user = newUser();
    await guess(user, 0, 31);
    const failures = [
      await ask(newUser(), 'x'),
      await ask(newUser(), '1234', { credentials: { username: '8889363712' } }),
      await ask(newUser(), '1234', { credentials: { extension: undefined } }),
      await ask(user, '1234'),
    ];
    expect(new Set(failures.map((failure) => failure.split(':')[0]))).toEqual(new Set(['credentials']));
  });
});

describe('guessing', () => {
  test('of 30 passwords in five minutes leaves the right one working', async () => {
    const user = newUser();
    await guess(user, 0, 30);
    expect(await ask(user, '1234')).toBe('ok');
  });

  test('of 31 refuses the source for fifteen minutes, the right password included', async () => {
    const user = newUser();
    await guess(user, 0, 31);
    expect(await ask(user, '1234')).toBe(refused);
    expect(await ask(user, 'guess-99')).toBe(refused);
    clock.advance(15 * minuteMs - 5000);
    expect(await ask(user, '1234')).toBe(refused);
    clock.advance(6000);
    expect(await ask(user, '1234')).toBe('ok');
  });

  test('starts from nothing after a refusal', async () => {
    const user = newUser();
    await guess(user, 0, 31);
    clock.advance(15 * minuteMs);
    await guess(user, 100, 30);
    expect(await ask(user, '1234')).toBe('ok');
    await guess(user, 200, 1);
    expect(await ask(user, '1234')).toBe(refused);
  });

  test('keeps neither other sources nor other users out', async () => {
    const [user, other] = [newUser(), newUser()];
    await guess(user, 0, 31);
    expect(await ask(user, '1234', { source: '198.51.100.8' })).toBe('ok');
    expect(await ask(other, '1234')).toBe('ok');
  });

  test('is not what a program does that repeats one stale password', async () => {
    const user = newUser();
    for (let request = 0; request < 200; request += 1) {
      expect(await ask(user, 'stale')).toBe(wrong);
      clock.advance(10_000);
    }
    expect(await ask(user, '1234')).toBe('ok');
    expect((await local.users.read(user.key)).wrongPasswords.get('198.51.100.7')).toHaveLength(1);
  });

  test('is counted once for a password that is wrong and one that is missing not at all', async () => {
    const user = newUser();
    for (const password of ['a', 'a', undefined, undefined]) await ask(user, password);
    expect((await local.users.read(user.key)).wrongPasswords.get('198.51.100.7')).toHaveLength(1);
  });

  test('by many containers at the same instant loses no guess', async () => {
    const user = newUser();
    await Promise.all(Array.from({ length: 31 }, (_, index) => ask(user, `guess-${index}`)));
    expect(await ask(user, '1234')).toBe(refused);
  });

  test('is remembered of twenty sources, the one quiet for longest is forgotten', async () => {
    const user = newUser();
    for (let source = 0; source < 22; source += 1) {
      await ask(user, 'guess', { source: `192.0.2.${source}` });
      clock.advance(1000);
    }
    const sources = [...(await local.users.read(user.key)).wrongPasswords.keys()];
    expect(new Set(sources)).toEqual(new Set(Array.from({ length: 20 }, (_, index) => `192.0.2.${index + 2}`)));
  });

  test('leaves no password in the table', async () => {
    const user = newUser();
    await ask(user, 'demo-guessed-password');
    expect(JSON.stringify(await local.row(`USER#${user.key}`))).not.toContain('guessed');
  });
});

describe('without the table', () => {
  const down = (operation: 'read' | 'addWrongPassword'): UserStore => ({
    ...local.users,
    [operation]: () => Promise.reject(new StateUnavailable(undefined)),
  });

  test.each([
    ['1234', 'ok'],
    ['x', wrong],
  ])('the password decides: %s', async (password, expected) => {
    expect(await ask(newUser(), password, { store: down('read') })).toBe(expected);
  });

  test('a guess that cannot be counted is still a wrong password', async () => {
    expect(await ask(newUser(), 'x', { store: down('addWrongPassword') })).toBe(wrong);
  });

  test('a bug in the store is no wrong password', async () => {
    const store = { ...local.users, read: () => Promise.reject(new TypeError('demo bug')) };
    await expect(ask(newUser(), '1234', { store })).rejects.toThrow('demo bug');
  });
});
