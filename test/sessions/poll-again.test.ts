import { createUserDirectory } from '../../lib/access/user-directory.ts';
import type { Clock } from '../../lib/domain/ports.ts';
import type { RingOutState, SessionId } from '../../lib/domain/ring-out.ts';
import type { User } from '../../lib/domain/user.ts';
import { claimPollAgain, type ClaimedPoll } from '../../lib/sessions/poll-again.ts';
import { createAskMemory } from '../../lib/sessions/ask-memory.ts';
import { createSessionMemory } from '../../lib/sessions/session-memory.ts';
import { sessionSeconds } from '../../lib/state/session-store.ts';
import { StateUnavailable } from '../../lib/state/table.ts';
import { blankState, type StatusAsk } from '../../lib/state/user-state.ts';
import { testClock } from '../clock.ts';
import { demoSession } from '../state/demo-rows.ts';
import { openLocalTable, type LocalTable } from '../state/local-table.ts';

let local: LocalTable;
beforeAll(async () => {
  local = await openLocalTable();
});
afterAll(() => local.close());

let nowMs = 1_800_000_000_000;
const clock: Clock = { ...testClock(), nowMs: () => nowMs };
const talking: RingOutState = { kind: 'live', call: 'Success', caller: 'Success', callee: 'Success' };
const otherCall: SessionId = '999999999';

let count = 0;
interface Options {
  readonly state?: RingOutState;
  /** Asks of the user before the last one. */
  readonly earlier?: readonly StatusAsk[];
  readonly users?: readonly User[];
  readonly stores?: Pick<LocalTable, 'users'>;
}

/** A container that asked for a call, of a user of its own, a moment ago, and polls it again. */
async function polledBefore({ state = talking, earlier = [], users, stores = local }: Options = {}) {
  count += 1;
  const user = { key: `demo-user-${count}` } as User;
  const sessionId = String(100_000_000 + count) as SessionId;
  const askedAtMs = nowMs;
  const asks = [...earlier, { sessionId, atMs: askedAtMs }];
  const claim = { owner: 'demo-first', seenRevision: 0, asks, nowMs: askedAtMs };
  const log = await local.users.claimAsk(user.key, claim);
  if (log === undefined) throw new Error('the first claim failed');
  const session = demoSession(askedAtMs - 1000, {
    sessionId,
    ringOutId: `demo-${count}`,
    userKey: user.key,
    state,
    stateAtMs: askedAtMs,
  });
  const memory = createSessionMemory();
  memory.remember(session);
  const askMemory = createAskMemory();
  askMemory.keep(user.key, log, askedAtMs);
  const parts = {
    secrets: { directory: () => Promise.resolve(createUserDirectory(users ?? [user])) },
    users: stores.users,
    sessionMemory: memory,
    askMemory,
    clock,
  };
  nowMs += 5000;
  const again = (): Promise<ClaimedPoll | undefined> => claimPollAgain(sessionId, parts);
  return { user, session, memory, askMemory, parts, again };
}

test('a call that this container has asked about last is claimed with one write, which brings the state', async () => {
  const { user, session, again } = await polledBefore();
  const claimed = await again();
  const state = await local.users.read(user.key);
  expect(claimed).toEqual({ session, user, state, claim: { atMs: nowMs, log: state } });
  expect(state).toMatchObject({
    asksRevision: 2,
    asks: [
      { sessionId: session.sessionId, atMs: nowMs - 5000 },
      { sessionId: session.sessionId, atMs: nowMs },
    ],
  });
});

test('what is known is good for one claim: until the answer is remembered, polls go the long way', async () => {
  const { user, session, memory, askMemory, again } = await polledBefore();
  const claimed = await again();
  expect(await again()).toBeUndefined();
  memory.remember({ ...session, stateAtMs: nowMs });
  askMemory.keep(user.key, claimed?.state ?? blankState, nowMs);
  nowMs += 5000;
  expect(await again()).toBeDefined();
  expect((await local.users.read(user.key)).asks).toHaveLength(3);
});

test('other calls of the user that this container polls as well are no hindrance', async () => {
  const { again } = await polledBefore({ earlier: [{ sessionId: otherCall, atMs: nowMs - 50_000 }] });
  expect(await again()).toBeDefined();
});

test('at the same instant only one of two polls is claimed', async () => {
  const { user, again } = await polledBefore();
  const claims = await Promise.all([again(), again()]);
  expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
  expect((await local.users.read(user.key)).asks).toHaveLength(2);
});

test('also those it has asked about since', async () => {
  const { user, session, askMemory, again } = await polledBefore();
  const own = { sessionId: session.sessionId, atMs: session.stateAtMs };
  const asks = [own, { sessionId: otherCall, atMs: session.stateAtMs + 1000 }];
  askMemory.keep(user.key, { asks, asksRevision: 1 }, nowMs);
  expect(await again()).toBeDefined();
});

describe('the long way is gone', () => {
  async function isLong(options?: Options): Promise<void> {
    const { user, again } = await polledBefore(options);
    expect(await again()).toBeUndefined();
    expect((await local.users.read(user.key)).asksRevision).toBe(1);
  }

  test('when another container has asked since, about whatever call', async () => {
    const { user, again } = await polledBefore();
    const asks = [{ sessionId: otherCall, atMs: nowMs }];
    await local.users.claimAsk(user.key, { owner: 'demo-other', seenRevision: 1, asks, nowMs });
    expect(await again()).toBeUndefined();
    expect(await local.users.read(user.key)).toMatchObject({ asks, asksRevision: 2 });
  });

  test('for a minute after that', async () => {
    const { user, session, memory, askMemory, again } = await polledBefore();
    const claim = { owner: 'demo-other', seenRevision: 1, asks: [], nowMs };
    const log = (await local.users.claimAsk(user.key, claim)) ?? blankState;
    expect(await again()).toBeUndefined();
    const asked = (atMs: number): void => {
      memory.remember({ ...session, stateAtMs: atMs });
      askMemory.keep(user.key, { ...log, asks: [{ sessionId: session.sessionId, atMs }] }, nowMs);
    };
    nowMs += 59_999;
    asked(nowMs);
    expect(await again()).toBeUndefined();
    nowMs += 1;
    asked(nowMs);
    expect(await again()).toBeDefined();
  });

  test('when the last ask about the call was another container’s', async () => {
    const { user, session, askMemory, again } = await polledBefore();
    nowMs += 20_000;
    const asks = [{ sessionId: session.sessionId, atMs: nowMs - 15_000 }];
    askMemory.keep(user.key, { asks, asksRevision: 1 }, nowMs);
    expect(await again()).toBeUndefined();
    // The log is still good for another call.
    expect(askMemory.take(user.key)).toEqual({ asks, asksRevision: 1 });
  });

  test('when nobody has asked about the call in the last minute', async () => {
    const { user, askMemory, again } = await polledBefore();
    askMemory.keep(user.key, { asks: [], asksRevision: 1 }, nowMs);
    expect(await again()).toBeUndefined();
  });

  test('for a call that is over', () => isLong({ state: { kind: 'gone' } }));

  test('for a user who is in no secret any more', () => isLong({ users: [] }));

  test('when the pacing wants the known status to do, and the next poll may try again', async () => {
    const { user, session, memory, askMemory, again } = await polledBefore();
    const asks = Array.from({ length: 45 }, () => ({ sessionId: session.sessionId, atMs: nowMs }));
    memory.remember({ ...session, stateAtMs: nowMs });
    askMemory.keep(user.key, { asks, asksRevision: 1 }, nowMs);
    expect(await again()).toBeUndefined();
    expect((await local.users.read(user.key)).asksRevision).toBe(1);
    nowMs += 60_000;
    expect(await again()).toBeDefined();
  });

  test('when the table cannot be used', () =>
    isLong({
      stores: {
        users: { ...local.users, claimAsk: () => Promise.reject(new StateUnavailable(undefined)) },
      },
    }));

  test('for a call whose day is over', async () => {
    const { user, again } = await polledBefore();
    nowMs += sessionSeconds * 1000;
    expect(await again()).toBeUndefined();
    expect((await local.users.read(user.key)).asksRevision).toBe(1);
  });

  test('for a call this container has not asked about', async () => {
    const { user, askMemory, parts, again } = await polledBefore();
    askMemory.take(user.key);
    expect(await again()).toBeUndefined();
    expect(await claimPollAgain(otherCall, parts)).toBeUndefined();
    expect(await claimPollAgain(undefined, parts)).toBeUndefined();
  });
});
