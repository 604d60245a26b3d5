import crypto from 'node:crypto';
import { authorise } from '../../lib/access/authorise.ts';
import { createGuessMemory, type GuessMemory } from '../../lib/access/guess-memory.ts';
import { createUserDirectory } from '../../lib/access/user-directory.ts';
import type { Credentials } from '../../lib/domain/credentials.ts';
import { LegacyFailure } from '../../lib/domain/failure.ts';
import { jwtFingerprint, userKey, type User } from '../../lib/domain/user.ts';
import { StateUnavailable } from '../../lib/state/table.ts';
import type { UserStore } from '../../lib/state/user-store.ts';
import { testClock } from '../clock.ts';
import { directDynamoDb } from '../direct-dynamodb.ts';
import { openLocalTable, type LocalTable } from '../state/local-table.ts';

let local: LocalTable;
beforeAll(async () => {
  local = await openLocalTable(directDynamoDb);
});
afterAll(() => local.close());

const minuteMs = 60_000;
const clock = testClock();

/** A user with a new row for each test. */
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

/** The result of a request: `ok`, or the code and the hint of the failure. */
async function ask(
  user: User,
  password: string | undefined,
  options: {
    source?: string;
    store?: UserStore;
    credentials?: Partial<Credentials>;
    guessMemory?: GuessMemory;
    matched?: () => void;
  } = {},
): Promise<string> {
  // By default each request has a new container.
  const {
    source = '198.51.100.7',
    store = local.users,
    credentials = {},
    guessMemory = createGuessMemory(),
    matched = () => {},
  } = options;
  const { username, extension } = user;
  try {
    const claimed = createUserDirectory([user]).find({ username, extension, password, ...credentials });
    const parts = { store, guessMemory, clock, matched };
    const authorised = await authorise(claimed, password, source, parts);
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
      // Without a table, because its stand-in compares keys itself.
      const unavailable = () => Promise.reject(new StateUnavailable(undefined));
      await ask(newUser(), password, { store: { ...local.users, read: unavailable, addWrongPassword: unavailable } });
      expect(compare.mock.calls.map(([given, stored]) => [given.byteLength, stored.byteLength])).toEqual([[32, 32]]);
      compare.mockRestore();
    },
  );

  test('of an unknown user is refused without reading the table', async () => {
    const store = { read: () => Promise.reject(new Error('must not be read')) } as unknown as UserStore;
    expect(await ask(newUser(), '1234', { store, credentials: { username: '8889363712' } })).toBe(
      'credentials: no such user',
    );
  });

  test('fails with the same code, whichever part of the credentials is wrong', async () => {
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
  test('30 passwords in five minutes does not block the right one', async () => {
    const user = newUser();
    await guess(user, 0, 30);
    expect(await ask(user, '1234')).toBe('ok');
  });

  test('31 passwords locks the source out for fifteen minutes, even with the right password', async () => {
    const user = newUser();
    await guess(user, 0, 31);
    expect(await ask(user, '1234')).toBe(refused);
    expect(await ask(user, 'guess-99')).toBe(refused);
    clock.advance(15 * minuteMs - 5000);
    expect(await ask(user, '1234')).toBe(refused);
    clock.advance(6000);
    expect(await ask(user, '1234')).toBe('ok');
  });

  test('is counted from zero after a lockout', async () => {
    const user = newUser();
    await guess(user, 0, 31);
    clock.advance(15 * minuteMs);
    await guess(user, 100, 30);
    expect(await ask(user, '1234')).toBe('ok');
    await guess(user, 200, 1);
    expect(await ask(user, '1234')).toBe(refused);
  });

  test('locks out neither other sources nor other users', async () => {
    const [user, other] = [newUser(), newUser()];
    await guess(user, 0, 31);
    expect(await ask(user, '1234', { source: '198.51.100.8' })).toBe('ok');
    expect(await ask(other, '1234')).toBe('ok');
  });

  test.each([
    ['one container', createGuessMemory(), 1],
    ['many containers', undefined, 31],
  ])('does not count repeats of one stale password: %s', async (_, guessMemory, marks) => {
    const user = newUser();
    for (let request = 0; request < 40; request += 1) {
      expect(await ask(user, 'stale', guessMemory === undefined ? {} : { guessMemory })).toBe(wrong);
      clock.advance(5000);
    }
    expect(await ask(user, '1234')).toBe('ok');
    expect((await marksOf(user)).get('198.51.100.7')).toBe(marks);
  });

  test('does not count requests without a password', async () => {
    const user = newUser();
    expect(await ask(user, undefined)).toBe(wrong);
    expect(await marksOf(user)).toEqual(new Map());
  });

  /** The marks in a user's row, by source. */
  const marksOf = async (user: User): Promise<ReadonlyMap<string, number>> =>
    new Map([...(await local.users.read(user.key)).wrongPasswords].map(([source, { length }]) => [source, length]));

  test.each([
    ['for the first time', 0],
    ['long after another one', 1],
    ['after a lockout', 31],
  ])('by many containers at the same instant is counted up to the limit: %s', async (_, before) => {
    const user = newUser();
    await guess(user, 1000, before);
    clock.advance(60 * minuteMs);
    const outcomes = await Promise.all(Array.from({ length: 50 }, (__, index) => ask(user, `guess-${index}`)));
    expect(outcomes.filter((outcome) => outcome === wrong)).toHaveLength(31);
    expect(outcomes.filter((outcome) => outcome === refused)).toHaveLength(19);
    expect(await ask(user, '1234')).toBe(refused);
  });

  test('in a burst is counted up to the limit, after which the right password is refused', async () => {
    const user = newUser();
    const outcomes = await Promise.all(Array.from({ length: 100 }, (_, index) => ask(user, `guess-${index}`)));
    expect(outcomes.filter((outcome) => outcome === wrong)).toHaveLength(31);
    expect(await ask(user, '1234')).toBe(refused);
  });

  test('counts an IPv6 /64 network as one source', async () => {
    const user = newUser();
    for (let next = 0; next < 31; next += 1) await guess(user, next, 1, `2001:db8:0:7:${next.toString(16)}::1`);
    expect(await ask(user, '1234', { source: '2001:DB8:0:7::1' })).toBe(refused);
    expect(await ask(user, '1234', { source: '2001:db8:0:8::1' })).toBe('ok');
    expect([...(await marksOf(user)).keys()]).toEqual(['2001:db8:0:7::/64']);
  });

  test('from other addresses does not end the lockout of a source', async () => {
    const user = newUser();
    await guess(user, 0, 31);
    clock.advance(10 * minuteMs);
    for (let source = 0; source < 25; source += 1) await ask(user, `guess-${source}`, { source: `192.0.2.${source}` });
    expect(await ask(user, '1234')).toBe(refused);
  });

  test('from over twenty addresses counts those beyond twenty as one source', async () => {
    const user = newUser();
    for (let source = 0; source < 20; source += 1) await ask(user, 'guess', { source: `192.0.2.${source}` });
    for (let source = 0; source < 31; source += 1)
      await ask(user, `guess-${source}`, { source: `203.0.113.${source}` });
    expect(await ask(user, '1234', { source: '203.0.113.99' })).toBe(refused);
    // Sources that are counted separately are served.
    expect(await ask(user, '1234', { source: '192.0.2.7' })).toBe('ok');
    expect([...(await marksOf(user)).values()].toSorted((a, b) => a - b)).toEqual([...Array(20).fill(1), 31]);
    // Sources without recent guesses make room.
    clock.advance(5 * minuteMs);
    expect(await ask(user, '1234', { source: '203.0.113.98' })).toBe('ok');
    expect(await ask(user, 'guess', { source: '203.0.113.98' })).toBe(wrong);
    expect([...(await marksOf(user))]).toEqual(expect.arrayContaining([['203.0.113.98', 1]]));
  });

  test('makes no table operation for a repeat or a lockout that the container has cached', async () => {
    const user = newUser();
    const guessMemory = createGuessMemory();
    let operations = 0;
    const store = new Proxy(local.users, {
      get: (target, name: keyof UserStore) => {
        operations += 1;
        return target[name];
      },
    });
    expect(await ask(user, 'stale', { store, guessMemory })).toBe(wrong);
    expect(operations).toBe(1);
    expect(await ask(user, 'stale', { store, guessMemory })).toBe(wrong);
    expect(operations).toBe(1);
    await guess(user, 0, 31);
    expect(await ask(user, 'guess-99', { store, guessMemory })).toBe(refused);
    operations = 0;
    expect(await ask(user, 'guess-98', { store, guessMemory })).toBe(refused);
    expect(await ask(user, '1234', { store, guessMemory })).toBe(refused);
    expect(operations).toBe(0);
  });

  test('from a locked-out source makes the same table operations with the right password', async () => {
    const costOf = async (password: string): Promise<readonly string[]> => {
      const user = newUser();
      await guess(user, 0, 31);
      const operations: string[] = [];
      const store = new Proxy(local.users, {
        get: (target, name: keyof UserStore) => {
          operations.push(name);
          return target[name];
        },
      });
      expect(await ask(user, password, { store })).toBe(refused);
      return operations.toSorted();
    };
    expect(await costOf('1234')).toEqual(await costOf('guess-99'));
  });

  test('with the right password reads one row and writes nothing', async () => {
    const user = newUser();
    const read = jest.fn((key: string) => local.users.read(key));
    const store = { read } as Partial<UserStore> as UserStore;
    expect(await ask(user, '1234', { store })).toBe('ok');
    expect(read).toHaveBeenCalledTimes(1);
  });

  test('stores no password in the table', async () => {
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

  test('a bug in the store does not count as a wrong password', async () => {
    const store = { ...local.users, read: () => Promise.reject(new TypeError('demo bug')) };
    await expect(ask(newUser(), '1234', { store })).rejects.toThrow('demo bug');
  });
});

describe('the callback for a matching password is called', () => {
  async function told(user: User, password: string | undefined, guessMemory = createGuessMemory()) {
    let times = 0;
    const answer = await ask(user, password, { guessMemory, matched: () => (times += 1) });
    return [answer, times];
  }

  test('once, for a right password and for a user without one', async () => {
    expect(await told(newUser(), '1234')).toEqual(['ok', 1]);
    expect(await told(newUser(null), undefined)).toEqual(['ok', 1]);
  });

  test('before the row is read', async () => {
    const order: string[] = [];
    const store: UserStore = {
      ...local.users,
      read(key) {
        order.push('read');
        return local.users.read(key);
      },
    };
    await ask(newUser(), '1234', { store, matched: () => order.push('matched') });
    expect(order).toEqual(['matched', 'read']);
  });

  test('but not for a wrong password or a lockout that the container has cached', async () => {
    const user = newUser();
    expect(await told(user, '12345')).toEqual([wrong, 0]);
    await guess(user, 1, 31);
    const guessMemory = createGuessMemory();
    expect(await told(user, '1234', guessMemory)).toEqual([refused, 1]);
    expect(await told(user, '1234', guessMemory)).toEqual([refused, 0]);
  });
});
