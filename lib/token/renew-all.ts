import type { Deadline } from '../domain/deadline.ts';
import { LegacyFailure } from '../domain/failure.ts';
import { jwtEndsOn, jwtEndsSoon } from '../domain/jwt.ts';
import { maskNumber, nameInLog } from '../domain/log-name.ts';
import type { Clock, Log, LogFields, Metrics } from '../domain/ports.ts';
import { isServable, type Token } from '../domain/token.ts';
import type { User } from '../domain/user.ts';
import { unlessTableDown, StateUnavailable } from '../state/table.ts';
import type { UserStore } from '../state/user-store.ts';
import type { TokenSource } from '../ringcentral/token-source.ts';

/**
 * Number of users whose tokens are renewed at the same time. RingCentral limits token requests per user, so users do
 * not compete for these. But all requests from one IP address share another limit, which RingCentral does not publish.
 */
const atOnce = 5;

/** One user must not use up the run's time for the others. */
const perUserMs = 20_000;

/** The users and what renewing their tokens needs. */
export interface RenewAllParts {
  readonly users: readonly User[];
  readonly tokens: TokenSource;
  readonly store: Pick<UserStore, 'read'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Returns the deadline of one user's renewal: after `ms`, but not later than the end of the run. */
  readonly deadlineFor: (ms: number) => Deadline;
}

/**
 * Renews the token of every user whose token is due. A user's failure does not stop the others.
 * @throws RenewalFailed at the end, with the extensions of the users, so that the function's error alarm fires
 */
export async function renewAll(parts: RenewAllParts): Promise<void> {
  const { users, tokens, store, clock, metrics, log, deadlineFor } = parts;
  const failed: string[] = [];
  const held: Token[] = [];
  let withoutToken = 0;
  const waiting = users.values();

  async function work(): Promise<void> {
    for (const user of waiting) {
      const ownLog = log.with(nameInLog(user));
      try {
        held.push(await tokens.renew({ user, state: undefined, deadline: deadlineFor(perUserMs), log: ownLog }));
      } catch (error) {
        failed.push(maskedNameOf(user));
        ownLog.error('the token could not be renewed', describe(error));
        const state = await unlessTableDown(store.read(user.key));
        const stored = state === 'unavailable' ? undefined : state.token;
        // A token of another JWT is not served either.
        const isUsable = stored?.fingerprint === user.fingerprint && isServable(stored, clock.nowMs());
        if (!isUsable) withoutToken += 1;
      }
    }
  }

  await Promise.all(Array.from({ length: atOnce }, work));

  const nowMs = clock.nowMs();
  const oldestMs = Math.max(0, ...held.map((token) => nowMs - token.issuedAtMs));
  metrics.add('TokenAgeSeconds', Math.round(oldestMs / 1000));
  // A failed renewal has no effect while the old token is valid. The requests of these users wait for a grant, or fail.
  metrics.add('TokensPastMargin', withoutToken);
  metrics.add('JwtsEndingSoon', tellEndingJwts(users, nowMs, log));
  metrics.add('RefreshFailed', failed.length);
  // The heartbeat metric: one user without a token must not make it stop.
  metrics.add('RefreshSucceeded', held.length);
  if (failed.length > 0) throw new RenewalFailed(failed);
}

/** Logs each user whose JWT has ended or ends within 14 days, and returns their number. */
function tellEndingJwts(users: readonly User[], nowMs: number, log: Log): number {
  const ending = users.filter(({ jwt }) => jwtEndsSoon(jwt, nowMs));
  for (const user of ending) {
    const ownLog = log.with(nameInLog(user));
    ownLog.warn('the JWT ends within 14 days', { endsOn: jwtEndsOn(user.jwt) });
  }
  return ending.length;
}

function describe(error: unknown): LogFields {
  if (error instanceof LegacyFailure) return { code: error.code, ...error.detail };
  return { code: error instanceof StateUnavailable ? 'state_unavailable' : 'internal' };
}

/** Thrown when some users' tokens could not be renewed. */
export class RenewalFailed extends Error {
  readonly extensions: readonly string[];

  constructor(extensions: readonly string[]) {
    super(`no fresh token for: ${extensions.toSorted().join(', ')}`);
    this.name = 'RenewalFailed';
    this.extensions = extensions;
  }
}

/** For the error's message, which has no log fields. */
function maskedNameOf({ username, extension }: User): string {
  return `${maskNumber(username)}*${extension === '' ? 'main' : extension}`;
}
