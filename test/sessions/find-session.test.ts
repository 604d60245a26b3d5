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

/** The session found by a container that has `remembered` cached, when the table returns `stored`. */
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

test('a stored session is found with its user, and cached', async () => {
  expect(await find('123456789', session)).toEqual({ found: { session, user }, metrics: [], remembered: session });
});

test('the stored session overrides the cached one', async () => {
  expect(await find('123456789', newer, { remembered: session })).toMatchObject({ found: { session: newer } });
});

test.each([
  ['an unknown id', () => find('123456789', undefined)],
  ['no readable id, which reads nothing from the table,', () => find(undefined, new Error('must not be read'))],
  ['a call of a removed user', () => find('123456789', session, { users: [] })],
  ['a cached call older than 24 h', () => find('123456789', undefined, { remembered: session, atMs: nowMs + dayMs })],
])('%s is unknown, and counted', async (_, asked) => {
  expect(await asked()).toMatchObject(unknown);
});

test.each([
  ['could not be stored', undefined],
  ['cannot be read now', down],
])('a session that %s is known to the container that has it cached', async (_, stored) => {
  expect(await find('123456789', stored, { remembered: session })).toMatchObject({
    found: { session, user },
    metrics: [],
  });
});

test('secret and session are read concurrently', async () => {
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

test('throws when the table is down and the container does not have the session cached', async () => {
  expect(await find('123456789', down)).toEqual({ found: 'state_unavailable', metrics: [], remembered: undefined });
});

test('a bug in the store does not count as an unavailable table', async () => {
  await expect(find('123456789', new TypeError('demo bug'), { remembered: session })).rejects.toThrow('demo bug');
});

test('a container caches a thousand calls and evicts the least recently used one', () => {
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
