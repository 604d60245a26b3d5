import { LegacyFailure, type FailureCode } from '../../lib/domain/failure.ts';
import type { Log } from '../../lib/domain/ports.ts';
import type { RingOutState, SessionId } from '../../lib/domain/ring-out.ts';
import type { User } from '../../lib/domain/user.ts';
import { answerFailure } from '../../lib/ringcentral/failures.ts';
import type { UserApi } from '../../lib/ringcentral/user-api.ts';
import { currentStatus } from '../../lib/sessions/current-status.ts';
import { createSessionMemory, type SessionMemory } from '../../lib/sessions/session-memory.ts';
import type { Session } from '../../lib/state/session-store.ts';
import { StateUnavailable } from '../../lib/state/table.ts';
import type { SeenState } from '../../lib/state/user-state.ts';
import { testClock } from '../clock.ts';
import { silentLog } from '../silent-log.ts';
import { demoSession } from '../state/demo-rows.ts';
import { directDynamoDb } from '../direct-dynamodb.ts';
import { openLocalTable, type LocalTable } from '../state/local-table.ts';

let local: LocalTable;
beforeAll(async () => {
  local = await openLocalTable(directDynamoDb);
});
afterAll(() => local.close());

const clock = testClock();
const warnings: unknown[] = [];
const log: Log = {
  ...silentLog,
  warn: (message, fields) => void warnings.push({ message, ...fields }),
  with: () => log,
};

const ringing = { kind: 'live', call: 'InProgress', caller: 'InProgress', callee: 'InProgress' } as const;
const talking = { kind: 'live', call: 'Success', caller: 'Success', callee: 'Success' } as const;
const over = { kind: 'gone' } as const;

/** RingCentral's answer to a status request. */
const answer = ({ call, caller, callee }: Extract<RingOutState, { kind: 'live' }>): object => ({
  status: { callStatus: call, callerStatus: caller, calleeStatus: callee },
});
const notFound = new LegacyFailure('refused', { upstreamStatus: 404, upstreamCode: 'CMN-102' });

/** A call of a separate user, placed a second ago. */
let count = 0;
async function placedCall(state: RingOutState = ringing): Promise<Session> {
  count += 1;
  const atMs = clock.nowMs() - 1000;
  const session = demoSession(atMs, {
    sessionId: String(100_000_000 + count) as SessionId,
    ringOutId: `demo-${count}`,
    userKey: `demo-user-${count}`,
    state,
  });
  await local.sessions.create(session);
  return session;
}

const stored = ({ sessionId }: Session): Promise<Session | undefined> => local.sessions.read(sessionId, clock.nowMs());

/** A poll by a new container. RingCentral answers with `upstream`. */
async function poll(
  session: Session,
  upstream: () => Promise<object>,
  options: {
    closed?: boolean;
    state?: SeenState;
    users?: LocalTable['users'];
    sessions?: LocalTable['sessions'];
    memory?: SessionMemory;
    arrivedAtMs?: number;
  } = {},
): Promise<{ status: RingOutState | FailureCode; asked: number; remembered: Session | undefined }> {
  let asked = 0;
  const memory = options.memory ?? createSessionMemory();
  const api: UserApi = {
    user: {} as User,
    refuseIfClosed() {
      if (options.closed === true) throw new LegacyFailure('throttled', { retryAfterSeconds: 20 });
    },
    async perform({ read }) {
      asked += 1;
      const json = await upstream();
      const value = read(json, new Headers());
      if (value === undefined) throw answerFailure(200, json);
      return value;
    },
  };
  const users = options.users ?? local.users;
  const sessions = options.sessions ?? local.sessions;
  const open = async () => ({ state: options.state ?? (await local.users.read(session.userKey)), api });
  let status: RingOutState | FailureCode;
  try {
    status = await currentStatus(session, {
      open,
      users,
      sessions,
      sessionMemory: memory,
      clock,
      log,
      arrivedAtMs: options.arrivedAtMs ?? clock.nowMs(),
    });
  } catch (error) {
    if (!(error instanceof LegacyFailure)) throw error;
    status = error.code;
  }
  return { status, asked, remembered: memory.recall(session.sessionId, clock.nowMs()) };
}

const fails = (code: FailureCode) => () => Promise.reject(new LegacyFailure(code));

describe('a poll', () => {
  test('requests the status from RingCentral and stores it in the table and in the container', async () => {
    const session = await placedCall();
    expect(await poll(session, () => Promise.resolve(answer(talking)))).toMatchObject({
      status: talking,
      asked: 1,
      remembered: { state: talking },
    });
    expect(await stored(session)).toMatchObject({ state: talking });
  });

  test('of a call that RingCentral no longer knows says that it is over, permanently', async () => {
    const session = await placedCall(talking);
    expect(await poll(session, () => Promise.reject(notFound))).toMatchObject({ status: over, asked: 1 });
    const later = await stored(session);
    expect(later?.state).toEqual(over);
    if (later === undefined) throw new Error('no session');
    expect(await poll(later, () => Promise.resolve(answer(talking)))).toMatchObject({ status: over, asked: 0 });
  });

  test('that arrived before the request of another poll is answered with its result', async () => {
    const session = await placedCall();
    const arrivedAtMs = clock.nowMs();
    clock.advance(10);
    await poll(session, () => Promise.resolve(answer(talking)));
    const late = await poll(session, () => Promise.resolve(answer(ringing)), { arrivedAtMs });
    expect(late).toMatchObject({ status: talking, asked: 0 });
  });

  test('that arrived after the last request makes its own', async () => {
    const session = await placedCall();
    await poll(session, () => Promise.resolve(answer(ringing)));
    clock.advance(10);
    const next = await poll((await stored(session)) ?? session, () => Promise.resolve(answer(talking)));
    expect(next).toMatchObject({ status: talking, asked: 1 });
  });

  test('of a call that is over does not read the row of the user', async () => {
    const session = await placedCall(over);
    const status = await currentStatus(session, {
      open: () => Promise.reject(new Error('must not be opened')),
      users: local.users,
      sessions: local.sessions,
      sessionMemory: createSessionMemory(),
      clock,
      log,
      arrivedAtMs: clock.nowMs(),
    });
    expect(status).toEqual(over);
  });

  test('during the request of another container gets the last known status without a request', async () => {
    const session = await placedCall();
    let answered: (value: object) => void = () => {};
    const first = poll(session, () => new Promise((resolve) => (answered = resolve)));
    while ((await local.users.read(session.userKey)).asks.length === 0) await clock.sleep(1);
    expect(await poll(session, () => Promise.resolve(answer(talking)))).toMatchObject({ status: ringing, asked: 0 });
    answered(answer(talking));
    expect(await first).toMatchObject({ status: talking, asked: 1 });
  });

  test('at the same instant as nineteen others shares one request', async () => {
    const session = await placedCall();
    const polls = await Promise.all(
      Array.from({ length: 20 }, () => poll(session, () => Promise.resolve(answer(talking)))),
    );
    expect(polls.reduce((sum, { asked }) => sum + asked, 0)).toBe(1);
    for (const { status } of polls) expect([ringing, talking]).toContainEqual(status);
  });

  test('that loses the race for the log to a poll of another call reads it again and makes its request', async () => {
    const session = await placedCall();
    let raced = false;
    const users: LocalTable['users'] = {
      ...local.users,
      async claimAsk(userKey, claim) {
        if (!raced) {
          raced = true;
          const other = [{ sessionId: '999999999', atMs: claim.nowMs }] as const;
          await local.users.claimAsk(userKey, { ...claim, owner: 'demo-other', asks: other });
        }
        return local.users.claimAsk(userKey, claim);
      },
    };
    expect(await poll(session, () => Promise.resolve(answer(talking)), { users })).toMatchObject({ asked: 1 });
    const { asks } = await local.users.read(session.userKey);
    expect(asks.map(({ sessionId }) => sessionId)).toEqual(['999999999', session.sessionId]);
  });

  test('of many calls of a user, each in its own container, makes 45 requests a minute', async () => {
    const userKey = 'demo-user-of-many';
    const nowMs = clock.nowMs();
    const asks = Array.from(
      { length: 40 },
      (_, index) => ({ sessionId: `${200_000_000 + index}`, atMs: nowMs }) as const,
    );
    await local.users.claimAsk(userKey, { owner: 'demo-before', seenRevision: 0, asks, nowMs });
    let asked = 0;
    for (let call = 0; call < 10; call += 1) {
      // Their status is old enough for a request to be due at any time.
      const placed = { ...(await placedCall()), userKey, stateAtMs: clock.nowMs() - 23 * 3_600_000 };
      asked += (await poll(placed, () => Promise.resolve(answer(talking)))).asked;
    }
    expect(asked).toBe(5);
  });

  test('after a cancel is not answered with the result of an earlier request', async () => {
    const session = await placedCall();
    const arrivedAtMs = clock.nowMs();
    clock.advance(10);
    await poll(session, () => Promise.resolve(answer(ringing)));
    clock.advance(10);
    await local.sessions.storeCancel(session.sessionId, clock.nowMs());
    clock.advance(10);
    const cancelled = (await stored(session)) ?? session;
    const next = await poll(cancelled, () => Promise.resolve(answer(talking)), { arrivedAtMs });
    expect(next).toMatchObject({ status: talking, asked: 1 });
    expect(next.remembered?.cancelledAtMs).toBe(cancelled.cancelledAtMs);
  });

  test('waits at most twelve seconds for the request of a container that died', async () => {
    const session = await placedCall();
    const atMs = clock.nowMs();
    const asks = [{ sessionId: session.sessionId, atMs }];
    await local.users.claimAsk(session.userKey, { owner: 'demo-dead', seenRevision: 0, asks, nowMs: atMs });
    const ask = () => poll(session, () => Promise.resolve(answer(talking)));
    expect(await ask()).toMatchObject({ status: ringing, asked: 0 });
    clock.advance(12_000);
    expect(await ask()).toMatchObject({ status: talking, asked: 1 });
  });
});

describe('the last known status is answered while RingCentral gives none', () => {
  test('without a request, a claim or a change while its group is closed', async () => {
    const session = await placedCall(talking);
    expect(await poll(session, () => Promise.resolve(answer(ringing)), { closed: true })).toEqual({
      status: talking,
      asked: 0,
      remembered: undefined,
    });
    expect(await local.users.read(session.userKey)).toMatchObject({ asks: [], asksRevision: 0 });
    expect(warnings.at(-1)).toMatchObject({ code: 'throttled', retryAfterSeconds: 20 });
  });

  test.each([
    'throttled',
    'unreachable',
    'timeout',
    'upstream_error',
    'upstream_answer',
    'state_unavailable',
    'deadline',
  ] as const)('after %s, and the next poll makes a request again', async (code) => {
    const session = await placedCall(talking);
    expect(await poll(session, fails(code))).toMatchObject({ status: talking, asked: 1 });
    const later = await stored(session);
    if (later === undefined) throw new Error('no session');
    expect(await poll(later, () => Promise.resolve(answer(ringing)))).toMatchObject({ status: ringing, asked: 1 });
  });
});

describe('a permanent problem is a failure', () => {
  test.each([
    'app_permission',
    'user_permission',
    'jwt_refused',
    'client_refused',
    'token_rejected',
    'refused',
  ] as const)('%s, for every poll', async (code) => {
    const session = await placedCall();
    expect(await poll(session, fails(code))).toMatchObject({ status: code, asked: 1 });
    const later = await stored(session);
    if (later === undefined) throw new Error('no session');
    expect(await poll(later, fails(code))).toMatchObject({ status: code, asked: 1 });
  });

  test('and a bug is rethrown', async () => {
    await expect(poll(await placedCall(), () => Promise.reject(new TypeError('demo bug')))).rejects.toThrow('demo bug');
  });
});

describe('a request that returns late', () => {
  /** A request that another one has overtaken by the time it returns `late`. */
  async function overtaken(newer: RingOutState, late: () => Promise<object>): Promise<RingOutState | undefined> {
    const session = await placedCall();
    await poll(session, async () => {
      await local.sessions.storeState(session.sessionId, newer, clock.nowMs() + 1000);
      return late();
    });
    return (await stored(session))?.state;
  }

  test.each([
    ['with an answer', () => Promise.resolve(answer(ringing))],
    ['with a failure', fails('timeout')],
  ])('%s does not replace a newer status', async (_, late) => {
    expect(await overtaken(talking, late)).toEqual(talking);
    expect(await overtaken(over, late)).toEqual(over);
  });
});

test('a poll says that the call is over when its container has learned so meanwhile', async () => {
  const session = await placedCall();
  const memory = createSessionMemory();
  const upstream = (): Promise<object> => {
    memory.remember({ ...session, state: over, stateAtMs: clock.nowMs() });
    return Promise.resolve(answer(talking));
  };
  expect(await poll(session, upstream, { memory })).toMatchObject({ status: over, remembered: { state: over } });
});

describe('without the table', () => {
  test('every poll makes a request', async () => {
    const session = await placedCall();
    expect(await poll(session, () => Promise.resolve(answer(talking)), { state: 'unavailable' })).toMatchObject({
      status: talking,
      asked: 1,
    });
  });

  test('a claim that fails does not stop the request', async () => {
    const users = { ...local.users, claimAsk: () => Promise.reject(new StateUnavailable(undefined)) };
    expect(await poll(await placedCall(), () => Promise.resolve(answer(talking)), { users })).toMatchObject({
      asked: 1,
    });
  });

  test('a claim that was written although its answer was lost does not stop the request of a later poll', async () => {
    const session = await placedCall();
    const users: LocalTable['users'] = {
      ...local.users,
      async claimAsk(userKey, claim) {
        await local.users.claimAsk(userKey, claim);
        throw new StateUnavailable(undefined);
      },
    };
    for (const upstream of [() => Promise.resolve(answer(talking)), fails('timeout')]) {
      const before = (await stored(session)) ?? session;
      expect(await poll(before, upstream, { users })).toMatchObject({ asked: 1 });
    }
    const later = (await stored(session)) ?? session;
    expect(await poll(later, () => Promise.resolve(answer(talking)))).toMatchObject({ asked: 1 });
  });

  test('a status that cannot be stored is still returned', async () => {
    const sessions = { ...local.sessions, storeState: () => Promise.reject(new StateUnavailable(undefined)) };
    expect(await poll(await placedCall(), () => Promise.resolve(answer(talking)), { sessions })).toMatchObject({
      status: talking,
      remembered: { state: talking },
    });
  });

  test('a bug in the claim is rethrown', async () => {
    const users = { ...local.users, claimAsk: () => Promise.reject(new TypeError('demo bug')) };
    await expect(poll(await placedCall(), () => Promise.resolve(answer(talking)), { users })).rejects.toThrow(
      'demo bug',
    );
  });
});
