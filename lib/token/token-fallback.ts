import type { Deadline } from '../domain/deadline.ts';
import { LegacyFailure } from '../domain/failure.ts';
import { isInForce } from '../domain/mark-life.ts';
import { nameInLog } from '../domain/log-name.ts';
import type { Clock, Log } from '../domain/ports.ts';
import { isServable, type Token } from '../domain/token.ts';
import type { User } from '../domain/user.ts';
import { GrantFailed, type Grants } from '../ringcentral/grants.ts';
import { grantTimeoutMs, apiCallReserveMs } from './grant-time.ts';

/**
 * Serves tokens when the state table is down: the last token this container saw, or a new one, at most once a minute.
 * Without the lease every container may ask RingCentral. The jitter and the minute's pause keep each container's share
 * low, because RingCentral allows five token requests a minute. One container cannot limit the others.
 */
export interface TokenFallback {
  /** Stores the token in memory and returns it. */
  remember(user: User, token: Token): Token;
  forget(user: User, rejected: Token): void;
  /** Returns the last token this container saw, unless it is unusable or the rejected one. */
  remembered(user: User, rejected?: Token): Token | undefined;
  /** Forbids direct grants until then (epoch milliseconds), and for at least one minute. */
  noGrantBefore(user: User, untilMs: number): void;
  /** Throws LegacyFailure: `state_unavailable`, or the failure of the grant. */
  token(user: User, deadline: Deadline, log: Log, rejected?: Token): Promise<Token>;
}

/**
 * Shortest time between two direct grants of a container, and from a throttled grant to the next direct one
 * (milliseconds).
 */
const directGrantIntervalMs = 60_000;
const maxJitterMs = 1000;

export function createTokenFallback(grants: Grants, clock: Clock): TokenFallback {
  const lastSeen = new Map<string, Token>();
  /** User key -> time before which this container makes no direct grant (epoch milliseconds). */
  const notBefore = new Map<string, number>();
  const inFlight = new Map<string, Promise<Token>>();

  async function directGrant(user: User, deadline: Deadline): Promise<Token> {
    await clock.sleep(clock.random() * deadline.budgetMs(maxJitterMs));
    try {
      const { token, closedUntilMs } = await grants.withJwt(user, deadline.budgetMs(grantTimeoutMs, apiCallReserveMs));
      if (closedUntilMs !== undefined) noGrantBefore(user, closedUntilMs);
      lastSeen.set(user.key, token);
      return token;
    } catch (error) {
      if (!(error instanceof GrantFailed)) throw error;
      if (error.closedUntilMs !== undefined) noGrantBefore(user, error.closedUntilMs);
      throw error.failure;
    }
  }

  function noGrantBefore(user: User, untilMs: number): void {
    notBefore.set(user.key, Math.max(untilMs, clock.nowMs() + directGrantIntervalMs, notBefore.get(user.key) ?? 0));
  }

  return {
    remember(user, token) {
      lastSeen.set(user.key, token);
      return token;
    },
    forget(user, rejected) {
      if (lastSeen.get(user.key)?.accessToken === rejected.accessToken) lastSeen.delete(user.key);
    },
    noGrantBefore,
    remembered(user, rejected) {
      if (rejected !== undefined) this.forget(user, rejected);
      const last = lastSeen.get(user.key);
      return last?.fingerprint === user.fingerprint && isServable(last, clock.nowMs()) ? last : undefined;
    },
    async token(user, deadline, log, rejected) {
      const remembered = this.remembered(user, rejected);
      if (remembered !== undefined) return remembered;
      const running = inFlight.get(user.key);
      if (running !== undefined) return running;
      if (isInForce('closedGroup', notBefore.get(user.key), clock.nowMs())) {
        throw new LegacyFailure('state_unavailable', {
          hint: 'no token in memory, and one was asked for a moment ago',
        });
      }
      log.warn('the state table cannot be used, asking RingCentral for a token directly', nameInLog(user));
      // Set before the answer arrives, so that a failed grant counts as well.
      noGrantBefore(user, clock.nowMs());
      const grant = directGrant(user, deadline).finally(() => inFlight.delete(user.key));
      inFlight.set(user.key, grant);
      return grant;
    },
  };
}
