import { startProduct, type Product, type TestContainer } from '../product.ts';
import {
  awsError,
  call,
  cancel,
  counted,
  faultyTable,
  fax,
  grants,
  list,
  listed,
  logged,
  row,
  seen,
  status,
  type FaultyTable,
} from './situation.ts';

let product: Product;
let table: FaultyTable;
beforeEach(async () => {
  product = await startProduct();
  table = faultyTable(product);
});
afterEach(async () => {
  table.close();
  await product.close();
});

const minuteMs = 60_000;
const noStorage = 'FAILED The storage of this service cannot be reached';

const container = (): TestContainer => product.container(table);
const goDown = (name = 'TimeoutError'): void => {
  table.fail = () => awsError(name);
};
const comeUp = (): void => {
  table.fail = () => undefined;
};

const sessionOf = (answer: string): string => answer.split(' ')[1] ?? '';

describe.each(['TimeoutError', 'ProvisionedThroughputExceededException', 'AccessDeniedException'])(
  'a table that answers with %s',
  (name) => {
    test('does not stop a warm container from listing, calling and faxing with its cached token', async () => {
      const warm = container();
      await list(warm);
      goDown(name);
      expect(await list(warm)).toBe(listed);
      expect(await call(warm)).toMatch(/^OK \d{9} 3$/);
      expect(await fax(warm)).toBe('0');
      expect(grants(product)).toEqual(['jwt']);
    });

    test('is counted and logged', async () => {
      goDown(name);
      await list(container());
      // Once for the read of the request, once for the second try before a token is requested without the lease.
      expect(counted(product, 'StateFailures')).toBe(2);
      const failure = { level: 'error', error: name };
      expect(logged(product, 'the state table cannot be used')).toMatchObject([failure, failure]);
      expect(logged(product, 'the state table cannot be used, asking RingCentral for a token directly')).toMatchObject([
        { level: 'warn', extension: '101' },
      ]);
    });
  },
);

describe('without the table, a container that has no token', () => {
  test('requests one itself, once', async () => {
    goDown();
    const [first, second] = [container(), container()];
    expect([await list(first), await list(first), await list(first)]).toEqual([listed, listed, listed]);
    expect(grants(product)).toEqual(['jwt']);
    expect(await list(second)).toBe(listed);
    expect(grants(product)).toEqual(['jwt', 'jwt']);
  });

  test('requests one for all its concurrent requests, after a random part of a second', async () => {
    const waits: number[] = [];
    product.clock.sleep = (ms) => {
      waits.push(ms);
      return Promise.resolve();
    };
    goDown();
    const cold = container();
    expect(new Set(await Promise.all(Array.from({ length: 5 }, () => list(cold))))).toEqual(new Set([listed]));
    expect(grants(product)).toEqual(['jwt']);
    // The random number of the clock is 0.5.
    expect(waits).toEqual([500]);
  });

  test('answers FAILED after a refusal, and retries a minute later', async () => {
    goDown();
    const cold = container();
    product.simulator.failNext('token', { status: 500 });
    expect(await list(cold)).toBe('FAILED RingCentral could not be reached, it reports an internal error');
    expect(await list(cold)).toBe(noStorage);
    expect(await fax(cold)).toBe('5');
    product.clock.advance(minuteMs - 5000);
    expect(await list(cold)).toBe(noStorage);
    expect(grants(product)).toEqual(['jwt']);
    product.clock.advance(6000);
    expect(await list(cold)).toBe(listed);
    expect(grants(product)).toEqual(['jwt', 'jwt']);
  });

  test.each([
    ['as long as a longer Retry-After says', '300', 300],
    ['a minute, however short Retry-After is', '5', 60],
  ])('that was throttled makes no token request for %s', async (_, retryAfter, seconds) => {
    goDown();
    const cold = container();
    product.simulator.failNext('token', { status: 429, body: {}, headers: { 'retry-after': retryAfter } });
    expect(await list(cold)).toContain('too many requests');
    product.clock.advance((seconds - 5) * 1000);
    expect(await list(cold)).toBe(noStorage);
    expect(grants(product)).toEqual(['jwt']);
    product.clock.advance(6000);
    expect(await list(cold)).toBe(listed);
  });

  test('makes no token request for the window of which it used the last', async () => {
    goDown();
    const cold = container();
    product.simulator.failNext('token', {
      status: 200,
      body: { access_token: 'demo-dead-on-arrival', token_type: 'bearer', expires_in: 3600 },
      headers: { 'x-rate-limit-remaining': '0', 'x-rate-limit-window': '300' },
    });
    expect(await list(cold)).toBe(noStorage);
    product.clock.advance(295_000);
    expect(await list(cold)).toBe(noStorage);
    expect(grants(product)).toEqual(['jwt']);
    product.clock.advance(6000);
    expect(await list(cold)).toBe(listed);
  });

  test.each([
    ['it was throttled itself', true],
    ['it has read that another container was', false],
  ])('makes no token request when %s before the table went down', async (_, itself) => {
    const cold = container();
    product.simulator.failNext('token', { status: 429, body: {}, headers: { 'retry-after': '5' } });
    if (!itself) await list(product.container());
    expect(await list(cold)).toContain('too many requests');
    goDown();
    product.clock.advance(50_000);
    expect(await list(cold)).toBe(noStorage);
    expect(grants(product)).toEqual(['jwt']);
    product.clock.advance(11_000);
    expect(await list(cold)).toBe(listed);
  });
});

describe('without the table, a token in memory', () => {
  test('that expires is replaced directly', async () => {
    const warm = container();
    await list(warm);
    goDown();
    product.clock.advance(60 * minuteMs);
    expect([await list(warm), await list(warm)]).toEqual([listed, listed]);
    expect(grants(product)).toEqual(['jwt', 'jwt']);
  });

  test('that RingCentral rejects is replaced directly, once a minute', async () => {
    const warm = container();
    await list(warm);
    goDown();
    product.simulator.failNext('forwarding-number', { status: 401 }, 2);
    expect(await list(warm)).toBe('FAILED RingCentral ended the sign-in of this user, try again');
    expect(await list(warm)).toBe(noStorage);
    expect(grants(product)).toEqual(['jwt', 'jwt']);
    product.clock.advance(minuteMs);
    expect(await list(warm)).toBe(listed);
  });

  test('of an older JWT is not used', async () => {
    const warm = container();
    await list(warm);
    goDown();
    product.document = { ...product.document, users: [{ ...userOf(product.document), jwt: 'demo-jwt-other' }] };
    product.clock.advance(10 * minuteMs);
    expect(await list(warm)).toBe('FAILED RingCentral refuses the credential stored for this user');
  });
});

test('requests succeed when the table can be read but not written', async () => {
  table.fail = (command) => (command === 'UpdateItemCommand' ? awsError('AccessDeniedException') : undefined);
  const cold = container();
  expect([await list(cold), await list(cold)]).toEqual([listed, listed]);
  expect(grants(product)).toEqual(['jwt']);
});

describe('without the table, a call', () => {
  test('is answered OK although its session is lost, which is counted and logged', async () => {
    const warm = container();
    await list(warm);
    goDown();
    expect(await call(warm)).toMatch(/^OK \d{9} 3$/);
    expect(product.simulator.calls).toHaveLength(1);
    expect(counted(product, 'SessionsLost')).toBe(1);
    expect(logged(product, 'the call was placed, but its session could not be stored')).toHaveLength(1);
  });

  test('is polled and cancelled only by the container that placed it', async () => {
    const placer = container();
    const other = container();
    const sid = sessionOf(await call(placer));
    goDown();
    const ringing = `OK ${sid} 1;+16505550100;1;+16505553711;1`;
    expect(await status(placer, sid)).toBe(ringing);
    expect(await status(other, sid)).toBe(noStorage);
    expect(await cancel(other, sid)).toBe(`OK ${sid}`);
    expect(seen(product, 'cancel')).toBe(0);
    expect(await cancel(placer, sid)).toBe(`OK ${sid}`);
    expect(seen(product, 'cancel')).toBe(1);
  });

  test('has the last known status while RingCentral is unreachable too', async () => {
    const placer = container();
    const sid = sessionOf(await call(placer));
    goDown();
    product.simulator.failNext('status', { status: 503 });
    expect(await status(placer, sid)).toBe(`OK ${sid} 1;+16505550100;1;+16505553711;1`);
  });
});

describe('once the table is back', () => {
  test('tokens are shared again, with one grant for all', async () => {
    goDown();
    const containers = Array.from({ length: 3 }, container);
    for (const one of containers) await list(one);
    expect(grants(product)).toHaveLength(3);
    comeUp();
    for (const one of containers) expect(await list(one)).toBe(listed);
    expect(grants(product)).toHaveLength(4);
    expect(await row(container())).toMatchObject({ version: 1 });
  });

  test('a call whose session was lost is known only to the container that placed it; to others it is over', async () => {
    const placer = container();
    await list(placer);
    goDown();
    const sid = sessionOf(await call(placer));
    comeUp();
    expect(await status(placer, sid)).toBe(`OK ${sid} 1;+16505550100;1;+16505553711;1`);
    expect(await status(container(), sid)).toBe(`OK ${sid} `);
  });
});

test('a request is completed although the table goes down while it is served', async () => {
  const cold = container();
  const held = product.simulator.hold('token', 'answer');
  const underWay = list(cold);
  await held.reached;
  goDown();
  held.release();
  expect(await underWay).toBe(listed);
  expect(grants(product)).toEqual(['jwt']);
});

function userOf(document: Readonly<Record<string, unknown>>): object {
  return (document['users'] as readonly object[])[0] ?? {};
}
