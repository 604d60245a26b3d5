import type { SessionId } from '../../lib/domain/ring-out.ts';
import { planAsk } from '../../lib/sessions/status-pacing.ts';
import type { StatusAsk } from '../../lib/state/user-state.ts';

const nowMs = 1_800_000_000_000;
const call: SessionId = '100000000';

/** So many asks in the last minute, the last one a second ago, taken in turn by so many other calls. */
const others = (count: number, calls = count): readonly StatusAsk[] =>
  Array.from({ length: count }, (_, index) => ({
    sessionId: String(200_000_000 + (index % calls)) as SessionId,
    atMs: nowMs - 1000 - (count - index),
  }));

/** So many answered asks for the call itself, the last one so long ago. */
const own = (count: number, lastAgoMs: number): readonly StatusAsk[] =>
  Array.from({ length: count }, (_, index) => ({ sessionId: call, atMs: nowMs - lastAgoMs - (count - 1 - index) }));

test.each([
  // Free zone: every poll is passed on.
  ['the first poll', [], 60_000, true],
  ['a poll right after the answer to the one before', own(1, 100), 100, true],
  ['a poll while 29 requests were made for other calls', others(29), 1, true],
  ['the fourteenth answered poll of one call in a minute', own(14, 200), 200, true],
  ['a poll of a call whose status comes from the future of another container', [], -3_600_000, true],
  // One call polled by several programs.
  ['the sixteenth poll of one call, the answer being younger than four seconds', own(15, 3999), 3999, false],
  ['the same four seconds after the answer', own(15, 4000), 4000, true],
  // Many calls: each gets its share of 45 requests a minute.
  ['a poll beside 30 other calls, the answer being younger than its share', others(30), 41_332, false],
  ['the same when the share is due: 31 calls, 45 requests', others(30), 41_334, true],
  ['a poll beside 30 requests for 2 other calls, younger than the share of 3 calls', others(30, 2), 3999, false],
  ['the same when the share is due', others(30, 2), 4000, true],
  // The hard cap.
  ['a poll, when 40 requests were made in the last minute and the share of 41 calls is due', others(40), 54_667, true],
  ['a poll, when 41 were: the share of 42 calls is not enough', others(41), 56_000, false],
  ['twice that share is', others(41), 112_000, true],
  ['a poll, when 44 were: sixteen times the share is needed', others(44), 16 * 60_000 - 1, false],
  ['a poll that has waited so long', others(44), 16 * 60_000, true],
  ['any poll, when 45 were', others(45), 3_600_000, false],
  ['any poll, when 45 were a minute ago', others(45).map((ask) => ({ ...ask, atMs: ask.atMs - 59_000 })), 60_000, true],
  // An ask under way is shared, until its container counts as dead.
  ['a poll while another container asks', own(1, 50), 5000, false],
  ['a poll while another container has asked for almost twelve seconds', own(1, 11_999), 20_000, false],
  ['a poll when that container has not come back in twelve seconds', own(1, 12_000), 20_000, true],
  ['a poll while another container asks for another call', others(1), 5000, true],
] as const)('%s', (_, asks, stateAgeMs, isAsked) => {
  const plan = planAsk(asks, call, nowMs - stateAgeMs, nowMs);
  expect(plan !== undefined).toBe(isAsked);
});

test('the log that is stored has the new ask at its end and only those of the last minute before it', () => {
  const asks: readonly StatusAsk[] = [
    { sessionId: '300000001', atMs: nowMs - 60_000 },
    { sessionId: '300000002', atMs: nowMs - 59_999 },
  ];
  expect(planAsk(asks, call, nowMs - 5000, nowMs)).toEqual([asks[1], { sessionId: call, atMs: nowMs }]);
});

test.each([
  ['one call, polled each second by five programs', 1, 200],
  ['ten calls, polled every two seconds', 10, 2000],
  ['sixty calls, polled every five seconds', 60, 5000],
])(
  '%s, never costs more than 45 requests in any minute, and every call is asked for in its turn',
  (_, calls, everyMs) => {
    const stateAt = new Map<SessionId, number>();
    const asked: StatusAsk[] = [];
    let log: readonly StatusAsk[] = [];
    for (let atMs = nowMs; atMs < nowMs + 10 * 60_000; atMs += everyMs / calls) {
      const sessionId = String(100_000_000 + (Math.round((atMs - nowMs) / (everyMs / calls)) % calls)) as SessionId;
      const plan = planAsk(log, sessionId, stateAt.get(sessionId) ?? nowMs - 1, atMs);
      if (plan === undefined) continue;
      log = plan;
      asked.push({ sessionId, atMs });
      stateAt.set(sessionId, atMs);
    }
    const busiest = Math.max(
      ...asked.map(({ atMs }) => asked.filter((ask) => ask.atMs > atMs - 60_000 && ask.atMs <= atMs).length),
    );
    expect(busiest).toBeLessThanOrEqual(45);
    expect(new Set(asked.map(({ sessionId }) => sessionId)).size).toBe(calls);
  },
);
