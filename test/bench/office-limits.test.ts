import { officeDay } from './office-day.ts';
import { playDay, type OfficeDayResult } from './office-limits.ts';

const day = officeDay({ seats: 60, callsPerSeat: 10, faxes: 30 });

const polls = ({ polls: { fromRingCentral, fromRow, refused } }: OfficeDayResult): number =>
  fromRingCentral + fromRow + refused;

test('a day is reproducible', () => {
  expect(officeDay({ seats: 5, callsPerSeat: 3, faxes: 4 })).toEqual(
    officeDay({ seats: 5, callsPerSeat: 3, faxes: 4 }),
  );
  expect(day.filter(({ kind }) => kind === 'call')).toHaveLength(600);
});

describe('an office whose seats share one RingCentral user', () => {
  const relay = playDay(day, 1, 'relay');
  const marks = playDay(day, 1, 'marks');
  const product = playDay(day, 1, 'product');

  test('has most of its status polls refused when every request is passed on', () => {
    expect(relay.refusedByRingCentral.requests).toBeGreaterThan(1000);
    expect(relay.polls.refused).toBeGreaterThan(polls(relay) / 2);
  });

  test('keeps its polls within the limit of Light, and RingCentral refuses no request', () => {
    expect(product.mostAsks.perMinute).toBeLessThanOrEqual(45);
    expect(product.refusedByRingCentral.requests).toBe(0);
    expect(product.polls.refused).toBe(0);
  });

  test('learns of the end of every call, sooner than without coalescing', () => {
    const latest = (result: OfficeDayResult): number => Math.max(...result.lateMs);
    expect(product.neverTold.calls).toBe(0);
    expect(product.lateMs).toHaveLength(product.calls.placed);
    expect(latest(product)).toBeLessThan(latest(marks));
  });
});

test('with one user per seat every call is placed, every poll is passed on and nothing is refused', () => {
  const result = playDay(day, 60, 'product');
  expect(result.calls).toEqual({ placed: 600, refused: 0 });
  expect([result.polls.fromRow, result.polls.refused, result.refusedByRingCentral.requests]).toEqual([0, 0, 0]);
  // One program that polls every five seconds makes twelve requests a minute.
  expect(result.mostAsks.perMinute).toBeLessThanOrEqual(24);
});
