import { extensionUrl, refusal, seen, openSimulator, type SimulatorClient } from './fixture.ts';
import { asObject } from '../../../../lib/domain/untrusted.ts';
import type { Fault, FaultKind } from '../../../../infra/local/simulator/faults.ts';

let client: SimulatorClient;
let headers: { authorization: string };
beforeEach(async () => {
  client = await openSimulator();
  headers = await client.login();
});
afterEach(() => client.simulator.close());

const call = (signal?: AbortSignal) =>
  client.send(`${extensionUrl}/ring-out`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ from: { phoneNumber: '+16505550142' }, to: { phoneNumber: '+16505550100' } }),
    ...(signal !== undefined && { signal }),
  });
const list = () => client.send(`${extensionUrl}/forwarding-number`, { headers });
const lastRequest = () => {
  const last = client.simulator.requests.at(-1);
  return { kind: last?.kind, status: last?.status, fault: last?.fault };
};

test.each([
  ['only a status', { status: 503 }, '503 CMN-201'],
  ['the status 429', { status: 429 }, '429 CMN-301'],
  ['another error code', { status: 429, errorCode: 'CMN-304' }, '429 CMN-304'],
  ['a custom body', { status: 400, body: { errors: [{ errorCode: 'X-1' }] } }, '400 X-1'],
] as [string, Fault, string][])(
  'a fault with %s is answered with its code and places no call',
  async (_name, fault, expected) => {
    client.simulator.failNext('ring-out', fault);
    expect([await refusal(await call()), client.simulator.calls]).toEqual([expected, []]);
  },
);

test.each([
  ['a status', { status: 503, carriedOut: true }, '503 CMN-201'],
  ['a duplicate', { status: 429, errorCode: 'CMN-304', carriedOut: true }, '429 CMN-304'],
] as [string, Fault, string][])(
  '%s replaces the answer, although the call is placed',
  async (_name, fault, expected) => {
    client.simulator.failNext('ring-out', fault);
    expect([await refusal(await call()), client.simulator.calls.length]).toEqual([expected, 1]);
    expect(lastRequest().fault).toMatch(/^status \d+, carried out$/);
  },
);

test('a 429 for a duplicate has no headers of a rate limit', async () => {
  client.simulator.failNext('ring-out', { status: 429, errorCode: 'CMN-304' });
  const names = [...(await call()).headers.keys()];
  expect(names.filter((name) => /^x-rate-limit|^retry-after/.test(name))).toEqual([]);
});

test('headers and content type of an answer can be chosen', async () => {
  client.simulator.failNext('ring-out', {
    status: 502,
    body: '<h1>Bad gateway</h1>',
    contentType: 'text/html',
    headers: { 'retry-after': '7' },
  });
  const response = await call();
  expect([response.status, response.headers.get('content-type'), response.headers.get('retry-after')]).toEqual([
    502,
    'text/html',
    '7',
  ]);
  expect(await response.text()).toBe('<h1>Bad gateway</h1>');
});

test.each([
  ['reset-before', 0, undefined],
  ['reset-after', 1, undefined],
  ['truncated', 1, undefined],
] as [Fault, number, undefined][])('%s breaks the connection; calls placed: %i', async (fault, calls, status) => {
  client.simulator.failNext('ring-out', fault);
  await expect(call().then((response) => response.text())).rejects.toThrow(/fetch failed|terminated/);
  expect([client.simulator.calls.length, lastRequest()]).toEqual([calls, { kind: 'ring-out', status, fault }]);
});

test.each(['hang', 'slow-body'] as const)('%s keeps the client waiting although the call is placed', async (fault) => {
  client.simulator.failNext('ring-out', fault);
  await expect(call(AbortSignal.timeout(200)).then((response) => response.text())).rejects.toThrow(/timeout/);
  expect(client.simulator.calls).toHaveLength(1);
});

test('hang-before keeps the client waiting and places no call', async () => {
  client.simulator.failNext('ring-out', 'hang-before');
  await expect(call(AbortSignal.timeout(200))).rejects.toThrow(/timeout/);
  expect([client.simulator.calls, lastRequest()]).toEqual([
    [],
    { kind: 'ring-out', status: undefined, fault: 'hang-before' },
  ]);
});

describe('an outage', () => {
  const codeOf = (error: unknown): unknown => asObject(asObject(error)?.['cause'])?.['code'];

  test('refuses connections, and ends by itself', async () => {
    expect((await list()).status).toBe(200);
    client.simulator.refuseConnections(300);
    // The connection that the client kept alive may break first.
    expect(await call().then(String, codeOf)).toMatch(/^ECONN|^UND_ERR_SOCKET$/);
    expect(await call().then(String, codeOf)).toBe('ECONNREFUSED');
    let status: unknown;
    const giveUpAtMs = Date.now() + 10_000;
    while (status !== 200 && Date.now() < giveUpAtMs) status = await list().then((answer) => answer.status, codeOf);
    expect([status, client.simulator.calls, client.simulator.requests.map(({ kind }) => kind)]).toEqual([
      200,
      [],
      ['token', 'forwarding-number', 'forwarding-number'],
    ]);
  });

  test('can be started by another process, and breaks running requests', async () => {
    client.simulator.failNext('ring-out', 'hang');
    const hanging = call().then(String, () => 'broken');
    while (client.simulator.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const answer = await client.postJson('/__simulator/outage', { ms: 60_000 }, {});
    expect([answer.status, await hanging]).toEqual([200, 'broken']);
    await list().catch(() => undefined);
    expect(await list().then(String, codeOf)).toBe('ECONNREFUSED');
  });

  test('does not open a closed simulator again', async () => {
    client.simulator.refuseConnections(20);
    await client.simulator.close();
    await new Promise((resolve) => setTimeout(resolve, 60));
    await list().catch(() => undefined);
    expect(await list().then(String, codeOf)).toBe('ECONNREFUSED');
  });
});

test('not-json answers 200 with an HTML page', async () => {
  client.simulator.failNext('ring-out', 'not-json');
  const response = await call();
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(await response.text()).toMatch(/^<!doctype html>/);
});

test.each([
  ['a delayed answer', () => client.simulator.failNext('forwarding-number', { delayMs: 60 })],
  ['latency', () => client.simulator.setLatency(60)],
])('%s delays an answer of 200', async (_name, arm) => {
  arm();
  const before = performance.now();
  expect((await list()).status).toBe(200);
  expect(performance.now() - before).toBeGreaterThanOrEqual(55);
});

test.each([
  ['request', 0],
  ['answer', 2],
] as const)('a held %s waits until it is released; calls placed meanwhile: %i', async (what, placed) => {
  const held = client.simulator.hold('ring-out', what, 2);
  const answers = Promise.all([call(), call()]);
  await held.reached;
  expect([client.simulator.calls.length, lastRequest()]).toEqual([
    placed,
    { kind: 'ring-out', status: undefined, fault: `hold ${what}` },
  ]);
  // Other requests do not wait.
  expect((await list()).status).toBe(200);
  held.release();
  expect((await answers).map(({ status }) => status)).toEqual([200, 200]);
  expect(client.simulator.calls).toHaveLength(2);
});

test('a hold ends with the simulator', async () => {
  const held = client.simulator.hold('ring-out', 'answer');
  const broken = call().catch((error: unknown) => error);
  await held.reached;
  await client.simulator.close();
  expect(await broken).toMatchObject({ message: 'fetch failed' });
});

test('a fault applies only to its kind, as often as armed, in the order armed', async () => {
  client.simulator.failNext('forwarding-number', { status: 500 }, 2);
  client.simulator.failNext('any', { status: 502 });
  client.simulator.failNext('ring-out', { status: 504 });
  const statuses: number[] = [];
  for (const send of [list, call, list, call, list, call]) statuses.push((await send()).status);
  expect(statuses).toEqual([500, 502, 500, 504, 200, 200]);
});

test.each([
  ['token', '/restapi/oauth/token', 'POST'],
  ['revoke', '/restapi/oauth/revoke', 'POST'],
  ['ring-out', `${extensionUrl}/ring-out`, 'POST'],
  ['status', `${extensionUrl}/ring-out/x`, 'GET'],
  ['cancel', `${extensionUrl}/ring-out/x`, 'DELETE'],
  ['forwarding-number', `${extensionUrl}/forwarding-number`, 'GET'],
  ['fax', `${extensionUrl}/fax`, 'POST'],
  ['message-list', `${extensionUrl}/message-store`, 'GET'],
  ['dictionary', '/restapi/v1.0/dictionary/fax-cover-page', 'GET'],
  ['account', '/restapi/v1.0/account/~', 'GET'],
  ['account', extensionUrl, 'GET'],
] as [FaultKind, string, string][])('%s is the kind of %s %s', async (kind, path, method) => {
  client.simulator.failNext(kind, { status: 599, body: 'armed' });
  expect(await (await client.send(path, { method, headers })).text()).toBe('armed');
});

test('an unknown route is answered 501, printed and recorded as unknown', async () => {
  const told = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const answer = await seen(await client.send('/restapi/v1.0/account/~/extension/~/sms', { method: 'POST', headers }));
  expect([answer.status, told.mock.calls, client.simulator.unknownRequests.map(({ path }) => path)]).toEqual([
    501,
    [['RingCentral simulator: no such route: POST /restapi/v1.0/account/~/extension/~/sms']],
    ['/restapi/v1.0/account/~/extension/~/sms'],
  ]);
  told.mockRestore();
});
