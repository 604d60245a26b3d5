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
 * States of a user's row, and what changes them:
 *
 *   EMPTY ──take lease──▶ RENEWING ──store──▶ FRESH ───its share─────▶ DUE ──its margin──▶ SPENT
 *     ▲                    │  │ ▲                │                      │                   │
 *     └──free, no token────┘  │ └──take lease────┴──(only if rejected)──┴──(schedule)───────┘ (any request)
 *                             └──deadline passes: the holder is dead, the lease is free again
 *
 *   Each of them may also be REFUSED for a minute: RingCentral definitely refused this fingerprint. Or it may be FAILED
 *   for 15 s after each token request without a token or a refusal.
 *
 * - FRESH and DUE tokens are served without renewal. Legacy requests renew only SPENT tokens. The schedule renews DUE
 *   tokens, so that requests normally do not wait.
 * - Only the lease holder sends requests to the token endpoint. Its write increments the version. The write is rejected
 *   when the version has changed, so a late holder cannot overwrite a newer token.
 * - All other requests wait with jitter and read again. Then either the holder's token is stored, or the lease is free.
 * - A failed grant releases the lease at once and stores a refusal, or a pause after a failure. Waiting requests get
 *   the same failure and do not retry.
 * - A token with another fingerprint is newer than the cached secret (read the secret again) or older (renew). A
 *   refusal counts only after the secret has been read again: an operator may have corrected it by now.
 */

/**
 * How long no container replaces a new token that was rejected, in milliseconds. A refusal lasts a minute, but this is
 * shorter: five token requests a minute are allowed, and the next rejection may have another cause.
 */
const rejectionMs = 15_000;

/** What the token source needs to request, store and share tokens. */
export interface TokenSourceParts {
  readonly store: UserStore;
  readonly grants: Grants;
  readonly fallback: TokenFallback;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /**
   * Reads the secret again. Returns the same user, or undefined when no secret contains it any more. Throws when the
   * secret cannot be read.
   */
  readonly reloadUser: (user: User) => Promise<User | undefined>;
}

export function createTokenSource(parts: TokenSourceParts): TokenSource {
  const { store, grants, fallback, clock, metrics } = parts;

  /** Loops until a token satisfies `wanted` or the request must fail. */
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
          throw new LegacyFailure('credentials', { hint: 'the user is no longer in a secret' });
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
        // With an unreadable secret it is unknown which fingerprint is newer: a usable token is the better guess.
        if (token.fingerprint === user.fingerprint || secret === 'unreadable') return fallback.remember(user, token);
      }
      const isOfOtherJwt = token !== undefined && token.fingerprint !== user.fingerprint;
      const isRefused =
        refusal?.fingerprint === user.fingerprint && isInForce('refusal', refusal.untilMs, clock.nowMs());
      if ((isOfOtherJwt || isRefused) && secret === 'cached') {
        await reloadSecret();
        continue;
      }
      if (isRefused) throw new LegacyFailure(refusal.code, { hint: 'RingCentral refused this a moment ago' });
      refuseIfThrottled(user, state);
      const { failedGrant } = state;
      if (failedGrant !== undefined && isInForce('failedGrant', failedGrant.untilMs, clock.nowMs())) {
        throw new LegacyFailure(failedGrant.code, { hint: 'a token request failed a moment ago' });
      }
      if (deadline.remainingMs() <= apiCallReserveMs)
        throw new LegacyFailure('deadline', { hint: 'waiting for a token' });

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
        // A container that was frozen during a rotation has an old JWT: read the secret again before accepting the
        // refusal.
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
    throw throttledUntil(untilMs, nowMs, { hint: 'token requests' });
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
      // A failed refresh token is followed by the JWT: two token requests, so twice the pause.
      await giveLeaseBack(user, owner, error, pauseAfterFailureMs * (refreshToken === undefined ? 1 : 2));
      throw error;
    }
    // Store the token first: a request that waits for it needs no token request, so the mark can follow.
    const token = fallback.remember(user, await keep(user, state, owner, granted.token, log));
    if (granted.closedUntilMs !== undefined) await closeAuth(user, granted.closedUntilMs);
    return token;
  }

  /** Stores the granted token. Returns the token to use: a later holder's newer one, if there is one. */
  async function keep(user: User, seen: UserState, owner: string, granted: Token, log: Log): Promise<Token> {
    try {
      if (await store.storeToken(user.key, owner, seen.version, granted, seen.wrongPasswords)) return granted;
      // Either the AWS SDK repeated this write, or a later holder stored a newer token.
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
        // The refresh token was revoked, or a container used it and died before it stored the result. The JWT still
        // works.
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
      // Store the mark first: a request that waits for the lease must not find the lease free and the group open.
      if (error.closedUntilMs !== undefined) await closeAuth(user, Math.max(error.closedUntilMs, nowMs + pauseMs));
    }
    // If this fails, the lease expires at its deadline. The caller must get the failure of the grant.
    await unlessTableDown(store.releaseAfterFailure(user.key, owner, because));
  }

  async function closeAuth(user: User, untilMs: number): Promise<void> {
    fallback.noGrantBefore(user, untilMs);
    await unlessTableDown(store.closeGroup(user.key, 'auth', untilMs, clock.nowMs()));
  }

  /**
   * Falls back to this container's memory when the table is down. Before a token request without the lease, the table
   * is tried once more. A cold container with little CPU may have caused the timeout itself, and fifty such containers
   * would send fifty token requests.
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

/**
 * Returns the stored refresh token. Returns undefined when its access token was rejected, it is about to expire or it
 * belongs to another JWT.
 */
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
