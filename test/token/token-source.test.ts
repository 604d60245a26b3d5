import { Deadline } from '../../lib/domain/deadline.ts';
import { LegacyFailure } from '../../lib/domain/failure.ts';
import type { Clock, Log, Metrics } from '../../lib/domain/ports.ts';
import type { Token } from '../../lib/domain/token.ts';
import type { User } from '../../lib/domain/user.ts';
import { GrantFailed, type Granted, type Grants } from '../../lib/ringcentral/grants.ts';
import type { TokenRequest } from '../../lib/ringcentral/token-source.ts';
import { StateUnavailable } from '../../lib/state/table.ts';
import { blankState, type SeenState, type UserState } from '../../lib/state/user-state.ts';
import type { UserStore } from '../../lib/state/user-store.ts';
import { createTokenFallback } from '../../lib/token/token-fallback.ts';
import { createTokenSource } from '../../lib/token/token-source.ts';
import { demoToken } from '../state/demo-rows.ts';
import { testClock } from '../clock.ts';

/*
 * The decisions of the token source one by one, with scripted store and grants and a clock that moves only with waits.
 * The other files of this folder test containers together.
 */

const startMs = 1_800_000_000_000;
const hourMs = 3_600_000;
const user = { key: 'demo-user', username: '8889363711', extension: '101', fingerprint: 'demo-jwt-1' } as User;
const rotated = { ...user, fingerprint: 'demo-jwt-2' } as User;

const token = (accessToken: string, more: Partial<Token> = {}): Token =>
  demoToken(startMs, { accessToken, fingerprint: user.fingerprint, ...more });
const spent = token('demo-spent', { expiresAtMs: startMs });
const fresh = token('demo-fresh');
const good = token('demo-good');
const granted: Granted = { token: fresh, closedUntilMs: undefined };
const refused = new GrantFailed(new LegacyFailure('jwt_refused'), true);
const passing = new GrantFailed(new LegacyFailure('upstream_error'), false);
const throttled = new GrantFailed(new LegacyFailure('throttled'), false, startMs + 60_000);

/** Results of consecutive calls. The last one repeats. */
type Each<T> = readonly (T | Error)[];

interface World {
  /** The state that consecutive reads of the table return. */
  readonly reads?: Each<UserState>;
  readonly takeLease?: Each<boolean>;
  readonly storeToken?: Each<boolean>;
  readonly withJwt?: Each<Granted>;
  readonly withRefreshToken?: Each<Granted>;
  readonly reloadUser?: Each<User | undefined>;
  readonly random?: number;
  readonly remainingMs?: number;
}

function open(world: World) {
  let nowMs = startMs;
  const done: string[] = [];
  const sleeps: number[] = [];
  const lines: string[] = [];
  const clock: Clock = {
    ...testClock(),
    nowMs: () => nowMs,
    random: () => world.random ?? 0,
    sleep(ms) {
      sleeps.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
  };
  function each<T>(name: string, results: Each<T> = []): () => Promise<T> {
    let times = 0;
    return () => {
      done.push(name);
      const result = results[Math.min(times, results.length - 1)];
      times += 1;
      if (results.length === 0) throw new Error(`${name} was not to be called`);
      return result instanceof Error ? Promise.reject(result) : Promise.resolve(result as T);
    };
  }
  const note = (name: string) => (): Promise<void> => {
    done.push(name);
    return Promise.resolve();
  };
  const store = {
    read: each('read', world.reads),
    takeLease: each('takeLease', world.takeLease ?? [true]),
    storeToken: each('storeToken', world.storeToken ?? [true]),
    releaseAfterFailure: note('releaseAfterFailure'),
    closeGroup: note('closeGroup'),
  } as unknown as UserStore;
  const grants: Grants = {
    withJwt: each('withJwt', world.withJwt ?? [granted]),
    withRefreshToken: each('withRefreshToken', world.withRefreshToken),
  };
  const log: Log = {
    debug: (message) => void lines.push(`debug ${message}`),
    info: (message, fields) => void lines.push(`info ${message} ${JSON.stringify(fields)}`),
    warn: (message, fields) => void lines.push(`warn ${message} ${JSON.stringify(fields)}`),
    error: (message) => void lines.push(`error ${message}`),
    with: () => log,
  };
  const fallback = createTokenFallback(grants, clock);
  const source = createTokenSource({
    store,
    grants,
    fallback,
    clock,
    metrics: { add() {} } as unknown as Metrics,
    reloadUser: each('reloadUser', world.reloadUser),
  });
  const request = (state: SeenState | undefined): TokenRequest => ({
    user,
    state,
    deadline: new Deadline(clock, world.remainingMs ?? 20_000),
    log,
  });
  /** Returns the token served, or code and hint of the failure. */
  const outcome = async (serving: Promise<Token>): Promise<string> => {
    try {
      return (await serving).accessToken;
    } catch (error) {
      if (error instanceof LegacyFailure) return `${error.code}: ${error.detail.hint}`;
      throw error;
    }
  };
  return {
    done,
    sleeps,
    lines,
    fallback,
    advance: (ms: number) => void (nowMs += ms),
    direct: () => outcome(fallback.token(user, new Deadline(clock, 20_000), log)),
    serve: (state?: SeenState) => outcome(source.serve(request(state))),
    replace: (state: SeenState | undefined, rejected: Token) => outcome(source.replace(request(state), rejected)),
  };
}

const stateWith = (more: Partial<UserState>): UserState => ({ ...blankState, ...more });
const renewing = ['takeLease', 'withJwt', 'storeToken'];

test('a valid token that was read with the request needs no operation', async () => {
  const { serve, done } = open({});
  expect([await serve(stateWith({ token: good })), done]).toEqual(['demo-good', []]);
});

describe('while another container holds the lease', () => {
  const held = stateWith({ token: spent, lease: { owner: 'demo-other', untilMs: startMs + 13_000 } });

  test('a request does not try to take it; its waits grow and end at the deadline', async () => {
    const { serve, done, sleeps, lines } = open({ reads: [held], random: 1, remainingMs: 2800 });
    expect(await serve(held)).toBe('deadline: waiting for a token');
    expect(sleeps).toEqual([60, 90, 150, 270, 330, 330, 330]);
    expect(new Set(done)).toEqual(new Set(['read']));
    expect(lines).toEqual(['debug waiting for another container to renew the token']);
  });

  test('the new token is used as soon as it is stored', async () => {
    const { serve, done } = open({ reads: [held, stateWith({ token: good })] });
    expect([await serve(held), done]).toEqual(['demo-good', ['read', 'read']]);
  });

  test('the lease is free from its deadline on', async () => {
    const over = stateWith({ token: spent, lease: { owner: 'demo-other', untilMs: startMs } });
    const { serve, done } = open({});
    expect([await serve(over), done]).toEqual(['demo-fresh', renewing]);
  });

  test('a request does not wait into the time it needs for its own work', async () => {
    const { serve, done } = open({ remainingMs: 1500 });
    expect([await serve(stateWith({})), done]).toEqual(['deadline: waiting for a token', []]);
  });
});

describe('a token request that failed', () => {
  const failedUntil = (untilMs: number): UserState => stateWith({ failedGrant: { untilMs, code: 'timeout' } });

  test('during the wait or shortly before it stops the next one', async () => {
    const lease = { owner: 'demo-other', untilMs: startMs + 13_000 };
    const { serve, done } = open({ reads: [failedUntil(startMs + 15_000)] });
    expect(await serve(stateWith({ lease }))).toBe('timeout: a token request failed a moment ago');
    expect(done).toEqual(['read']);
  });

  test('does not stop the use of a stored token', async () => {
    const { serve, done } = open({});
    expect([await serve({ ...failedUntil(startMs + 15_000), token: good }), done]).toEqual(['demo-good', []]);
  });

  test.each([
    ['once it has expired', startMs],
    ['if its end is impossibly late', startMs + 35_001],
  ])('is ignored %s', async (_, untilMs) => {
    const { serve, done } = open({});
    expect([await serve(failedUntil(untilMs)), done]).toEqual(['demo-fresh', renewing]);
  });
});

test.each<[string, Partial<UserState>]>([
  ['a lease', { lease: { owner: 'demo-other', untilMs: startMs + 18_001 } }],
  ['a refusal', { refusal: { fingerprint: user.fingerprint, untilMs: startMs + 65_001, code: 'jwt_refused' } }],
  ['closed token requests', { closed: new Map([['auth', startMs + 24 * hourMs + 5001]]) }],
])('%s with an impossibly late end is ignored', async (_, state) => {
  const { serve, done } = open({});
  expect([await serve(stateWith({ token: spent, ...state })), done]).toEqual(['demo-fresh', renewing]);
});

describe('a stored refusal', () => {
  const refusalUntil = (untilMs: number): UserState =>
    stateWith({ refusal: { fingerprint: user.fingerprint, untilMs, code: 'jwt_refused' } });

  test('counts once the secret has been reloaded', async () => {
    const { serve, done } = open({ reloadUser: [user] });
    expect(await serve(refusalUntil(startMs + 1))).toBe('jwt_refused: RingCentral refused this a moment ago');
    expect(done).toEqual(['reloadUser']);
  });

  test('expires at its end', async () => {
    const { serve, done } = open({});
    expect([await serve(refusalUntil(startMs)), done]).toEqual(['demo-fresh', renewing]);
  });
});

describe('the secret is reloaded', () => {
  test('not because a token has expired', async () => {
    const { serve, done } = open({});
    expect([await serve(stateWith({ token: spent })), done]).toEqual(['demo-fresh', renewing]);
  });

  test('once, for a token that was made with another JWT', async () => {
    const { serve, done } = open({ reloadUser: [user] });
    expect(await serve(stateWith({ token: token('demo-other', { fingerprint: 'demo-jwt-0' }) }))).toBe('demo-fresh');
    expect(done).toEqual(['reloadUser', ...renewing]);
  });

  test('and a user who was removed from it is refused', async () => {
    const { serve } = open({ reloadUser: [undefined] });
    expect(await serve(stateWith({ token: token('demo-other', { fingerprint: 'demo-jwt-0' }) }))).toBe(
      'credentials: the user is no longer in a secret',
    );
  });

  test('after a permanent refusal, and a new JWT is tried', async () => {
    const { serve, done } = open({ withJwt: [refused, granted], reloadUser: [rotated], reads: [blankState] });
    expect(await serve(blankState)).toBe('demo-fresh');
    expect(done).toEqual(['takeLease', 'withJwt', 'releaseAfterFailure', 'reloadUser', 'read', ...renewing]);
  });

  test('once only: a second refusal is final', async () => {
    const { serve, done } = open({ withJwt: [refused], reloadUser: [rotated], reads: [blankState] });
    expect(await serve(blankState)).toBe('jwt_refused: undefined');
    expect(done.filter((name) => name === 'reloadUser')).toHaveLength(1);
  });

  test('not after a temporary failure or a bug', async () => {
    const { serve, done } = open({ withJwt: [passing] });
    expect(await serve(blankState)).toBe('upstream_error: undefined');
    expect(done).toEqual(['takeLease', 'withJwt', 'releaseAfterFailure']);
    const broken = open({ withJwt: [new TypeError('demo bug')] });
    await expect(broken.serve(blankState)).rejects.toThrow('demo bug');
    expect(broken.done).toEqual(['takeLease', 'withJwt', 'releaseAfterFailure']);
  });
});

test.each([
  ['a millisecond before', startMs + 1, 'throttled: token requests'],
  ['at', startMs, 'demo-fresh'],
])('token requests are throttled until %s their time', async (_, untilMs, expected) => {
  const { serve } = open({});
  expect(await serve(stateWith({ closed: new Map([['auth', untilMs]]) }))).toBe(expected);
});

describe('a token that could not be stored', () => {
  test.each<[string, Token | undefined, string]>([
    ['is replaced by the one that a faster container stored', good, 'demo-good'],
    ['is used when none is stored', undefined, 'demo-fresh'],
    ['is used when the stored one is of another JWT', token('demo-other', { fingerprint: 'demo-jwt-0' }), 'demo-fresh'],
    ['is used when the stored one has expired', spent, 'demo-fresh'],
  ])('%s', async (_, stored, expected) => {
    const { serve } = open({ storeToken: [false], reads: [stateWith({ token: stored })] });
    expect(await serve(blankState)).toBe(expected);
  });

  test('is used when the table is down, and the loss is logged', async () => {
    const { serve, lines } = open({ storeToken: [new StateUnavailable(undefined)] });
    expect(await serve(blankState)).toBe('demo-fresh');
    expect(lines).toEqual([
      'warn a token was granted but could not be stored {"account":"****3711","extension":"101"}',
    ]);
  });

  test('because of a bug rethrows the bug', async () => {
    await expect(open({ storeToken: [new TypeError('demo bug')] }).serve(blankState)).rejects.toThrow('demo bug');
  });
});

describe('the refresh token', () => {
  const dayMs = 24 * hourMs;
  const withRefresh = (more: Partial<Token> = {}): UserState =>
    stateWith({
      token: { ...spent, refreshToken: 'demo-refresh', refreshExpiresAtMs: startMs + dayMs, ...more },
    });
  const used = ['takeLease', 'withRefreshToken', 'storeToken'];

  test('is used while it is valid', async () => {
    const { serve, done } = open({ withRefreshToken: [granted] });
    expect([await serve(withRefresh()), done]).toEqual(['demo-fresh', used]);
  });

  test.each<[string, Partial<Token>]>([
    ['in its last minute', { refreshExpiresAtMs: startMs + 60_000 }],
    ['without an end', { refreshExpiresAtMs: undefined }],
  ])('is not used %s', async (_, more) => {
    const { serve, done } = open({});
    expect([await serve(withRefresh(more)), done]).toEqual(['demo-fresh', renewing]);
  });

  test('is used a moment before its last minute', async () => {
    const { serve, done } = open({ withRefreshToken: [granted] });
    await serve(withRefresh({ refreshExpiresAtMs: startMs + 60_001 }));
    expect(done).toEqual(used);
  });

  test('of another JWT or of a rejected session is not used', async () => {
    const other = open({ reloadUser: [user] });
    expect(await other.serve(withRefresh({ fingerprint: 'demo-jwt-0' }))).toBe('demo-fresh');
    expect(other.done).toEqual(['reloadUser', ...renewing]);
    const rejected = withRefresh({ expiresAtMs: startMs + hourMs });
    const { replace, done } = open({});
    expect(await replace(rejected, rejected.token ?? spent)).toBe('demo-fresh');
    expect(done).toEqual(renewing);
  });

  test('that does not work is followed by the JWT and a log line', async () => {
    const failed = new GrantFailed(new LegacyFailure('jwt_refused', { upstreamCode: 'OAU-210' }), true);
    const { serve, done, lines } = open({ withRefreshToken: [failed] });
    expect(await serve(withRefresh())).toBe('demo-fresh');
    expect(done).toEqual(['takeLease', 'withRefreshToken', 'withJwt', 'storeToken']);
    expect(lines).toEqual([
      'info the refresh token did not work, using the JWT {"code":"jwt_refused","upstreamCode":"OAU-210"}',
    ]);
  });

  test('that is throttled is not followed by the JWT, because one more request would restart the wait', async () => {
    const { serve, done } = open({ withRefreshToken: [throttled] });
    expect(await serve(withRefresh())).toBe('throttled: undefined');
    expect(done).toEqual(['takeLease', 'withRefreshToken', 'closeGroup', 'releaseAfterFailure']);
  });

  test('that fails with a bug is not followed by the JWT', async () => {
    const { serve, done } = open({ withRefreshToken: [new TypeError('demo bug')] });
    await expect(serve(withRefresh())).rejects.toThrow('demo bug');
    expect(done).toEqual(['takeLease', 'withRefreshToken', 'releaseAfterFailure']);
  });
});

describe('without the table', () => {
  const down = new StateUnavailable(undefined);

  test('a cached token is used at once', async () => {
    const { serve, fallback, done } = open({ reads: [down] });
    fallback.remember(user, good);
    expect([await serve('unavailable'), done]).toEqual(['demo-good', []]);
  });

  test('the table is tried a second time before a token is requested without the lease', async () => {
    const { serve, done } = open({ reads: [stateWith({ token: good })] });
    expect([await serve('unavailable'), done]).toEqual(['demo-good', ['read']]);
  });

  test('a token is requested then, at most once a minute', async () => {
    const { serve, done, lines, advance } = open({ reads: [down], withJwt: [passing] });
    expect(await serve('unavailable')).toBe('upstream_error: undefined');
    expect(await serve('unavailable')).toBe(
      'state_unavailable: no token in memory, and one was asked for a moment ago',
    );
    expect(done).toEqual(['read', 'withJwt', 'read']);
    expect(lines).toEqual([
      'warn the state table cannot be used, asking RingCentral for a token directly {"account":"****3711","extension":"101"}',
    ]);
    advance(59_999);
    expect(await serve('unavailable')).toMatch(/^state_unavailable/);
    advance(1);
    expect(await serve('unavailable')).toMatch(/^upstream_error/);
  });

  test('a token that was cached meanwhile is used without a request', async () => {
    const { direct, fallback, done } = open({});
    fallback.remember(user, good);
    expect([await direct(), done]).toEqual(['demo-good', []]);
  });

  test('a bug at the second try is rethrown, without a token request', async () => {
    const { serve, done } = open({ reads: [new TypeError('demo bug')] });
    await expect(serve('unavailable')).rejects.toThrow('demo bug');
    expect(done).toEqual(['read']);
  });

  test('a bug in the token request is rethrown', async () => {
    const { serve } = open({ reads: [down], withJwt: [new TypeError('demo bug')] });
    await expect(serve('unavailable')).rejects.toThrow('demo bug');
  });

  test('only the rejected token is dropped from the cache, not a later one', () => {
    const { fallback } = open({});
    fallback.remember(user, good);
    fallback.forget(user, fresh);
    expect(fallback.remembered(user)).toEqual(good);
    fallback.forget(user, good);
    expect(fallback.remembered(user)).toBeUndefined();
  });
});
