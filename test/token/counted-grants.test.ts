import { LegacyFailure } from '../../lib/domain/failure.ts';
import type { Metrics } from '../../lib/domain/ports.ts';
import type { User } from '../../lib/domain/user.ts';
import { GrantFailed, type Granted } from '../../lib/ringcentral/grants.ts';
import { countGrants } from '../../lib/token/counted-grants.ts';

test.each<[string, Error | undefined, readonly string[]]>([
  ['one that succeeds', undefined, ['Grants']],
  ['one that fails', new GrantFailed(new LegacyFailure('jwt_refused'), true), ['Grants', 'GrantFailures']],
  [
    'one that is throttled',
    new GrantFailed(new LegacyFailure('throttled'), false, 1),
    ['Grants', 'GrantFailures', 'UpstreamThrottled'],
  ],
  ['one that meets a bug', new TypeError('demo bug'), ['Grants', 'GrantFailures']],
])('of token requests, %s is counted', async (_, failure, expected) => {
  const counted: string[] = [];
  const granted = {} as Granted;
  const grant = (): Promise<Granted> => (failure === undefined ? Promise.resolve(granted) : Promise.reject(failure));
  const grants = countGrants({ withJwt: grant, withRefreshToken: grant }, {
    add: (name) => void counted.push(name),
  } as Metrics);
  for (const asked of [() => grants.withJwt({} as User, 1), () => grants.withRefreshToken({} as User, 'demo', 1)]) {
    counted.length = 0;
    if (failure === undefined) expect(await asked()).toBe(granted);
    else await expect(asked()).rejects.toBe(failure);
    expect(counted).toEqual(expected);
  }
});
