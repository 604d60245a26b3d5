import { officeDay } from './office-day.ts';
import { playDay, type OfficeDayResult } from './office-limits.ts';

const day = officeDay({ seats: 60, callsPerSeat: 10, faxes: 30 });

const polls = ({ polls: { fromRingCentral, fromRow, refused } }: OfficeDayResult): number =>
  fromRingCentral + fromRow + refused;

test('a day is the same every time', () => {
  expect(officeDay({ seats: 5, callsPerSeat: 3, faxes: 4 })).toEqual(
    officeDay({ seats: 5, callsPerSeat: 3, faxes: 4 }),
  );
  expect(day.filter(({ kind }) => kind === 'call')).toHaveLength(600);
});

describe('an office whose seats share one RingCentral user', () => {
  const relay = playDay(day, 1, 'relay');
  const marks = playDay(day, 1, 'marks');
  const product = playDay(day, 1, 'product');

  test('has most of its requests refused when they are all passed on', () => {
    expect(relay.refusedByRingCentral.requests).toBeGreaterThan(1000);
    expect(relay.polls.refused).toBeGreaterThan(polls(relay) / 2);
  });

  test('keeps its polls inside Light and is refused nothing by RingCentral', () => {
    expect(product.mostAsks.perMinute).toBeLessThanOrEqual(45);
    expect(product.refusedByRingCentral.requests).toBe(0);
    expect(product.polls.refused).toBe(0);
  });

  test('learns the end of every call, and sooner than without coalescing', () => {
    const latest = (result: OfficeDayResult): number => Math.max(...result.lateMs);
    expect(product.neverTold.calls).toBe(0);
    expect(product.lateMs).toHaveLength(product.calls.placed);
    expect(latest(product)).toBeLessThan(latest(marks));
  });
});

test('one user per seat has every call placed, every poll passed on and nothing refused', () => {
  const result = playDay(day, 60, 'product');
  expect(result.calls).toEqual({ placed: 600, refused: 0 });
  expect([result.polls.fromRow, result.polls.refused, result.refusedByRingCentral.requests]).toEqual([0, 0, 0]);
  // One program polling every five seconds asks twelve times a minute.
  expect(result.mostAsks.perMinute).toBeLessThanOrEqual(24);
});
