import { createUserDirectory } from '../../lib/access/user-directory.ts';
import { LegacyFailure } from '../../lib/domain/failure.ts';
import type { Metrics } from '../../lib/domain/ports.ts';
import type { SessionId } from '../../lib/domain/ring-out.ts';
import type { User } from '../../lib/domain/user.ts';
import { findSession } from '../../lib/sessions/find-session.ts';
import { createSessionMemory } from '../../lib/sessions/session-memory.ts';
import type { Session, SessionStore } from '../../lib/state/session-store.ts';
import { StateUnavailable } from '../../lib/state/table.ts';
import { testClock } from '../clock.ts';
import { demoSession } from '../state/demo-rows.ts';

const nowMs = 1_800_000_000_000;
const dayMs = 24 * 3_600_000;
const user = { key: 'demo-user', username: '8889363711', extension: '101', legacyPassword: '1234' } as User;

const session = demoSession(nowMs);
const newer: Session = { ...session, state: { kind: 'gone' }, stateAtMs: nowMs + 1000 };

/** What is found by a container that remembers `remembered`; the table answers with `stored`. */
async function find(
  sessionId: SessionId | undefined,
  stored: Session | undefined | Error,
  options: { remembered?: Session; users?: readonly User[]; atMs?: number } = {},
) {
  const metrics: string[] = [];
  const memory = createSessionMemory();
  if (options.remembered !== undefined) memory.remember(options.remembered);
  const atMs = options.atMs ?? nowMs + 2000;
  const found = await findSession(sessionId, {
    secrets: { directory: () => Promise.resolve(createUserDirectory(options.users ?? [user])) },
    sessions: {
      read: () => (stored instanceof Error ? Promise.reject(stored) : Promise.resolve(stored)),
    } as unknown as SessionStore,
    sessionMemory: memory,
    clock: { ...testClock(), nowMs: () => atMs },
    metrics: { add: (name) => void metrics.push(name) } as Metrics,
  }).catch((error: unknown) => (error instanceof LegacyFailure ? error.code : Promise.reject(error as Error)));
  return { found, metrics, remembered: memory.recall('123456789', atMs) };
}

const down = new StateUnavailable(undefined);
const unknown = { found: undefined, metrics: ['UnknownSessions'] };

test('a stored session is found with its user, and remembered', async () => {
  expect(await find('123456789', session)).toEqual({ found: { session, user }, metrics: [], remembered: session });
});

test('what is stored counts for more than what is remembered', async () => {
  expect(await find('123456789', newer, { remembered: session })).toMatchObject({ found: { session: newer } });
});

test.each([
  ['an id nobody was given', () => find('123456789', undefined)],
  ['no readable id: the table is not even asked', () => find(undefined, new Error('must not be read'))],
  ['a call of a user who is in no secret any more', () => find('123456789', session, { users: [] })],
  [
    'a remembered call whose day is over',
    () => find('123456789', undefined, { remembered: session, atMs: nowMs + dayMs }),
  ],
])('%s is unknown, and counted', async (_, asked) => {
  expect(await asked()).toMatchObject(unknown);
});

test.each([
  ['could not be stored', undefined],
  ['cannot be read now', down],
])('a session that %s is known to the container that remembers it', async (_, stored) => {
  expect(await find('123456789', stored, { remembered: session })).toMatchObject({
    found: { session, user },
    metrics: [],
  });
});

test('the secret is read while the session is', async () => {
  const order: string[] = [];
  const read = async <T>(name: string, value: T): Promise<T> => {
    order.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(`${name} ends`);
    return value;
  };
  await findSession('123456789', {
    secrets: { directory: () => read('secret', createUserDirectory([user])) },
    sessions: { read: () => read('session', session) } as unknown as SessionStore,
    sessionMemory: createSessionMemory(),
    clock: testClock(),
    metrics: { add() {} } as unknown as Metrics,
  });
  expect(order.slice(0, 2).sort()).toEqual(['secret begins', 'session begins']);
});

test('without the table and the memory nobody can tell, which is a failure', async () => {
  expect(await find('123456789', down)).toEqual({ found: 'state_unavailable', metrics: [], remembered: undefined });
});

test('a bug in the store is no unavailable table', async () => {
  await expect(find('123456789', new TypeError('demo bug'), { remembered: session })).rejects.toThrow('demo bug');
});

test('a container remembers a thousand calls, and forgets the one it has not heard of for longest', () => {
  const memory = createSessionMemory();
  const idOf = (index: number): SessionId => String(100_000_000 + index) as SessionId;
  for (let index = 0; index < 1000; index += 1) memory.remember({ ...session, sessionId: idOf(index) });
  memory.remember({ ...session, sessionId: idOf(0) });
  memory.remember({ ...session, sessionId: idOf(1000) });
  expect([0, 1, 2, 1000].map((index) => memory.recall(idOf(index), nowMs) !== undefined)).toEqual([
    true,
    false,
    true,
    true,
  ]);
});
