import { createGuessMemory } from '../../lib/access/guess-memory.ts';

const nowMs = 1_800_000_000_000;
const minuteMs = 60_000;

test.each([
  ['before its end', nowMs + 1, true],
  ['no longer at its end', nowMs, false],
  ['when it ends in 20 minutes, the longest life of a fact', nowMs + 20 * minuteMs, true],
  ['not when it ends later, because then the clock was wrong', nowMs + 20 * minuteMs + 1, false],
])('a fact holds %s', (_, untilMs, expected) => {
  const memory = createGuessMemory();
  memory.keep('demo', untilMs);
  expect(memory.holds('demo', nowMs)).toBe(expected);
  expect(memory.holds('other', nowMs)).toBe(false);
});

test('a thousand facts are kept, and the oldest is evicted first', () => {
  const memory = createGuessMemory();
  for (let fact = 0; fact <= 1000; fact += 1) memory.keep(`demo-${fact}`, nowMs + 1);
  expect([0, 1, 1000].map((fact) => memory.holds(`demo-${fact}`, nowMs))).toEqual([false, true, true]);
});
