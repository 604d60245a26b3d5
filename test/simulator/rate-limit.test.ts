import { bob, extensionUrl, refusal, seen, startBench, type Bench } from './fixture.ts';

let bench: Bench;
afterEach(() => bench.simulator.close());

const list = (headers: { authorization: string }) => bench.send(`${extensionUrl}/forwarding-number`, { headers });

test('answers tell the group, the limit, what is left and the window', async () => {
  bench = await startBench({ rateLimits: { light: 3 } });
  const headers = await bench.login();
  const response = await list(headers);
  expect(Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('x-rate')))).toEqual({
    'x-rate-limit-group': 'light',
    'x-rate-limit-limit': '3',
    'x-rate-limit-remaining': '2',
    'x-rate-limit-window': '60',
  });
});

test('one request too many is refused with Retry-After', async () => {
  bench = await startBench({ rateLimits: { light: 1 } });
  const headers = await bench.login();
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
  bench = await startBench({ rateLimits: { light: 1 } });
  const headers = await bench.login();
  const statuses: number[] = [];
  for (const passMs of [0, 0, 59_999, 59_999, 60_000]) {
    bench.pass(passMs);
    statuses.push((await list(headers)).status);
  }
  expect(statuses).toEqual([200, 429, 429, 429, 200]);
});

test('users and groups have allowances of their own', async () => {
  bench = await startBench({ rateLimits: { light: 1, heavy: 1 } });
  const [first, second] = [await bench.login(), await bench.login(bob)];
  await list(first);
  const call = await bench.postJson(`${extensionUrl}/ring-out`, {}, first);
  expect([(await list(first)).status, (await list(second)).status, call.status]).toEqual([429, 200, 400]);
});

test('call, cancel and fax share the heavy allowance', async () => {
  bench = await startBench({ rateLimits: { heavy: 2 } });
  const headers = await bench.login();
  await bench.postJson(`${extensionUrl}/ring-out`, {}, headers);
  await bench.send(`${extensionUrl}/ring-out/x`, { method: 'DELETE', headers });
  expect(await refusal(await bench.send(`${extensionUrl}/fax`, { method: 'POST', headers }))).toBe('429 CMN-301');
});

test('logins have an allowance too', async () => {
  bench = await startBench({ rateLimits: { auth: 1 } });
  await bench.login();
  const again = await bench.grant({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: 'demo-jwt-101',
  });
  expect(await refusal(again)).toBe('429 CMN-301');
});
