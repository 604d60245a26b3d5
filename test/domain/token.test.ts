import { isDue, isServable, type Token } from '../../lib/domain/token.ts';
import { demoToken } from '../state/demo-rows.ts';

const issuedAtMs = 1_800_000_000_000;
const tokenOfLife = (lifeMs: number): Token => demoToken(issuedAtMs, { expiresAtMs: issuedAtMs + lifeMs });

test.each([
  ['an hour', 3_600_000, 3_540_000],
  ['ten minutes', 600_000, 540_000],
  ['two minutes', 120_000, 108_000],
  ['a second', 1000, 900],
])(
  'a token with a life of %s is used until its last minute, or its last tenth if that is shorter',
  (_, lifeMs, untilMs) => {
    expect(isServable(tokenOfLife(lifeMs), issuedAtMs + untilMs - 1)).toBe(true);
    expect(isServable(tokenOfLife(lifeMs), issuedAtMs + untilMs)).toBe(false);
  },
);

test.each([
  ['an hour', 3_600_000, 1_620_000],
  ['a minute', 60_000, 27_000],
])('a token with a life of %s is due at 45 %% of it', (_, lifeMs, fromMs) => {
  expect(isDue(tokenOfLife(lifeMs), issuedAtMs + fromMs - 1)).toBe(false);
  expect(isDue(tokenOfLife(lifeMs), issuedAtMs + fromMs)).toBe(true);
});
