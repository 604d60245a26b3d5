import { systemClock } from '../../lib/runtime/clock.ts';

test.each([0, -1, 0.7])('a timeout of %s ms ends at once with a TimeoutError', async (ms) => {
  const signal = systemClock.signal(ms);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
});

test('durations do not follow the wall clock', () => {
  const wall = jest.spyOn(Date, 'now').mockReturnValue(0);
  try {
    const before = systemClock.elapsedMs();
    expect(systemClock.nowMs()).toBe(0);
    expect(systemClock.elapsedMs()).toBeGreaterThanOrEqual(before);
  } finally {
    wall.mockRestore();
  }
});
