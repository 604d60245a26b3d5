import { credentials } from '../demo.ts';
import { gatewayEvent, lambdaContext } from '../gateway-event.ts';
import { startProduct, type Product } from '../product.ts';
import { awsError, burst, counted, faultyTable, grants, list, listed, row, seen, storedUser } from './situation.ts';

let product: Product;
beforeEach(async () => {
  product = await startProduct();
});
afterEach(() => product.close());

/** From now on a wait takes no real time and advances the clock instead. */
function waitInNoTime(): void {
  const { clock } = product;
  clock.sleep = (ms) => {
    clock.advance(ms);
    return Promise.resolve();
  };
}

/** Takes the lease for a container that never releases it, as if it had died. */
async function leaveDeadHolder(untilMs: number): Promise<void> {
  const container = product.container();
  const { key, fingerprint } = await storedUser(container);
  const { version } = await row(container);
  const nowMs = product.clock.nowMs();
  const lease = { owner: 'dead', untilMs, nowMs, seenVersion: version, fingerprint };
  expect(await container.runtime.users.takeLease(key, lease)).toBe(true);
}

describe('a holder that died', () => {
  test.each([
    ['with no token in the row', () => Promise.resolve()],
    [
      'with an expired token',
      async (): Promise<void> => {
        await list(product.container());
        product.clock.advance(3_600_000);
        product.simulator.reset();
      },
    ],
  ])('is replaced after its deadline and not before, %s', async (_, prepare) => {
    await prepare();
    const untilMs = product.clock.nowMs() + 13_000;
    await leaveDeadHolder(untilMs);
    waitInNoTime();
    expect(await list(product.container())).toBe(listed);
    expect(grants(product)).toEqual(['jwt']);
    const [tokenRequest] = product.simulator.requests;
    expect(tokenRequest?.kind).toBe('token');
    expect(tokenRequest?.atMs).toBeGreaterThanOrEqual(untilMs);
    expect(tokenRequest?.atMs).toBeLessThan(untilMs + 1000);
  });

  test('is not waited for beyond the time of the request', async () => {
    await leaveDeadHolder(product.clock.nowMs() + 13_000);
    waitInNoTime();
    const event = gatewayEvent({ query: { cmd: 'list', ...credentials } });
    const { body } = await product.container().ringout(event, lambdaContext(10_000));
    expect(body).toBe('FAILED The request could not be finished in time');
    expect(product.simulator.requests).toEqual([]);
  });
});

test.each([
  ['two token requests and the store', 28_000, 13_000],
  ['the time the request has left', 8000, 6500],
])('a lease lasts for %s', async (_, remainingMs, expectedMs) => {
  const held = product.simulator.hold('token', 'request');
  const beforeMs = product.clock.nowMs();
  const event = gatewayEvent({ query: { cmd: 'list', ...credentials } });
  const request = product.container().ringout(event, lambdaContext(remainingMs));
  await held.reached;
  const untilMs = (await row(product.container())).lease?.untilMs ?? 0;
  expect(untilMs - beforeMs).toBeGreaterThan(expectedMs - 100);
  expect(untilMs - product.clock.nowMs()).toBeLessThanOrEqual(expectedMs);
  held.release();
  await request;
});

test('a late holder does not overwrite the newer token, and uses it', async () => {
  const held = product.simulator.hold('token', 'answer');
  const late = list(product.container());
  await held.reached;
  // The lease of the late holder expires before its request does.
  product.clock.freeze(14_000);
  expect(await list(product.container())).toBe(listed);
  const { token } = await row(product.container());
  held.release();
  expect(await late).toBe(listed);
  expect(await row(product.container())).toMatchObject({ token, version: 1, lease: undefined });
  expect(grants(product)).toEqual(['jwt', 'jwt']);
  // Both used the token that is stored.
  const used = product.simulator.requests.filter(({ kind }) => kind === 'forwarding-number');
  expect(new Set(used.map(({ headers }) => headers['authorization']))).toEqual(
    new Set([`Bearer ${token?.accessToken}`]),
  );
});

describe('a token request that fails', () => {
  test.each([
    ['500', { status: 500 }, 'FAILED RingCentral could not be reached, it reports an internal error'],
    [
      '502 with HTML',
      { status: 502, body: '<html>' },
      'FAILED RingCentral could not be reached, it reports an internal error',
    ],
    ['an HTML page', 'not-json', 'FAILED RingCentral sent an answer that cannot be understood'],
    ['a broken connection', 'reset-before', 'FAILED RingCentral could not be reached, nothing was sent'],
    ['half an answer', 'truncated', 'FAILED RingCentral could not be reached, nothing was sent'],
  ] as const)('with %s releases the lease at once, and is retried after fifteen seconds', async (_, fault, text) => {
    product.simulator.failNext('token', fault);
    expect(await list(product.container())).toBe(text);
    expect(await row(product.container())).toMatchObject({ lease: undefined, refusal: undefined, version: 0 });
    expect(await list(product.container())).toBe(text);
    expect(seen(product, 'token')).toBe(1);
    product.clock.advance(15_000);
    expect(await list(product.container())).toBe(listed);
    expect(counted(product, 'LeaseWaits')).toBe(0);
    expect(counted(product, 'GrantFailures')).toBe(1);
    expect((await row(product.container())).failedGrant).toBeUndefined();
  });

  test('is sent once for a whole burst of requests while the endpoint is down', async () => {
    product.simulator.failNext('token', { status: 500 }, 100);
    expect(new Set(await burst(product, 20))).toEqual(
      new Set(['FAILED RingCentral could not be reached, it reports an internal error']),
    );
    expect(grants(product)).toEqual(['jwt']);
  });

  test.each([
    ['', {}],
    [', with a refresh token as well', { refreshTokens: true }],
    [', with a Retry-After of 0', { retryAfter: '0' }],
  ])('is sent at most five times a minute, however many requests need a token%s', async (_, more) => {
    await product.close();
    const { retryAfter, ...simulator } = more as { retryAfter?: string };
    product = await startProduct({ simulator });
    expect(await list(product.container())).toBe(listed);
    product.clock.advance(3_600_000);
    product.simulator.reset();
    const fault = retryAfter === undefined ? { status: 503 } : { status: 429, headers: { 'retry-after': retryAfter } };
    product.simulator.failNext('token', fault, 1000);
    for (let second = 0; second < 60; second += 2) {
      expect(await list(product.container())).toMatch(/^FAILED /);
      product.clock.advance(2000);
    }
    expect(grants(product).length).toBeGreaterThan(1);
    expect(grants(product).length).toBeLessThanOrEqual(5);
  });
});

describe('a write that the AWS SDK retries because its answer was lost', () => {
  test.each([
    ['taking the lease', 'leaseOwner = :owner, leaseUntilMs'],
    ['storing the token', 'SET accessToken'],
  ])('%s succeeds', async (_, expression) => {
    const table = faultyTable(product);
    table.repeat = ({ UpdateExpression: update }) => typeof update === 'string' && update.includes(expression);
    expect(await list(product.container(table))).toBe(listed);
    expect(await list(product.container())).toBe(listed);
    expect(grants(product)).toEqual(['jwt']);
    expect(counted(product, 'LeaseWaits')).toBe(0);
    expect(await row(product.container())).toMatchObject({ version: 1, lease: undefined });
    table.close();
  });
});

test('a token that could not be stored serves its request, and the lease ends at its deadline', async () => {
  const table = faultyTable(product);
  table.fail = (_, { UpdateExpression: update }) =>
    typeof update === 'string' && update.startsWith('SET accessToken') ? awsError('TimeoutError') : undefined;
  expect(await list(product.container(table))).toBe(listed);
  expect(await row(product.container())).toMatchObject({ token: undefined, version: 0 });
  waitInNoTime();
  expect(await list(product.container())).toBe(listed);
  expect(grants(product)).toEqual(['jwt', 'jwt']);
  expect(seen(product, 'forwarding-number')).toBe(2);
  table.close();
});
