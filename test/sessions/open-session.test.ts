import { Deadline } from '../../lib/domain/deadline.ts';
import type { Log, Metrics } from '../../lib/domain/ports.ts';
import type { SessionId } from '../../lib/domain/ring-out.ts';
import { drawSessionId, openSession } from '../../lib/sessions/open-session.ts';
import { createSessionMemory } from '../../lib/sessions/session-memory.ts';
import type { Session, SessionStore } from '../../lib/state/session-store.ts';
import { StateUnavailable } from '../../lib/state/table.ts';
import { testClock } from '../clock.ts';
import { silentLog } from '../silent-log.ts';

const nowMs = 1_800_000_000_000;
const clock = { ...testClock(), nowMs: () => nowMs };

const call = {
  ringOutId: 'demo-ring-out',
  userKey: 'demo-user',
  to: '+16505550100',
  from: '+16505553711',
  state: { kind: 'live', call: 'InProgress', caller: 'InProgress', callee: 'InProgress' },
} as const;

const deadline = new Deadline(clock, 20_000);

/** Opens a session. The store answers each attempt with the next of these results; ids are drawn from 100000001 up. */
async function open(results: readonly (boolean | Error)[]) {
  const metrics: string[] = [];
  const errors: string[] = [];
  const tried: Session[] = [];
  const memory = createSessionMemory();
  const sessions = {
    create(session) {
      const result = results[tried.push(session) - 1] ?? false;
      return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
    },
  } as SessionStore;
  const log: Log = { ...silentLog, error: (message) => void errors.push(message), with: () => log };
  const counting = { add: (name) => void metrics.push(name) } as Metrics;
  let drawn = 100_000_001;
  const draw = (): SessionId => String((drawn += 1)) as SessionId;
  const { session, isStored } = await openSession(
    { ...call, sessionId: '100000001' },
    {
      sessions,
      sessionMemory: memory,
      clock,
      deadline,
      log,
      metrics: counting,
      draw,
    },
  );
  return { session, isStored, tried: tried.map(({ sessionId }) => sessionId), metrics, errors, memory };
}

const opened = (sessionId: SessionId): Session => ({
  ...call,
  sessionId,
  createdAtMs: nowMs,
  stateAtMs: nowMs,
  cancelledAtMs: undefined,
});

test.each([
  ['the first id drawn, if it is free', [true], '100000001', 1],
  ['another, if the first is taken', [false, true], '100000002', 2],
  ['the third, if two are taken', [false, false, true], '100000003', 3],
  ['the first id drawn, if the table fails once', [new StateUnavailable(undefined), true], '100000001', 2],
  [
    'the second, if the table fails once but has stored the first',
    [new StateUnavailable(undefined), false, true],
    '100000002',
    3,
  ],
  ['the second, if the table fails once later', [false, new StateUnavailable(undefined), true], '100000002', 3],
] as const)('a call gets %s', async (_, results, sessionId, attempts) => {
  const { session, isStored, tried, metrics, errors, memory } = await open(results);
  expect([session, isStored]).toEqual([opened(sessionId), true]);
  expect(memory.recall(sessionId, nowMs)).toEqual(session);
  expect(tried).toHaveLength(attempts);
  expect([metrics, errors]).toEqual([[], []]);
});

test.each([
  ['three ids are taken', [false, false, false], '100000004', 'the call was placed, but no free session id was found'],
  [
    'the table cannot be used',
    [new StateUnavailable(undefined), new StateUnavailable(undefined)],
    '100000001',
    'the call was placed, but its session could not be stored',
  ],
  [
    'the table goes down after a collision',
    [new StateUnavailable(undefined), false, new StateUnavailable(undefined)],
    '100000002',
    'the call was placed, but its session could not be stored',
  ],
  [
    'the store has a bug',
    [new TypeError('demo bug')],
    '100000001',
    'the call was placed, but its session could not be stored',
  ],
] as const)(
  'a call is answered although %s; the loss is logged and counted',
  async (_, results, sessionId, message) => {
    const { session, isStored, tried, metrics, errors, memory } = await open(results);
    expect([session, isStored]).toEqual([opened(sessionId), false]);
    expect(memory.recall(sessionId, nowMs)).toEqual(session);
    expect(tried).toHaveLength(results.length);
    expect([metrics, errors]).toEqual([['SessionsLost'], [message]]);
  },
);

test('a table that does not answer does not delay the answer beyond the time of the request', async () => {
  const metrics: string[] = [];
  const memory = createSessionMemory();
  const { session } = await openSession(
    { ...call, sessionId: '123456789' },
    {
      sessions: { create: () => new Promise(() => {}) } as unknown as SessionStore,
      sessionMemory: memory,
      clock,
      deadline: new Deadline(clock, 110),
      log: silentLog,
      metrics: { add: (name) => void metrics.push(name) } as Metrics,
    },
  );
  expect(memory.recall(session.sessionId, nowMs)).toEqual(session);
  expect(metrics).toEqual(['SessionsLost']);
});

test('ids are nine random digits', () => {
  const drawn = Array.from({ length: 500 }, drawSessionId);
  for (const sessionId of drawn) expect(sessionId).toMatch(/^[1-9]\d{8}$/);
  expect(new Set(drawn).size).toBe(500);
});
