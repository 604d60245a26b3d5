import type { Metrics } from '../domain/ports.ts';
import { GrantFailed, type Granted, type Grants } from '../ringcentral/grants.ts';

/** The same grants, each counted, and once more if it failed or was throttled. */
export function countGrants(grants: Grants, metrics: Metrics): Grants {
  async function counted(underWay: Promise<Granted>): Promise<Granted> {
    metrics.add('Grants');
    try {
      return await underWay;
    } catch (error) {
      metrics.add('GrantFailures');
      if (error instanceof GrantFailed && error.failure.code === 'throttled') metrics.add('UpstreamThrottled');
      throw error;
    }
  }

  return {
    withJwt: (user, timeoutMs) => counted(grants.withJwt(user, timeoutMs)),
    withRefreshToken: (user, refreshToken, timeoutMs) =>
      counted(grants.withRefreshToken(user, refreshToken, timeoutMs)),
  };
}
