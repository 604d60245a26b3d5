import { startProduct, type Product } from '../product.ts';
import type { SimulatorOptions } from '../../infra/local/simulator/server.ts';
import { burst, call, cancel, counted, fax, grants, list, listed, row, seen, status } from './situation.ts';

let product: Product;
const start = async (simulator: Partial<SimulatorOptions> = {}): Promise<void> => {
  product = await startProduct({ simulator, repeatsAreOthers: true });
};
afterEach(() => product.close());

const told = (seconds: number): string =>
  `FAILED RingCentral could not be reached because this user sent too many requests, try again in ${seconds} seconds`;

const throttled = (headers: Readonly<Record<string, string>>) => ({
  status: 429,
  body: { errorCode: 'CMN-301', message: 'Request rate exceeded' },
  headers,
});

/** Places a call that is ringing. Returns its session id. */
const placed = async (): Promise<string> => (await call(product.container())).split(' ')[1] ?? '';

describe('a throttled token request', () => {
  const dateIn45Seconds = (): string => new Date(Math.ceil(product.clock.nowMs() / 1000) * 1000 + 45_000).toUTCString();

  test.each([
    ['seconds', () => ({ 'retry-after': '45' }), [45]],
    ['a date', () => ({ 'retry-after': dateIn45Seconds() }), [45, 46]],
    ['nothing, which means half a minute', () => ({}), [30]],
  ])('closes token requests for as long as Retry-After says, in %s', async (_, headers, seconds) => {
    await start();
    product.simulator.failNext('token', throttled(headers()));
    expect(seconds.map(told)).toContain(await list(product.container()));
    expect(grants(product)).toEqual(['jwt']);

    const wait = Math.max(...seconds);
    product.clock.advance((wait - 5) * 1000);
    for (const answer of await burst(product, 20)) expect([3, 4, 5].map(told)).toContain(answer);
    expect(grants(product)).toEqual(['jwt']);

    product.clock.advance(6000);
    expect(await list(product.container())).toBe(listed);
    expect(grants(product)).toEqual(['jwt', 'jwt']);
    expect(counted(product, 'UpstreamThrottled')).toBe(1);
  });

  test('does not stop requests with a valid token', async () => {
    await start({ rateLimits: { auth: 1 } });
    expect(await list(product.container())).toBe(listed);
    // Its answer said that it was the last token request of this minute.
    expect((await row(product.container())).closed.get('auth')).toBeGreaterThan(product.clock.nowMs() + 55_000);
    expect(new Set(await burst(product, 10))).toEqual(new Set([listed]));
  });

  test('is not sent once RingCentral has said that none is left', async () => {
    await start({ rateLimits: { auth: 1 } });
    await list(product.container());
    product.simulator.revokeAllTokens();
    for (const answer of await burst(product, 10)) expect([58, 59, 60].map(told)).toContain(answer);
    expect(grants(product)).toEqual(['jwt']);
    product.clock.advance(60_000);
    expect(await list(product.container())).toBe(listed);
    expect(grants(product)).toEqual(['jwt', 'jwt']);
  });

  test('answers fax with 5, cancel with OK and status with the last known status', async () => {
    await start();
    const sid = await placed();
    product.simulator.revokeAllTokens();
    product.simulator.failNext('token', throttled({ 'retry-after': '45' }));
    expect(await list(product.container())).toBe(told(45));
    expect(await fax(product.container())).toBe('5');
    expect(await cancel(product.container(), sid)).toBe(`OK ${sid}`);
    expect(await status(product.container(), sid)).toBe(`OK ${sid} 1;+16505550100;1;+16505553711;1`);
    expect(grants(product)).toEqual(['jwt', 'jwt']);
  });
});

describe('a throttled group', () => {
  test('is not used by any container until Retry-After is over, and the answer says how long', async () => {
    await start();
    product.simulator.failNext('forwarding-number', throttled({ 'retry-after': '20', 'x-rate-limit-window': '300' }));
    expect(await list(product.container())).toBe(told(20));
    expect(await row(product.container())).toMatchObject({ closed: new Map([['light', expect.any(Number)]]) });
    product.clock.advance(15_000);
    for (const answer of await burst(product, 10)) expect([4, 5].map(told)).toContain(answer);
    expect(seen(product, 'forwarding-number')).toBe(1);
    product.clock.advance(5000);
    expect(await list(product.container())).toBe(listed);
    expect(counted(product, 'UpstreamThrottled')).toBe(1);
  });

  test('closes no other group: without calls, list and status work and cancel answers OK without a request', async () => {
    await start();
    const sid = await placed();
    product.simulator.failNext('ring-out', throttled({ 'retry-after': '20' }));
    expect(await call(product.container())).toBe(told(20));
    expect(await list(product.container())).toBe(listed);
    expect(await status(product.container(), sid)).toBe(`OK ${sid} 1;+16505550100;1;+16505553711;1`);
    expect(await cancel(product.container(), sid)).toBe(`OK ${sid}`);
    expect(seen(product, 'cancel')).toBe(0);
  });

  test('makes status answer with the last known status', async () => {
    await start();
    const sid = await placed();
    product.simulator.advanceClock(5000);
    expect(await status(product.container(), sid)).toBe(`OK ${sid} 1;+16505550100;1;+16505553711;0`);
    product.simulator.failNext('status', throttled({ 'retry-after': '20' }));
    product.simulator.advanceClock(4000);
    for (let poll = 0; poll < 5; poll += 1) {
      expect(await status(product.container(), sid)).toBe(`OK ${sid} 1;+16505550100;1;+16505553711;0`);
    }
    expect(seen(product, 'status')).toBe(2);
    product.clock.advance(20_000);
    expect(await status(product.container(), sid)).not.toBe(`OK ${sid} 1;+16505550100;1;+16505553711;0`);
  });

  test('is closed for the window that RingCentral names when no request of it is left', async () => {
    await start({ rateLimits: { light: 2 } });
    expect([await list(product.container()), await list(product.container())]).toEqual([listed, listed]);
    expect([59, 60].map(told)).toContain(await list(product.container()));
    product.clock.advance(60_000);
    expect(await list(product.container())).toBe(listed);
    // RingCentral would have answered one more request with 429 and restarted the minute.
    expect(product.simulator.requests.map((request) => request.status)).toEqual([200, 200, 200, 200]);
  });

  test('is the one that the answer names, in every container, even if RingCentral’s guide names another', async () => {
    await start();
    const sid = await placed();
    product.simulator.failNext('forwarding-number', throttled({ 'retry-after': '20', 'x-rate-limit-group': 'Medium' }));
    expect(await list(product.container())).toBe(told(20));
    expect(await list(product.container())).toBe(told(20));
    expect(seen(product, 'forwarding-number')).toBe(1);
    expect(await status(product.container(), sid)).toBe(`OK ${sid} 1;+16505550100;1;+16505553711;1`);
    expect(seen(product, 'status')).toBe(1);
    expect((await row(product.container())).groups).toEqual(new Map([['forwarding-number', 'medium']]));
  });

  test('is also learned from a success, before any throttling', async () => {
    await start();
    const sid = await placed();
    const numbers = {
      records: [{ id: '1', phoneNumber: '+16505553711', label: 'Home', features: ['CallForwarding'] }],
    };
    product.simulator.failNext('forwarding-number', {
      status: 200,
      body: numbers,
      headers: { 'x-rate-limit-group': 'medium' },
    });
    expect(await list(product.container())).toBe('OK 6505553711;Home');
    product.simulator.failNext('status', throttled({ 'retry-after': '20' }));
    await status(product.container(), sid);
    expect(await list(product.container())).toBe(listed);
  });

  test('is closed for the throttled container even while the table cannot be used', async () => {
    await start();
    const container = product.container();
    await list(container);
    product.simulator.failNext('forwarding-number', throttled({ 'retry-after': '20', 'x-rate-limit-group': 'Medium' }));
    const down = { send: () => Promise.reject(new Error('demo')) } as never;
    const cutOff = product.container({ dynamoDb: down });
    expect(await list(cutOff)).toBe(told(20));
    expect(await list(cutOff)).toBe(told(20));
    expect(seen(product, 'forwarding-number')).toBe(2);
  });
});
