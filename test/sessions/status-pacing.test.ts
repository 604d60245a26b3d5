import * as fc from 'fast-check';
import type { SessionId } from '../../lib/domain/ring-out.ts';
import { nextAskLog } from '../../lib/sessions/status-pacing.ts';
import type { StatusAsk } from '../../lib/state/user-state.ts';

const nowMs = 1_800_000_000_000;
const call: SessionId = '100000000';

/** This many requests in the last minute, the last one a second ago, for this many other calls in turn. */
const others = (count: number, calls = count): readonly StatusAsk[] =>
  Array.from({ length: count }, (_, index) => ({
    sessionId: String(200_000_000 + (index % calls)) as SessionId,
    atMs: nowMs - 1000 - (count - index),
  }));

/** This many answered requests for the call itself, the last one this long ago. */
const own = (count: number, lastAgoMs: number): readonly StatusAsk[] =>
  Array.from({ length: count }, (_, index) => ({ sessionId: call, atMs: nowMs - lastAgoMs - (count - 1 - index) }));

test.each([
  // Few requests: every poll makes a request.
  ['the first poll', [], 60_000, true],
  ['a poll right after the answer to the one before', own(1, 100), 100, true],
  ['a poll while 29 requests were made for other calls', others(29), 1, true],
  ['the fourteenth answered poll of one call in a minute', own(14, 200), 200, true],
  ['a poll of a call whose status has a future time from the clock of another container', [], -3_600_000, true],
  // One call polled by several programs.
  ['the sixteenth poll of one call, with a status younger than four seconds', own(15, 3999), 3999, false],
  ['the same four seconds after the answer', own(15, 4000), 4000, true],
  // Many calls: each gets its share of 45 requests a minute.
  ['a poll beside 30 other calls, with a status younger than its share', others(30), 41_332, false],
  ['the same when the share is due: 31 calls, 45 requests', others(30), 41_334, true],
  ['a poll beside 30 requests for 2 other calls, younger than the share of 3 calls', others(30, 2), 3999, false],
  ['the same when the share is due', others(30, 2), 4000, true],
  // The hard cap.
  ['a poll after 40 requests in a minute, when the share of 41 calls is due', others(40), 54_667, true],
  ['a poll after 41 requests, when the share of 42 calls is due, which is not enough', others(41), 56_000, false],
  ['a poll after 41 requests, when twice that share is due', others(41), 112_000, true],
  ['a poll after 44 requests, just before sixteen times the share is due', others(44), 16 * 60_000 - 1, false],
  ['a poll after 44 requests, when sixteen times the share is due', others(44), 16 * 60_000, true],
  ['a poll after 45 requests', others(45), 3_600_000, false],
  ['a poll a minute after 45 requests', others(45).map((ask) => ({ ...ask, atMs: ask.atMs - 59_000 })), 60_000, true],
  // A request under way is shared until its container counts as dead.
  ['a poll during a request of another container', own(1, 50), 5000, false],
  ['a poll after almost twelve seconds of a request of another container', own(1, 11_999), 20_000, false],
  ['a poll after twelve seconds of that request without an answer', own(1, 12_000), 20_000, true],
  ['a poll during a request of another container for another call', others(1), 5000, true],
] as const)('%s', (_, asks, stateAgeMs, isAsked) => {
  const plan = nextAskLog(asks, { sessionId: call, stateAtMs: nowMs - stateAgeMs, cancelledAtMs: undefined }, nowMs);
  expect(plan !== undefined).toBe(isAsked);
});

test.each([
  // The status is 2 s old, too young beside so many requests. The last number is the age of the cancel.
  ['when too many programs poll it', own(20, 2000), 1999, true],
  ['in the same millisecond as the request for its status', own(20, 2000), 2000, true],
  ['unless its status was requested after the cancel', own(20, 2000), 2001, false],
  ['beside many other calls', others(44), 1, true],
  ['but not during a request from before the cancel', own(20, 1000), 1, false],
  ['and not beyond 45 in a minute', others(45), 1, false],
] as const)('the status of a cancelled call is requested again, %s', (_, asks, cancelAgeMs, isAsked) => {
  const cancelled = { sessionId: call, stateAtMs: nowMs - 2000, cancelledAtMs: nowMs - cancelAgeMs };
  expect(nextAskLog(asks, cancelled, nowMs) !== undefined).toBe(isAsked);
  expect(nextAskLog(others(44), { ...cancelled, cancelledAtMs: undefined }, nowMs)).toBeUndefined();
});

test('the stored log ends in the new request, after only those of the last minute', () => {
  const asks: readonly StatusAsk[] = [
    { sessionId: '300000001', atMs: nowMs - 60_000 },
    { sessionId: '300000002', atMs: nowMs - 59_999 },
  ];
  const known = { sessionId: call, stateAtMs: nowMs - 5000, cancelledAtMs: undefined };
  expect(nextAskLog(asks, known, nowMs)).toEqual([asks[1], { sessionId: call, atMs: nowMs }]);
});

test.each([
  ['ten calls, polled every two seconds', 10, 2000],
  ['sixty calls, polled every five seconds', 60, 5000],
])('of %s, the status of each is requested in turn', (_, calls, everyMs) => {
  const stateAt = new Map<SessionId, number>();
  const asked = new Set<SessionId>();
  let log: readonly StatusAsk[] = [];
  const stepMs = everyMs / calls;
  for (let step = 0; step < (10 * 60_000) / stepMs; step += 1) {
    const sessionId = String(100_000_000 + (step % calls)) as SessionId;
    const atMs = nowMs + step * stepMs;
    const known = { sessionId, stateAtMs: stateAt.get(sessionId) ?? nowMs - 1, cancelledAtMs: undefined };
    const plan = nextAskLog(log, known, atMs);
    if (plan === undefined) continue;
    log = plan;
    asked.add(sessionId);
    stateAt.set(sessionId, atMs);
  }
  expect(asked.size).toBe(calls);
});

/** One poll: its call, its time after the poll before it, and the result if it makes a request. */
interface Poll {
  readonly call: number;
  readonly afterMs: number;
  /** How long RingCentral takes. Undefined means that the container dies and the request never ends. */
  readonly answerMs: number | undefined;
  /** Whether the call is cancelled just before. */
  readonly cancel: boolean;
}

const polls = fc.array(
  fc.record({
    call: fc.nat(99),
    afterMs: fc.nat(400),
    answerMs: fc.option(fc.integer({ min: 1, max: 11_999 }), { nil: undefined }),
    cancel: fc.boolean(),
  }),
  { minLength: 50, maxLength: 400, size: 'max' },
);

interface Ask extends StatusAsk {
  readonly endsAtMs: number;
}

/** The requests that these polls make, for calls whose status is up to a day old. */
function asksOf(sequence: readonly Poll[], stateAgeMs: number): readonly Ask[] {
  const made: Ask[] = [];
  const cancelledAt = new Map<number, number>();
  let log: readonly StatusAsk[] = [];
  let atMs = nowMs;
  for (const poll of sequence) {
    atMs += poll.afterMs;
    if (poll.cancel) cancelledAt.set(poll.call, atMs);
    const sessionId = String(100_000_000 + poll.call) as SessionId;
    const answered = made.filter((ask) => ask.sessionId === sessionId && ask.endsAtMs <= atMs);
    const stateAtMs = Math.max(nowMs - stateAgeMs, ...answered.map((ask) => ask.atMs));
    const plan = nextAskLog(log, { sessionId, stateAtMs, cancelledAtMs: cancelledAt.get(poll.call) }, atMs);
    if (plan === undefined) continue;
    log = plan;
    made.push({ sessionId, atMs, endsAtMs: poll.answerMs === undefined ? Infinity : atMs + poll.answerMs });
  }
  return made;
}

const stateAge = fc.nat(24 * 3_600_000);

test('no minute has more than 45 requests, whatever is polled and cancelled', () => {
  fc.assert(
    fc.property(polls, stateAge, (sequence, stateAgeMs) => {
      const asks = asksOf(sequence, stateAgeMs);
      const inMinuteBefore = (end: Ask): number =>
        asks.filter(({ atMs }) => atMs > end.atMs - 60_000 && atMs <= end.atMs).length;
      expect(Math.max(0, ...asks.map(inMinuteBefore))).toBeLessThanOrEqual(45);
    }),
  );
});

test('no call has two requests at a time, unless a container counts as dead', () => {
  fc.assert(
    fc.property(polls, stateAge, fc.integer({ min: 1, max: 5 }), (sequence, stateAgeMs, calls) => {
      const asks = asksOf(
        sequence.map((poll) => ({ ...poll, call: poll.call % calls })),
        stateAgeMs,
      );
      const overlapping = asks.filter((ask, index) =>
        asks
          .slice(0, index)
          .some(
            (earlier) =>
              earlier.sessionId === ask.sessionId && earlier.endsAtMs > ask.atMs && earlier.atMs > ask.atMs - 12_000,
          ),
      );
      expect(overlapping).toEqual([]);
    }),
  );
});
