import type { User } from '../../lib/domain/user.ts';
import { createGrants } from '../../lib/ringcentral/grants.ts';
import { testClock } from '../clock.ts';

const user = { clientId: 'demo-client', clientSecret: 'demo-client-secret', jwt: 'demo-jwt' } as User;

const json = (status: number, body: object, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

test.each<[string, () => Response, readonly string[]]>([
  ['that succeeds', () => json(200, { access_token: 'demo-token' }), ['Grants']],
  ['that fails', () => json(400, { error: 'invalid_grant' }), ['Grants', 'GrantFailures']],
  ['that is throttled', () => json(429, {}, { 'retry-after': '60' }), ['Grants', 'GrantFailures', 'UpstreamThrottled']],
  [
    'that has a bug',
    () => {
      throw new TypeError('demo bug');
    },
    ['Grants', 'GrantFailures'],
  ],
])('a token request %s is counted', async (_, answer, expected) => {
  const counted: string[] = [];
  const grants = createGrants(async () => answer(), testClock(), { add: (name) => void counted.push(name) });
  await Promise.allSettled([grants.withJwt(user, 1000)]);
  expect(counted.splice(0)).toEqual(expected);
  await Promise.allSettled([grants.withRefreshToken(user, 'demo-refresh-token', 1000)]);
  expect(counted).toEqual(expected);
});
