import { grantedJwt, unaskedJwt } from '../../../../infra/commands/ringcentral-user/jwt.ts';

const nowMs = Date.UTC(2026, 10, 23);
const jwtEnding = (exp: unknown): string =>
  ['e30', Buffer.from(JSON.stringify({ exp })).toString('base64url'), 'demo'].join('.');
const inDays = (days: number): number => nowMs / 1000 + days * 24 * 3600;

test.each([
  ['ends in time', jwtEnding(inDays(15)), 'accepted; it ends on 2026-12-08, in 15 days'],
  ['never ends', jwtEnding(undefined), 'accepted'],
  ['has a nonsensical end', jwtEnding(1e300), 'accepted'],
  ['cannot be read', 'demo-jwt', 'accepted'],
])('an accepted JWT that %s passes', (_, jwt, detail) => {
  expect(grantedJwt(jwt, nowMs)).toEqual({ name: 'JWT', outcome: 'ok', detail });
});

test('an accepted JWT that ends within 14 days fails', () => {
  expect(grantedJwt(jwtEnding(inDays(14)), nowMs)).toMatchObject({
    outcome: 'failed',
    detail: 'accepted; it ends on 2026-12-07, in 14 days',
  });
});

test.each([
  ['has ended', jwtEnding(inDays(-1)), { outcome: 'failed', detail: 'ended on 2026-11-22' }],
  ['has a nonsensical end', jwtEnding(-1e300), { outcome: 'skipped', detail: 'needs the network' }],
  ['ends soon', jwtEnding(inDays(1)), { outcome: 'failed', detail: 'ends on 2026-11-24, in 1 day' }],
  ['ends later', jwtEnding(inDays(15)), { outcome: 'skipped', detail: 'needs the network' }],
  ['cannot be read', 'demo-jwt', { outcome: 'skipped', detail: 'needs the network' }],
])('the check without network of a JWT that %s', (_, jwt, expected) => {
  expect(unaskedJwt(jwt, nowMs)).toMatchObject(expected);
});
