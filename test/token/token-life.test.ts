import { startProduct, type Product } from '../product.ts';
import type { SimulatorOptions } from '../../infra/local/simulator/server.ts';
import {
  burst,
  call,
  cancel,
  counted,
  fax,
  grantByHand,
  grants,
  list,
  listed,
  loginByHand,
  row,
  scheduledRun,
  seen,
  someoneWaits,
  status,
} from './situation.ts';

let product: Product;
afterEach(() => product.close());

const start = async (simulator: Partial<SimulatorOptions> = {}): Promise<void> => {
  product = await startProduct({ simulator });
};

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

describe('a token that works', () => {
  test('is requested once, by the first request, and shared through the row', async () => {
    await start();
    const container = product.container();
    expect(await list(container)).toBe(listed);
    expect(grants(product)).toEqual(['jwt']);
    const { token, version, lease } = await row(container);
    expect({ version, lease, life: (token?.expiresAtMs ?? 0) - (token?.issuedAtMs ?? 0) }).toEqual({
      version: 1,
      lease: undefined,
      life: hourMs,
    });
  });

  test('serves a hundred requests of ten containers', async () => {
    await start();
    const containers = Array.from({ length: 10 }, () => product.container());
    const answers: string[] = [];
    for (let round = 0; round < 10; round += 1) answers.push(...(await Promise.all(containers.map(list))));
    expect(new Set(answers)).toEqual(new Set([listed]));
    expect(answers).toHaveLength(100);
    expect(grants(product)).toEqual(['jwt']);
  });

  test('serves list, call, status, cancel and fax', async () => {
    await start();
    const container = product.container();
    expect(await list(container)).toBe(listed);
    const sid = (await call(container)).split(' ')[1] ?? '';
    expect(await status(container, sid)).toBe(`OK ${sid} 1;+16505550100;1;+16505553711;1`);
    expect(await cancel(container, sid)).toBe(`OK ${sid}`);
    expect(await fax(container)).toBe('0');
    expect(grants(product)).toEqual(['jwt']);
  });

  test('is not renewed by requests before its last minute, however old it is', async () => {
    await start();
    await list(product.container());
    product.clock.advance(hourMs - minuteMs - 5000);
    expect(await burst(product, 5)).toEqual(Array.from({ length: 5 }, () => listed));
    expect(grants(product)).toEqual(['jwt']);
  });

  test.each([
    ['an hour', 3600, 60],
    ['five minutes', 300, 30],
    ['a minute and a half', 90, 9],
  ])('with a life of %s is used up to its margin and no longer', async (_, lifeSeconds, marginSeconds) => {
    await start({ accessTokenSeconds: lifeSeconds });
    await list(product.container());
    product.clock.advance((lifeSeconds - marginSeconds - 3) * 1000);
    await list(product.container());
    expect(grants(product)).toEqual(['jwt']);
    product.clock.advance(4000);
    expect(await list(product.container())).toBe(listed);
    expect(grants(product)).toEqual(['jwt', 'jwt']);
  });
});

describe('a token that expires', () => {
  test('is replaced by one grant, whichever container needs it', async () => {
    await start();
    await list(product.container());
    product.clock.advance(2 * hourMs);
    expect(new Set(await burst(product, 20))).toEqual(new Set([listed]));
    expect(grants(product)).toEqual(['jwt', 'jwt']);
    expect(counted(product, 'Grants')).toBe(2);
  });

  test('in the middle of a burst costs one grant and no failure', async () => {
    await start();
    await list(product.container());
    product.clock.advance(hourMs - minuteMs - 5000);
    const held = product.simulator.hold('forwarding-number', 'request', 10);
    const before = burst(product, 10);
    await held.reached;
    // Requests under way reach RingCentral with a token that has expired by then. Later requests replace it before.
    product.simulator.advanceClock(minuteMs);
    product.clock.advance(6000);
    const after = burst(product, 10);
    held.release();
    expect(new Set([...(await before), ...(await after)])).toEqual(new Set([listed]));
    expect(grants(product)).toEqual(['jwt', 'jwt']);
  });
});

describe('a token that RingCentral rejects', () => {
  test('because it was revoked costs one grant and no failure', async () => {
    await start({ refreshTokens: true });
    await list(product.container());
    product.simulator.revokeAllTokens();
    expect(new Set(await burst(product, 20))).toEqual(new Set([listed]));
    // The refresh token belongs to the same dead session and is not tried.
    expect(grants(product)).toEqual(['jwt', 'jwt']);
  });

  test('because another container has refreshed it is read from the row, without a grant', async () => {
    await start({ refreshTokens: true });
    const container = product.container();
    await list(container);
    product.clock.advance(31 * minuteMs);
    const held = product.simulator.hold('forwarding-number', 'request');
    const late = list(container);
    await held.reached;
    await scheduledRun(product.container());
    held.release();
    expect(await late).toBe(listed);
    expect(grants(product)).toEqual(['jwt', 'refresh']);
    expect(seen(product, 'forwarding-number')).toBe(3);
    expect(counted(product, 'LeaseWaits')).toBe(0);
  });

  test('while another container refreshes it makes the request wait for the new one', async () => {
    await start({ refreshTokens: true });
    const container = product.container();
    await list(container);
    product.clock.advance(31 * minuteMs);
    // RingCentral has refreshed and its answer is on the way. The old token is dead and the new one not yet stored.
    const held = product.simulator.hold('token', 'answer');
    const refreshing = scheduledRun(product.container());
    await held.reached;
    const waiting = someoneWaits(product);
    const late = list(container);
    await waiting;
    held.release();
    expect(await late).toBe(listed);
    await refreshing;
    expect(grants(product)).toEqual(['jwt', 'refresh']);
    expect(counted(product, 'LeaseWaits')).toBe(1);
  });

  test('because a container refreshed it and died before storing the result is replaced', async () => {
    await start({ refreshTokens: true });
    const container = product.container();
    await list(container);
    await grantByHand(product, { grant_type: 'refresh_token', refresh_token: await refreshToken() });
    expect(await list(container)).toBe(listed);
    expect(grants(product)).toEqual(['jwt', 'refresh', 'jwt']);
  });

  test('because its session was evicted by newer ones is replaced', async () => {
    await start();
    const container = product.container();
    await list(container);
    for (let session = 0; session < 5; session += 1) await loginByHand(product);
    expect(await list(container)).toBe(listed);
    expect(grants(product)).toHaveLength(7);
  });
});

describe('a replacement that RingCentral rejects as well', () => {
  const rejected = 'FAILED RingCentral ended the sign-in of this user, try again';

  test('leads to the next token request only fifteen seconds later', async () => {
    await start();
    product.simulator.failNext('forwarding-number', { status: 401 }, 1000);
    expect(await list(product.container())).toBe(rejected);
    expect(grants(product)).toEqual(['jwt', 'jwt']);
    expect(new Set(await burst(product, 20))).toEqual(new Set([rejected]));
    expect(grants(product)).toEqual(['jwt', 'jwt']);
    product.clock.advance(10_000);
    expect(await list(product.container())).toBe(rejected);
    expect(grants(product)).toEqual(['jwt', 'jwt']);
    product.clock.advance(5000);
    expect(new Set(await burst(product, 20))).toEqual(new Set([rejected]));
    expect(grants(product)).toEqual(['jwt', 'jwt', 'jwt']);
  });

  test('does not fail all requests of a minute: a later rejection leads to a new token', async () => {
    await start();
    product.simulator.failNext('forwarding-number', { status: 401 }, 2);
    expect(await list(product.container())).toBe(rejected);
    product.clock.advance(15_000);
    product.simulator.revokeAllTokens();
    expect(await list(product.container())).toBe(listed);
  });

  test('does not fail requests once RingCentral accepts the token again', async () => {
    await start();
    product.simulator.failNext('forwarding-number', { status: 401 }, 2);
    expect(await list(product.container())).toBe(rejected);
    expect(await list(product.container())).toBe(listed);
    expect(grants(product)).toEqual(['jwt', 'jwt']);
  });
});

describe('renewal ahead of time', () => {
  test('does not renew a token before it is due', async () => {
    await start({ refreshTokens: true });
    await scheduledRun(product.container());
    product.clock.advance(26 * minuteMs);
    await scheduledRun(product.container());
    expect(grants(product)).toEqual(['jwt']);
  });

  test('finds a token due at the third run, although it was issued after the start of the first run', async () => {
    await start();
    const held = product.simulator.hold('token', 'request');
    const run = scheduledRun(product.container());
    await held.reached;
    product.clock.advance(50);
    held.release();
    await run;
    const { token } = await row(product.container());
    product.clock.advance((token?.issuedAtMs ?? 0) - product.clock.nowMs() + 30 * minuteMs - 60_000);
    await scheduledRun(product.container());
    expect(grants(product)).toEqual(['jwt', 'jwt']);
  });

  test.each([
    ['with the refresh token, where RingCentral issues them', true, ['jwt', 'refresh', 'refresh']],
    ['with the JWT, where it issues none', false, ['jwt', 'jwt', 'jwt']],
  ])('renews %s', async (_, refreshTokens, expected) => {
    await start({ refreshTokens });
    for (let run = 0; run < 7; run += 1) {
      await scheduledRun(product.container());
      expect(await list(product.container())).toBe(listed);
      product.clock.advance(10 * minuteMs);
    }
    expect(grants(product)).toEqual(expected);
    expect(counted(product, 'LeaseWaits')).toBe(0);
  });

  test('uses the JWT when the refresh token was used by a container that died', async () => {
    await start({ refreshTokens: true });
    await scheduledRun(product.container());
    const newAccessToken = await grantByHand(product, {
      grant_type: 'refresh_token',
      refresh_token: await refreshToken(),
    });
    await fetch(`${product.simulator.url}/restapi/v1.0/account/~`, {
      headers: { Authorization: `Bearer ${newAccessToken}` },
    });
    product.clock.advance(31 * minuteMs);
    await scheduledRun(product.container());
    expect(grants(product)).toEqual(['jwt', 'refresh', 'refresh', 'jwt']);
    expect(await list(product.container())).toBe(listed);
  });

  test('uses the JWT when the refresh token is about to expire', async () => {
    await start({ refreshTokens: true });
    await scheduledRun(product.container());
    product.clock.advance(7 * 24 * hourMs - 30_000);
    await scheduledRun(product.container());
    expect(grants(product)).toEqual(['jwt', 'jwt']);
  });
});

async function refreshToken(): Promise<string> {
  const { token } = await row(product.container());
  return token?.refreshToken ?? '';
}
