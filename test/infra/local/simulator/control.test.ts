import { connect } from 'node:net';
import { extensionUrl, jwtGrant, seen, openSimulator, startMs, type SimulatorClient } from './fixture.ts';

let client: SimulatorClient;
beforeEach(async () => {
  client = await openSimulator();
});
afterEach(() => client.simulator.close());

const control = (name: string, value: unknown = {}) => client.postJson(`/__simulator/${name}`, value, {});
const order = { from: { phoneNumber: '+16505550142' }, to: { phoneNumber: '+16505550100' }, playPrompt: true };

test('a received request is kept with its body, user and answer', async () => {
  const headers = await client.login();
  await client.postJson(`${extensionUrl}/ring-out?x=1`, order, headers);
  expect(client.simulator.requests).toEqual([
    expect.objectContaining({
      number: 1,
      kind: 'token',
      body: { grant_type: jwtGrant, assertion: 'demo-jwt-101' },
      user: '18889363711*101',
      status: 200,
    }),
    {
      number: 2,
      atMs: startMs,
      method: 'POST',
      path: `${extensionUrl}/ring-out`,
      query: { x: '1' },
      headers: expect.objectContaining({ 'content-type': 'application/json', ...headers }),
      kind: 'ring-out',
      body: order,
      user: '18889363711*101',
      status: 200,
      fault: undefined,
    },
  ]);
});

test('the list of requests for other processes has no token, JWT, password or client secret', async () => {
  const headers = await client.login();
  await client.send(extensionUrl, { headers });
  await client.grant({ grant_type: 'password', username: '18889363711', password: 'demo-password' });
  const text = await (await client.send('/__simulator/requests')).text();
  const shown = JSON.parse(text) as { headers: { authorization: string }; body?: Record<string, string> }[];
  expect(text).not.toMatch(/demo-jwt|demo-access|demo-password|demo-client-secret/);
  expect(shown.map(({ headers: { authorization }, body }) => [authorization, body?.['assertion']])).toEqual([
    [expect.stringMatching(/^Basic <sha256 [0-9a-f]{8}>$/), expect.stringMatching(/^<sha256 [0-9a-f]{8}>$/)],
    [expect.stringMatching(/^Bearer <sha256 [0-9a-f]{8}>$/), undefined],
    [expect.stringMatching(/^Basic <sha256 [0-9a-f]{8}>$/), undefined],
  ]);
});

test('another process can arm a fault', async () => {
  await control('faults', { kind: 'account', fault: { status: 503 }, times: 2 });
  const statuses: number[] = [];
  const headers = await client.login();
  for (let time = 0; time < 3; time += 1) statuses.push((await client.send(extensionUrl, { headers })).status);
  expect(statuses).toEqual([503, 503, 200]);
});

test('the state has the armed faults, the clock and the rest of the limits, and faults can be disarmed', async () => {
  const limited = await openSimulator({ rateLimits: { heavy: 1 } });
  const stateOf = async () => (await seen(await limited.send('/__simulator/state'))).body;
  const headers = await limited.login();
  const place = () => limited.postJson(`${extensionUrl}/ring-out`, order, headers);
  await place();
  limited.simulator.failNext('fax', { status: 503, carriedOut: true });
  limited.simulator.failNext('any', 'hang', 2);
  limited.simulator.advanceClock(5000);
  const heavy = { group: 'heavy', subject: '18889363711*101', limit: 1, left: 0 };
  expect(await stateOf()).toMatchObject({
    clockAheadMs: 5000,
    faults: [
      { kind: 'fax', fault: 'status 503, carried out', left: 1 },
      { kind: 'any', fault: 'hang', left: 2 },
    ],
    limits: [heavy],
  });

  await limited.send('/__simulator/faults', { method: 'DELETE' });
  expect((await place()).status).toBe(429);
  expect(await stateOf()).toMatchObject({ faults: [], limits: [{ ...heavy, closedUntilMs: startMs + 65_000 }] });
  limited.simulator.advanceClock(60_000);
  expect(await stateOf()).toMatchObject({ limits: [] });
  await limited.simulator.close();
});

test.each([
  ['no kind', { fault: 'hang' }, /^kind must be one of token,/],
  ['an unknown fault', { kind: 'any', fault: 'explode' }, /^fault must be /],
  ['no times', { kind: 'any', fault: 'hang', times: 0 }, /^times must be /],
  ['a text as its body', 'hang', /^expected an object/],
])('a fault with %s is answered 400 with the reason', async (_name, value, expected) => {
  const response = await control('faults', value);
  expect([response.status, await response.text()]).toEqual([400, expect.stringMatching(expected)]);
});

test('advancing the clock moves calls on, but not the recorded times of requests', async () => {
  const headers = await client.login();
  await client.postJson(`${extensionUrl}/ring-out`, order, headers);
  await control('clock', { advanceMs: 8000 });
  await client.send(extensionUrl, { headers });
  expect([client.simulator.calls[0]?.state, client.simulator.requests.at(-1)?.atMs]).toEqual([
    { callStatus: 'Success', callerStatus: 'Success', calleeStatus: 'Success' },
    startMs,
  ]);
});

test('reset clears everything but the tokens', async () => {
  const headers = await client.login();
  await client.postJson(`${extensionUrl}/ring-out`, order, headers);
  client.simulator.failNext('any', { status: 500 });
  await control('reset');
  const { simulator } = client;
  expect([simulator.requests, simulator.calls, simulator.faxes, simulator.nowMs()]).toEqual([[], [], [], startMs]);
  expect((await client.send(extensionUrl, { headers })).status).toBe(200);
});

test('revoke ends every token', async () => {
  const headers = await client.login();
  await control('revoke');
  expect((await client.send(extensionUrl, { headers })).status).toBe(401);
});

test('the state shows calls, faxes without their bytes, and requests', async () => {
  const headers = await client.login();
  const form = new FormData();
  form.append(
    'json',
    new Blob([JSON.stringify({ to: [{ phoneNumber: '+16505550123' }] })], { type: 'application/json' }),
  );
  form.append('attachment', new Blob(['demo'], { type: 'text/plain' }), 'a.txt');
  await client.send(`${extensionUrl}/fax`, { method: 'POST', headers, body: form });
  const { body } = await seen(await client.send('/__simulator/state'));
  expect(body).toMatchObject({
    nowMs: startMs,
    calls: [],
    faxes: [{ id: 1_724_099_032_020, documents: [{ fileName: 'a.txt', contentType: 'text/plain', sizeBytes: 4 }] }],
    requests: [{ kind: 'token' }, { kind: 'fax', status: 200 }],
  });
});

test('the simulator serves all files of its page', async () => {
  const response = await client.send('/');
  const page = await response.text();
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page).toMatch(/^<!doctype html>/);
  const files = [...page.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, path = '']) => path);
  expect(files).toEqual(['data:,', '/__simulator/page/page.css', '/__simulator/page/page.js']);
  const types = await Promise.all(
    files.slice(1).map(async (path) => (await client.send(path)).headers.get('content-type')),
  );
  expect(types).toEqual(['text/css; charset=utf-8', 'text/javascript; charset=utf-8']);
});

test.each(['page.html', 'nothing.js', '..%2Fserver.js', '..%2fconsole.ts', '.js', 'page.js/x'])(
  '%s is not a file of the page',
  async (name) => {
    expect((await client.send(`/__simulator/page/${name}`)).status).toBe(404);
  },
);

test('closing breaks connections that are still open', async () => {
  const other = await openSimulator();
  const socket = connect(Number(new URL(other.simulator.url).port), '127.0.0.1');
  await new Promise((resolve) => {
    socket.once('connect', resolve);
  });
  const broken = new Promise((resolve) => {
    socket.once('close', resolve);
  });
  await other.simulator.close();
  await broken;
  await expect(fetch(other.simulator.url)).rejects.toThrow('fetch failed');
});
