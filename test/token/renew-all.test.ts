import { Deadline } from '../../lib/domain/deadline.ts';
import { LegacyFailure } from '../../lib/domain/failure.ts';
import type { Log, Metrics } from '../../lib/domain/ports.ts';
import type { Token } from '../../lib/domain/token.ts';
import type { User } from '../../lib/domain/user.ts';
import { StateUnavailable } from '../../lib/state/table.ts';
import { blankState, type UserState } from '../../lib/state/user-state.ts';
import { RenewalFailed, renewAll } from '../../lib/token/renew-all.ts';
import type { TokenRequest, TokenSource } from '../../lib/ringcentral/token-source.ts';
import { testClock } from '../clock.ts';
import { demoClient, demoUser, type DemoUser } from '../demo.ts';
import { startProduct, type Product } from '../product.ts';
import { silentLog } from '../silent-log.ts';
import { demoToken } from '../state/demo-rows.ts';
import { counted, grants, list, listed, logged, scheduledRun, someoneWaits } from './situation.ts';

const minuteMs = 60_000;

describe('one run with scripted renewals', () => {
  const nowMs = 1_800_000_000_000;
  const clock = { ...testClock(), nowMs: () => nowMs };
  const errors: unknown[] = [];
  const warnings: unknown[] = [];
  const log: Log = {
    ...silentLog,
    warn: (message, fields) => void warnings.push({ message, ...fields }),
    error: (message, fields) => void errors.push({ message, ...fields }),
    with: (more) => ({ ...log, warn: (message, fields) => void warnings.push({ message, ...more, ...fields }) }),
  };
  beforeEach(() => (errors.length = warnings.length = 0));

  const users = (count: number): readonly User[] =>
    Array.from({ length: count }, (_, index) => ({
      key: `demo-${index}`,
      fingerprint: 'demo-fingerprint',
      serverUrl: 'https://platform.ringcentral.com',
      ...demoClient,
      jwt: `demo-jwt-${index}`,
      username: '8889363711',
      extension: index === 0 ? '' : String(100 + index),
      legacyPassword: null,
      homeCountry: 'US',
      callBackNumber: undefined,
    }));

  const tokenOfAge = (ageMs: number): Token => demoToken(nowMs - ageMs);

  async function run(
    all: readonly User[],
    renew: (request: TokenRequest) => Promise<Token>,
    read: (userKey: string) => Promise<UserState> = () => Promise.resolve(blankState),
  ) {
    const metrics = new Map<string, number>();
    const counting: Metrics = {
      add: (name, value = 1) => void metrics.set(name, (metrics.get(name) ?? 0) + value),
      answered() {},
      failed() {},
      flush() {},
    };
    const tokens = { renew } as TokenSource;
    const deadlineFor = (ms: number): Deadline => new Deadline(clock, ms);
    const failure: unknown = await renewAll({
      users: all,
      tokens,
      store: { read },
      clock,
      metrics: counting,
      log,
      deadlineFor,
    }).catch((error: unknown) => error);
    return { failure, metrics: Object.fromEntries(metrics) };
  }

  test('renews every user, five at a time', async () => {
    const renewed: string[] = [];
    let atOnce = 0;
    let most = 0;
    const { failure, metrics } = await run(users(23), async ({ user, state, deadline }) => {
      expect([state, deadline.remainingMs()]).toEqual([undefined, 20_000]);
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((resolve) => setTimeout(resolve, 1));
      atOnce -= 1;
      renewed.push(user.key);
      return tokenOfAge(renewed.length * 1000);
    });
    expect(failure).toBeUndefined();
    expect(most).toBe(5);
    expect(renewed.toSorted()).toEqual(
      users(23)
        .map(({ key }) => key)
        .toSorted(),
    );
    expect(metrics).toEqual({
      TokenAgeSeconds: 23,
      TokensPastMargin: 0,
      JwtsEndingSoon: 0,
      RefreshFailed: 0,
      RefreshSucceeded: 23,
    });
  });

  test.each<[string, Error, object]>([
    [
      'a known failure',
      new LegacyFailure('jwt_refused', { upstreamCode: 'OAU-213' }),
      { code: 'jwt_refused', upstreamCode: 'OAU-213' },
    ],
    ['a table that cannot be used', new StateUnavailable(undefined), { code: 'state_unavailable' }],
    ['a bug', new TypeError('demo bug'), { code: 'internal' }],
  ])('continues after %s, and fails at the end with the extensions concerned', async (_, error, fields) => {
    const { failure, metrics } = await run(users(10), ({ user }) =>
      ['demo-0', 'demo-7'].includes(user.key) ? Promise.reject(error) : Promise.resolve(tokenOfAge(40 * minuteMs)),
    );
    expect(failure).toBeInstanceOf(RenewalFailed);
    expect(failure).toMatchObject({
      name: 'RenewalFailed',
      message: 'no fresh token for: ****3711*107, ****3711*main',
      extensions: expect.arrayContaining(['****3711*main', '****3711*107']) as unknown,
    });
    expect(errors).toEqual([
      { message: 'the token could not be renewed', ...fields },
      { message: 'the token could not be renewed', ...fields },
    ]);
    expect(metrics).toEqual({
      TokenAgeSeconds: 2400,
      TokensPastMargin: 2,
      JwtsEndingSoon: 0,
      RefreshFailed: 2,
      RefreshSucceeded: 8,
    });
  });

  test('counts and names the users whose JWTs end within 14 days or have ended, and succeeds', async () => {
    const daySeconds = 24 * 3600;
    const jwtEnding = (days: number): string => {
      const exp = nowMs / 1000 + days * daySeconds;
      return ['e30', Buffer.from(JSON.stringify({ exp })).toString('base64url'), 'demo'].join('.');
    };
    const all = users(4).map((user, index) => ({ ...user, jwt: jwtEnding([-1, 14, 14.01, 300][index] ?? 0) }));
    const { failure, metrics } = await run(all, () => Promise.resolve(tokenOfAge(1000)));
    expect({ failure, counted: metrics['JwtsEndingSoon'] }).toEqual({ failure: undefined, counted: 2 });
    expect(warnings).toEqual([
      { message: 'the JWT ends within 14 days', account: '****3711', extension: '', endsOn: '2027-01-14' },
      { message: 'the JWT ends within 14 days', account: '****3711', extension: '101', endsOn: '2027-01-29' },
    ]);
  });

  test('distinguishes users whose last token is still valid from those without one', async () => {
    const stored = new Map<string, () => Promise<UserState>>([
      ['demo-0', () => Promise.resolve({ ...blankState, token: tokenOfAge(58 * minuteMs) })],
      ['demo-1', () => Promise.resolve({ ...blankState, token: tokenOfAge(59 * minuteMs) })],
      ['demo-2', () => Promise.resolve(blankState)],
      ['demo-3', () => Promise.reject(new StateUnavailable(undefined))],
    ]);
    const { metrics } = await run(
      users(4),
      () => Promise.reject(new LegacyFailure('jwt_refused')),
      (userKey) => stored.get(userKey)?.() ?? Promise.reject(new Error('not asked for')),
    );
    expect(metrics).toMatchObject({ TokensPastMargin: 3, RefreshFailed: 4, RefreshSucceeded: 0 });
  });
});

describe('a run against RingCentral', () => {
  let product: Product;
  afterEach(() => product.close());

  const users: readonly DemoUser[] = ['101', '102', '103'].map((extension) => ({
    ...demoUser,
    extension,
    jwt: `demo-jwt-${extension}`,
  }));

  test('renews only the tokens that are due', async () => {
    product = await startProduct({ users, simulator: { refreshTokens: true } });
    // Extension 101 gets its token half an hour before the others.
    await list(product.container());
    product.clock.advance(30 * minuteMs);
    product.simulator.reset();
    await scheduledRun(product.container());
    const asked = product.simulator.requests.map(
      ({ user, body }) => `${user}: ${(body as Record<string, string>)['grant_type']}`,
    );
    expect(asked.toSorted()).toEqual([
      '18889363711*101: refresh_token',
      '18889363711*102: urn:ietf:params:oauth:grant-type:jwt-bearer',
      '18889363711*103: urn:ietf:params:oauth:grant-type:jwt-bearer',
    ]);
    expect(counted(product, 'RefreshSucceeded')).toBe(3);
  });

  test('fails naming the user whose JWT is refused, after renewing the others', async () => {
    product = await startProduct({ users });
    const [first, second, third] = product.document['users'] as readonly object[];
    product.document = { ...product.document, users: [first, { ...second, jwt: 'demo-jwt-revoked' }, third] };
    await expect(scheduledRun(product.container())).rejects.toThrow('no fresh token for: ****3711*102');
    expect(grants(product)).toHaveLength(3);
    expect(logged(product, 'the token could not be renewed')).toMatchObject([
      {
        level: 'error',
        account: '****3711',
        extension: '102',
        code: 'jwt_refused',
        upstreamStatus: 400,
        upstreamCode: 'OAU-213',
      },
    ]);
    expect([counted(product, 'RefreshSucceeded'), counted(product, 'RefreshFailed')]).toEqual([2, 1]);
    // The next run, over a minute later, requests a token for that user again.
    product.clock.advance(10 * minuteMs);
    await expect(scheduledRun(product.container())).rejects.toThrow(RenewalFailed);
    expect(grants(product)).toHaveLength(4);
  });

  test('makes no token request for a user whose token requests are throttled', async () => {
    product = await startProduct();
    product.simulator.failNext('token', { status: 429 });
    await list(product.container());
    await expect(scheduledRun(product.container())).rejects.toThrow('no fresh token for: ****3711*101');
    expect(grants(product)).toEqual(['jwt']);
  });

  test('waits for a request that is renewing, and uses the token it stored', async () => {
    product = await startProduct();
    const held = product.simulator.hold('token', 'answer');
    const request = list(product.container());
    await held.reached;
    const waiting = someoneWaits(product);
    const run = scheduledRun(product.container());
    await waiting;
    held.release();
    await run;
    expect(await request).toBe(listed);
    expect(grants(product)).toEqual(['jwt']);
    expect(counted(product, 'LeaseWaits')).toBe(1);
  });

  test('fails while the table cannot be used, and makes no direct grant', async () => {
    product = await startProduct();
    const down = { send: () => Promise.reject(new Error('demo')) } as never;
    await expect(scheduledRun(product.container({ dynamoDb: down }))).rejects.toThrow(RenewalFailed);
    expect(product.simulator.requests).toEqual([]);
  });

  test('has three more runs for a token of an hour before a request would have to wait', async () => {
    product = await startProduct();
    await scheduledRun(product.container());
    product.clock.advance(30 * minuteMs);
    product.simulator.failNext('token', { status: 500 }, 2);
    for (let run = 0; run < 2; run += 1) {
      await expect(scheduledRun(product.container())).rejects.toThrow(RenewalFailed);
      expect(await list(product.container())).toBe(listed);
      product.clock.advance(9 * minuteMs);
    }
    await scheduledRun(product.container());
    expect(await list(product.container())).toBe(listed);
    expect(counted(product, 'LeaseWaits')).toBe(0);
  });
});
