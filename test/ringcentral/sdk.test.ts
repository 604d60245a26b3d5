import { inspect } from 'node:util';
import { createSend, type SdkRequest } from '../../lib/ringcentral/sdk.ts';
import { TransportError } from '../../lib/ringcentral/transport.ts';
import { testClock } from '../clock.ts';
import { startSimulator, type Simulator } from '../../infra/local/simulator/server.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ users: [], clientId: 'demo-client', clientSecret: 'demo-secret' });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const send = createSend(testClock(), '9.9.9');
const path = '/restapi/v1.0/account/~/extension/~/ring-out';
const ask = (request: Partial<SdkRequest>, clientId = 'demo-client') =>
  send(
    { serverUrl: simulator.url, clientId },
    {
      method: 'GET',
      path: `${path}/abc`,
      headers: { Authorization: 'Bearer demo-token', 'Client-Id': clientId },
      signal: AbortSignal.timeout(2000),
      ...request,
    },
  );
const last = () => simulator.requests.at(-1);

test('the bearer token is the one given, and the user agent names product and SDK', async () => {
  await ask({});
  expect(last()?.headers).toMatchObject({
    authorization: 'Bearer demo-token',
    'client-id': 'demo-client',
    'x-user-agent': expect.stringMatching(/^ringout-bridge\/9\.9\.9 RCJSSDK\//) as unknown,
  });
});

test('an answer that is not 2xx is returned with its body, not thrown', async () => {
  for (const status of [302, 400, 401, 403, 404, 429, 500, 503]) {
    simulator.failNext('status', { status, body: { errorCode: 'CMN-000', message: 'Demo' } });
    const answer = await ask({});
    expect([answer.status, JSON.parse(await answer.text())]).toEqual([
      status,
      { errorCode: 'CMN-000', message: 'Demo' },
    ]);
  }
  expect(simulator.requests).toHaveLength(8);
});

test('a 401 leads to no refresh, login or retry by the SDK', async () => {
  const answer = await ask({ method: 'POST', path, body: { from: {}, to: {} } });
  expect(answer.status).toBe(401);
  expect(simulator.requests.map(({ kind }) => kind)).toEqual(['ring-out']);
});

test('a 429 leads to no wait by the SDK', async () => {
  simulator.failNext('status', { status: 429, headers: { 'retry-after': '20' } });
  const startedAt = performance.now();
  expect((await ask({})).status).toBe(429);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

test('a plain object goes out as JSON, with query and method as given', async () => {
  await ask({ method: 'POST', path, body: { to: 'ü' }, query: { page: 1, name: 'a b&c' } });
  expect(last()).toMatchObject({ method: 'POST', query: { page: '1', name: 'a b&c' }, body: { to: 'ü' } });
  expect(last()?.headers['content-type']).toBe('application/json');
});

test('each request carries its own parameters and none of the one before', async () => {
  await ask({ headers: { Authorization: 'Bearer first' } });
  await ask({ headers: {} });
  expect(last()?.headers['authorization']).toBeUndefined();
  await ask({ headers: { Authorization: 'Bearer other' } }, 'other-client');
  expect(last()?.headers['authorization']).toBe('Bearer other');
});

test('an error contains neither request nor token', async () => {
  simulator.failNext('ring-out', 'reset-before');
  const error: unknown = await ask({ method: 'POST', path, body: { secret: 'demo-jwt' } }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TransportError);
  expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/demo-token|demo-jwt/);
});

test('the signal aborts the request', async () => {
  simulator.failNext('status', 'hang');
  await expect(ask({ signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ problem: 'timeout' });
});
