import { ringCentralLimits } from '../../../../infra/local/simulator/rate-limit.ts';
import { startSimulator } from '../../../../infra/local/simulator/server.ts';
import { bob, extensionUrl, refusal, seen, openSimulator, type SimulatorClient } from './fixture.ts';

let client: SimulatorClient;
afterEach(() => client.simulator.close());

const list = (headers: { authorization: string }) => client.send(`${extensionUrl}/forwarding-number`, { headers });

test('RingCentral’s limits are the default', async () => {
  client = await openSimulator({ rateLimits: ringCentralLimits });
  const headers = await client.login();
  const withoutOption = await startSimulator({ users: [], clientId: 'demo', clientSecret: 'demo' });
  const grant = () => fetch(`${withoutOption.url}/restapi/oauth/token`, { method: 'POST' });
  expect((await grant()).headers.get('x-rate-limit-limit')).toBe('5');
  await withoutOption.close();
  const call = await client.postJson(`${extensionUrl}/ring-out`, {}, headers);
  expect([(await list(headers)).headers.get('x-rate-limit-limit'), call.headers.get('x-rate-limit-limit')]).toEqual([
    '50',
    '10',
  ]);
});

test('answers have the group, the limit, the remaining requests and the window', async () => {
  client = await openSimulator({ rateLimits: { light: 3 } });
  const headers = await client.login();
  const response = await list(headers);
  expect(Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('x-rate')))).toEqual({
    'x-rate-limit-group': 'light',
    'x-rate-limit-limit': '3',
    'x-rate-limit-remaining': '2',
    'x-rate-limit-window': '60',
  });
});

test('one request too many is refused with Retry-After', async () => {
  client = await openSimulator({ rateLimits: { light: 1 } });
  const headers = await client.login();
  await list(headers);
  const refused = await list(headers);
  expect([refused.headers.get('retry-after'), await seen(refused)]).toEqual([
    '60',
    {
      status: 429,
      body: {
        errorCode: 'CMN-301',
        message: 'Request rate exceeded',
        errors: [{ errorCode: 'CMN-301', message: 'Request rate exceeded' }],
      },
    },
  ]);
});

test('every request during the penalty starts it again', async () => {
  client = await openSimulator({ rateLimits: { light: 1 } });
  const headers = await client.login();
  const statuses: number[] = [];
  for (const passMs of [0, 0, 59_999, 59_999, 60_000]) {
    client.pass(passMs);
    statuses.push((await list(headers)).status);
  }
  expect(statuses).toEqual([200, 429, 429, 429, 200]);
});

test('the window can be set in seconds', async () => {
  client = await openSimulator({ rateLimits: { light: 1 }, rateLimitWindowSeconds: 2 });
  const headers = await client.login();
  expect((await list(headers)).headers.get('x-rate-limit-window')).toBe('2');
  const refused = await list(headers);
  client.pass(2000);
  expect([refused.headers.get('retry-after'), (await list(headers)).status]).toEqual(['2', 200]);
});

test('users and groups have separate allowances', async () => {
  client = await openSimulator({ rateLimits: { light: 1, heavy: 1 } });
  const [first, second] = [await client.login(), await client.login(bob)];
  await list(first);
  const call = await client.postJson(`${extensionUrl}/ring-out`, {}, first);
  expect([(await list(first)).status, (await list(second)).status, call.status]).toEqual([429, 200, 400]);
});

test('call, cancel and fax share the heavy allowance', async () => {
  client = await openSimulator({ rateLimits: { heavy: 2 } });
  const headers = await client.login();
  await client.postJson(`${extensionUrl}/ring-out`, {}, headers);
  await client.send(`${extensionUrl}/ring-out/x`, { method: 'DELETE', headers });
  expect(await refusal(await client.send(`${extensionUrl}/fax`, { method: 'POST', headers }))).toBe('429 CMN-301');
});

test('token requests have an allowance too', async () => {
  client = await openSimulator({ rateLimits: { auth: 1 } });
  await client.login();
  const again = await client.grant({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: 'demo-jwt-101',
  });
  expect(await refusal(again)).toBe('429 CMN-301');
});
