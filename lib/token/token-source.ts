import { randomUUID } from 'node:crypto';
import type { Deadline } from '../domain/deadline.ts';
import { LegacyFailure } from '../domain/failure.ts';
import { isInForce, markLifeMs } from '../domain/mark-life.ts';
import { nameInLog } from '../domain/log-name.ts';
import type { Clock, Log, Metrics } from '../domain/ports.ts';
import { isDue, isServable, type Token } from '../domain/token.ts';
import type { User } from '../domain/user.ts';
import { throttledUntil } from '../ringcentral/failures.ts';
import { GrantFailed, type Granted, type Grants } from '../ringcentral/grants.ts';
import type { TokenRequest, TokenSource } from '../ringcentral/token-source.ts';
import { unlessTableDown, StateUnavailable } from '../state/table.ts';
import type { UserState } from '../state/user-state.ts';
import type { NoToken, UserStore } from '../state/user-store.ts';
import { apiCallReserveMs, grantTimeoutMs, pauseAfterFailureMs } from './grant-time.ts';
import type { TokenFallback } from './token-fallback.ts';

/*
 * One token per user, however many containers run.
 *
 * States of a user's row, and who may move it on:
 *
 *   EMPTY ──take lease──▶ RENEWING ──store──▶ FRESH ───its share─────▶ DUE ──its margin──▶ SPENT
 *     ▲                    │  │ ▲                │                      │                   │
 *     └──free, no token────┘  │ └──take lease────┴──(only if rejected)──┴──(schedule)───────┘ (any request)
 *                             └──deadline passes: the holder is dead, the lease is free again
 *
 *   REFUSED lies over any of them for a minute: RingCentral definitely said no to this fingerprint. FAILED lies over
 *   them for 15 s after each token request that brought neither a token nor a no.
 *
 * - FRESH and DUE tokens are served as they are. Legacy requests renew only SPENT ones; the schedule renews DUE ones,
 *   so that normally no request ever waits.
 * - Only the lease holder talks to the token endpoint. Its store counts the version up and is refused if the version
 *   moved, so a late holder cannot overwrite a newer token.
 * - Everybody else waits with jitter and reads again: either the winner's token is there, or the lease is free.
 * - A failed grant frees the lease at once and leaves a refusal, or the pause after a failure, with it: those who waited
 *   get the same failure, and ask nobody.
 * - A row made with another fingerprint is either newer than our secret (read the secret afresh) or older (renew). Nor
 *   is a refusal believed before the secret has been read afresh: somebody may have put it right by now.
 */

/**
 * How long nobody replaces a fresh token that was rejected. Not a minute, as after a refusal: five token requests are
 * allowed in one, and the next rejection may have another cause.
 */
const rejectionMs = 15_000;

/** What tokens are asked for, stored and shared with. */
export interface TokenSourceParts {
  readonly store: UserStore;
  readonly grants: Grants;
  readonly fallback: TokenFallback;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Reads the secret afresh; the same user, or undefined when it is no longer there. Throws if it cannot be read. */
  readonly reloadUser: (user: User) => Promise<User | undefined>;
}

export function createTokenSource(parts: TokenSourceParts): TokenSource {
  const { store, grants, fallback, clock, metrics } = parts;

  /** Goes round until there is a token that is `wanted`, or a reason to stop. */
  async function obtain(request: TokenRequest, wanted: (token: Token) => boolean, rejected?: Token): Promise<Token> {
    const { deadline, log } = request;
    let { user } = request;
    if (request.state === 'unavailable') throw new StateUnavailable(undefined);
    let state: UserState | undefined = request.state;
    let secret = 'cached' as 'cached' | 'fresh' | 'unreadable';
    let waits = 0;

    const reloadSecret = async (): Promise<boolean> => {
      const before = user.fingerprint;
      try {
        const reloaded = await parts.reloadUser(user);
        if (reloaded === undefined)
          throw new LegacyFailure('credentials', { note: 'the user is no longer in a secret' });
        user = reloaded;
        secret = 'fresh';
      } catch (error) {
        if (error instanceof LegacyFailure && error.code === 'credentials') throw error;
        secret = 'unreadable';
      }
      return user.fingerprint !== before;
    };

    const waitForHolder = async (): Promise<void> => {
      if (waits === 0) {
        metrics.add('LeaseWaits');
        log.debug('waiting for another container to renew the token');
      }
      await clock.sleep(30 + clock.random() * Math.min(30 * 2 ** waits, 300));
      waits += 1;
      state = undefined;
    };

    for (;;) {
      state ??= await store.read(user.key);
      const { token, refusal } = state;
      if (token !== undefined && token.accessToken !== rejected?.accessToken && wanted(token)) {
        // Without a readable secret nobody can tell which of the two is newer: a token that works is the better guess.
        if (token.fingerprint === user.fingerprint || secret === 'unreadable') return fallback.remember(user, token);
      }
      const isOfOtherJwt = token !== undefined && token.fingerprint !== user.fingerprint;
      const isRefused =
        refusal?.fingerprint === user.fingerprint && isInForce('refusal', refusal.untilMs, clock.nowMs());
      if ((isOfOtherJwt || isRefused) && secret === 'cached') {
        await reloadSecret();
        continue;
      }
      if (isRefused) throw new LegacyFailure(refusal.code, { note: 'RingCentral refused this a moment ago' });
      refuseIfThrottled(user, state);
      const { failedGrant } = state;
      if (failedGrant !== undefined && isInForce('failedGrant', failedGrant.untilMs, clock.nowMs())) {
        throw new LegacyFailure(failedGrant.code, { note: 'a token request failed a moment ago' });
      }
      if (deadline.remainingMs() <= apiCallReserveMs)
        throw new LegacyFailure('deadline', { note: 'waiting for a token' });

      const owner = randomUUID();
      const isHeld = isInForce('lease', state.lease?.untilMs, clock.nowMs());
      if (isHeld || !(await takeLease(user, state, owner, deadline))) {
        await waitForHolder();
        continue;
      }
      try {
        return await renewUnderLease(user, state, owner, rejected, request);
      } catch (error) {
        const refused = error instanceof GrantFailed && error.definite;
        // A container that slept through a rotation holds a dead JWT: look at the secret before believing the refusal.
        if (refused && secret === 'cached' && (await reloadSecret())) {
          state = undefined;
          continue;
        }
        throw error instanceof GrantFailed ? error.failure : error;
      }
    }
  }

  function refuseIfThrottled(user: User, state: UserState): void {
    const nowMs = clock.nowMs();
    const untilMs = state.closed.get('auth') ?? 0;
    if (!isInForce('closedGroup', untilMs, nowMs)) return;
    fallback.noGrantBefore(user, untilMs);
    throw throttledUntil(untilMs, nowMs, { note: 'token requests' });
  }

  function takeLease(user: User, state: UserState, owner: string, deadline: Deadline): Promise<boolean> {
    const nowMs = clock.nowMs();
    return store.takeLease(user.key, {
      owner,
      untilMs: nowMs + deadline.budgetMs(markLifeMs.lease),
      nowMs,
      seenVersion: state.version,
      fingerprint: user.fingerprint,
    });
  }

  async function renewUnderLease(
    user: User,
    state: UserState,
    owner: string,
    rejected: Token | undefined,
    { deadline, log }: TokenRequest,
  ): Promise<Token> {
    const refreshToken = usableRefreshToken(user, state.token, rejected, clock.nowMs());
    let granted: Granted;
    try {
      granted = await grant(user, refreshToken, deadline, log);
    } catch (error) {
      // A refresh token that does not work is followed by the JWT: two requests, and two pauses.
      await giveLeaseBack(user, owner, error, pauseAfterFailureMs * (refreshToken === undefined ? 1 : 2));
      throw error;
    }
    // The token first: whoever waits for it needs no token request, so that the mark can come after it.
    const token = fallback.remember(user, await keep(user, state, owner, granted.token, log));
    if (granted.closedUntilMs !== undefined) await closeAuth(user, granted.closedUntilMs);
    return token;
  }

  /** Stores what was granted; the token to go on with, which is a later holder's where there was one. */
  async function keep(user: User, seen: UserState, owner: string, granted: Token, log: Log): Promise<Token> {
    try {
      if (await store.storeToken(user.key, owner, seen.version, granted, seen.wrongPasswords)) return granted;
      // Either our own store, repeated by the AWS SDK, or a later holder's newer token.
      const { token } = await store.read(user.key);
      return token?.fingerprint === user.fingerprint && isServable(token, clock.nowMs()) ? token : granted;
    } catch (error) {
      if (!(error instanceof StateUnavailable)) throw error;
      log.warn('a token was granted but could not be stored', nameInLog(user));
      return granted;
    }
  }

  async function grant(user: User, refreshToken: string | undefined, deadline: Deadline, log: Log): Promise<Granted> {
    const timeoutMs = (): number => deadline.budgetMs(grantTimeoutMs, apiCallReserveMs);
    if (refreshToken !== undefined) {
      try {
        return await grants.withRefreshToken(user, refreshToken, timeoutMs());
      } catch (error) {
        if (!(error instanceof GrantFailed) || error.closedUntilMs !== undefined) throw error;
        // Used already by a container that died before it stored the result, or revoked: the JWT still works.
        log.info('the refresh token did not work, using the JWT', {
          code: error.failure.code,
          ...error.failure.detail,
        });
      }
    }
    return grants.withJwt(user, timeoutMs());
  }

  async function giveLeaseBack(user: User, owner: string, error: unknown, pauseMs: number): Promise<void> {
    const nowMs = clock.nowMs();
    let because: NoToken | undefined;
    if (error instanceof GrantFailed) {
      const { code } = error.failure;
      const { fingerprint } = user;
      because = error.definite
        ? { refusal: { fingerprint, untilMs: nowMs + markLifeMs.refusal, code } }
        : { failedGrant: { untilMs: nowMs + pauseMs, code } };
      // The mark first: whoever waits for the lease must not find it free and the group open.
      if (error.closedUntilMs !== undefined) await closeAuth(user, Math.max(error.closedUntilMs, nowMs + pauseMs));
    }
    // If that fails, the lease ends at its deadline; the grant's own failure is what the caller has to see.
    await unlessTableDown(store.releaseAfterFailure(user.key, owner, because));
  }

  async function closeAuth(user: User, untilMs: number): Promise<void> {
    fallback.noGrantBefore(user, untilMs);
    await unlessTableDown(store.closeGroup(user.key, 'auth', untilMs, clock.nowMs()));
  }

  /**
   * Falls back to what this container has in memory when the table cannot be used. Before a token is asked for without
   * the lease, the table gets a second chance: a cold container that is short of processor time may have taken its own
   * slowness for the table's, and fifty of them would ask fifty times.
   */
  async function obtainOrFallBack(
    request: TokenRequest,
    wanted: (token: Token) => boolean,
    rejected?: Token,
  ): Promise<Token> {
    try {
      return await obtain(request, wanted, rejected);
    } catch (error) {
      if (!(error instanceof StateUnavailable)) throw error;
      const remembered = fallback.remembered(request.user, rejected);
      if (remembered !== undefined) return remembered;
    }
    try {
      return await obtain({ ...request, state: undefined }, wanted, rejected);
    } catch (error) {
      if (!(error instanceof StateUnavailable)) throw error;
      return fallback.token(request.user, request.deadline, request.log, rejected);
    }
  }

  const servable = (token: Token): boolean => isServable(token, clock.nowMs());
  const notDue = (token: Token): boolean => !isDue(token, clock.nowMs());

  return {
    serve: (request) => obtainOrFallBack(request, servable),
    replace: (request, rejected) => obtainOrFallBack(request, servable, rejected),
    async rememberRejection(user, rejected) {
      const { accessToken, fingerprint } = rejected;
      fallback.forget(user, rejected);
      const untilMs = clock.nowMs() + rejectionMs;
      await unlessTableDown(
        store.storeRefusal(user.key, { fingerprint, untilMs, code: 'token_rejected' }, accessToken),
      );
    },
    renew: (request) => obtain(request, notDue),
  };
}

/** The stored refresh token, unless its session is known to be dead or it belongs to another JWT. */
function usableRefreshToken(
  user: User,
  stored: Token | undefined,
  rejected: Token | undefined,
  nowMs: number,
): string | undefined {
  if (stored?.refreshToken === undefined || stored.refreshExpiresAtMs === undefined) return undefined;
  if (stored.fingerprint !== user.fingerprint || stored.accessToken === rejected?.accessToken) return undefined;
  return nowMs < stored.refreshExpiresAtMs - 60_000 ? stored.refreshToken : undefined;
}
