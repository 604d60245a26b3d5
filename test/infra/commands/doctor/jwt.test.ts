import { grantedJwt, unaskedJwt } from '../../../../infra/commands/doctor/jwt.ts';

const nowMs = Date.UTC(2026, 10, 23);
const jwtEnding = (exp: unknown): string =>
  ['e30', Buffer.from(JSON.stringify({ exp })).toString('base64url'), 'demo'].join('.');
const inDays = (days: number): number => nowMs / 1000 + days * 24 * 3600;

test.each([
  ['ends', jwtEnding(inDays(12)), 'accepted; it ends on 2026-12-05, in 12 days'],
  ['never ends', jwtEnding(undefined), 'accepted'],
  ['has a nonsensical end', jwtEnding(1e300), 'accepted'],
  ['cannot be read', 'demo-jwt', 'accepted'],
])('an accepted JWT that %s', (_, jwt, detail) => {
  expect(grantedJwt(jwt, nowMs)).toEqual({ name: 'JWT', outcome: 'ok', detail });
});

test.each([
  ['has ended', jwtEnding(inDays(-1)), { outcome: 'failed', detail: 'ended on 2026-11-22' }],
  ['has a nonsensical end', jwtEnding(-1e300), { outcome: 'skipped', detail: 'needs the network' }],
  ['ends later', jwtEnding(inDays(1)), { outcome: 'skipped', detail: 'needs the network' }],
  ['cannot be read', 'demo-jwt', { outcome: 'skipped', detail: 'needs the network' }],
])('without network, a JWT that %s', (_, jwt, expected) => {
  expect(unaskedJwt(jwt, nowMs)).toMatchObject(expected);
});
