import { consoleRoutes } from '../../../infra/local/console-routes.ts';
import { demoClient } from '../../../infra/local/demo.ts';
import { createExchangeLog } from '../../../infra/local/exchanges.ts';
import { startGateway, type Gateway } from '../../../infra/local/gateway.ts';
import type { GatewayRequest } from '../../../infra/local/proxy-event.ts';
import { askStandIn } from '../../../infra/local/ask-stand-in.ts';
import { readOutbox } from '../../../infra/local/outbox-rows.ts';
import { startSimulator, type Simulator } from '../../../infra/local/simulator/server.ts';
import { startStateTable, type LocalStateTable } from '../../../infra/local/state-table.ts';

let simulator: Simulator;
let gateway: Gateway;
let table: LocalStateTable;
const log = createExchangeLog();
const settings = { username: '18889363711', extension: '101', password: '1234' };

beforeAll(async () => {
  simulator = await startSimulator({ users: [], ...demoClient });
  table = await startStateTable('infra/resources/state-table.yml', 'demo-state');
  gateway = await startGateway({
    port: 0,
    log,
    invoke: () => Promise.reject(new Error('no function stands behind this gateway')),
    console: consoleRoutes({ settings, simulatorUrl: simulator.url, log, outbox: () => readOutbox(table) }),
  });
});
afterAll(async () => {
  await gateway.close();
  await simulator.close();
  await table.close();
});

const get = async (path: string, init?: RequestInit) => {
  const response = await fetch(`${gateway.baseUrl}${path}`, init);
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

test('serves the page of the simulator', async () => {
  expect(await get('/console')).toEqual({
    status: 200,
    type: 'text/html; charset=utf-8',
    text: expect.stringContaining('<title>RingOut bridge: local console</title>'),
  });
});

test.each([
  ['page.css', 'text/css; charset=utf-8'],
  ['page.js', 'text/javascript; charset=utf-8'],
])('serves %s of the page', async (name, type) => {
  expect(await get(`/console/page/${name}`)).toMatchObject({ status: 200, type });
});

test.each([
  ['/console/settings', { ...settings, simulator: true }],
  ['/console/exchanges', { nowMs: expect.any(Number) as number, exchanges: [] }],
  ['/console/faxes', { counts: {}, faxes: [] }],
  ['/console/simulator/requests', []],
])('serves %s as JSON', async (path, expected) => {
  const { status, text } = await get(path);
  expect([status, JSON.parse(text)]).toEqual([200, expected]);
});

test('says that the simulator is in an outage', async () => {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' } };
  expect((await get('/console/simulator/outage', { ...post, body: '{"ms":60000}' })).status).toBe(200);
  const unreachable = { status: 503, type: 'text/plain', text: 'The simulator is in an outage.\n' };
  expect(await get('/console/simulator/state')).toEqual(unreachable);
  expect(await get('/console/simulator/reset', post)).toEqual(unreachable);
  expect((await get('/console/faxes')).status).toBe(200);
  simulator.refuseConnections(0);
  while ((await get('/console/simulator/state')).status !== 200);
});

test('shows the faxes of the outbox, newest first, and no other row', async () => {
  const put = (pk: string, item: object) =>
    askStandIn(table.url, {
      target: 'DynamoDB_20120810.PutItem',
      body: { TableName: table.tableName, Item: { pk: { S: pk }, ...item } },
    });
  const fax = (state: string, createdAtMs: number) => ({
    state: { S: state },
    createdAtMs: { N: String(createdAtMs) },
    recipients: { L: [{ S: '…0123' }] },
    recipientCount: { N: '1' },
  });
  await put('USER#demo', { secret: { S: 'demo-token' } });
  await put('FAX#demo-1', {
    ...fax('waiting', 1000),
    notBeforeMs: { N: '5000' },
    attempts: { L: [{ S: '1000-2000' }] },
  });
  await put('FAX#demo-2', { ...fax('sent', 2000), notBeforeMs: { N: '5000' }, endedAtMs: { N: '2500' } });
  await put('FAX#demo-3', { ...fax('given_up', 3000), reason: { S: 'refused' }, code: { S: 'fax-prohibited' } });
  await put('FAX#demo-4', { ...fax('sent', 1500), recipientCount: { N: '5' } });
  const shown = { recipients: ['…0123'], recipientCount: 1, unclearAttempts: 0 };
  expect(JSON.parse((await get('/console/faxes')).text)).toEqual({
    counts: { waiting: 1, sent: 2, given_up: 1 },
    faxes: [
      { ...shown, id: 'demo-3', state: 'given_up', createdAtMs: 3000, reason: 'fax-prohibited' },
      { ...shown, id: 'demo-2', state: 'sent', createdAtMs: 2000, endedAtMs: 2500 },
      { ...shown, id: 'demo-4', state: 'sent', createdAtMs: 1500, recipientCount: 5 },
      { ...shown, id: 'demo-1', state: 'waiting', createdAtMs: 1000, unclearAttempts: 1, nextTryAtMs: 5000 },
    ],
  });
  // The reason of a waiting fax is only in the log. An ended fax has its reason in the row.
  for (const id of ['demo-1', 'demo-2', 'demo-3']) {
    log.readLine(JSON.stringify({ message: 'a fax waits', fax: id, code: 'throttled', upstreamStatus: 429 }));
  }
  const { faxes } = JSON.parse((await get('/console/faxes')).text) as { faxes: { id: string; reason?: string }[] };
  expect(faxes.map(({ id, reason }) => [id, reason])).toEqual([
    ['demo-3', 'fax-prohibited'],
    ['demo-2', undefined],
    ['demo-4', undefined],
    ['demo-1', 'throttled, 429'],
  ]);
});

test('a reset of the simulator also clears the exchanges', async () => {
  log.add(request);
  const { status } = await get('/console/simulator/reset', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  expect([status, log.exchanges]).toEqual([200, []]);
});

const noSuchPage = { status: 404, type: 'text/plain; charset=utf-8', text: 'no such page' };

test.each([
  ['/console/nothing', noSuchPage],
  ['/console/simulator/', noSuchPage],
  ['/console/simulator/a/b', noSuchPage],
  ['/console/page/page.html', noSuchPage],
  ['/console/page/..%2Fserver.js', noSuchPage],
  // Not a page of the console but a path of the product, whose function fails here.
  ['/console/../ringout', { status: 200, type: 'text/plain', text: '5' }],
])('%s is not a page of the console', async (path, expected) => {
  expect(await get(path)).toEqual(expected);
});

test('requests for the console are not in the log', () => {
  expect(log.exchanges.filter(({ path }) => path.startsWith('/console'))).toEqual([]);
});

describe('pages of other origins', () => {
  const refused = {
    status: 403,
    type: 'text/plain; charset=utf-8',
    text: 'The console does not serve pages of other origins.',
  };
  const fromElsewhere: readonly Readonly<Record<string, string>>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://attacker.example' },
    { origin: 'http://localhost:1' },
    { origin: 'null' },
  ];

  test.each(fromElsewhere)('%j is refused by the gateway and the simulator', async (headers) => {
    simulator.reset();
    const post = {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{"advanceMs":3600000}',
    };
    const before = simulator.nowMs();
    const paths = ['clock', 'reset', 'faults', 'latency', 'revoke', 'state', 'requests'];
    for (const path of paths.map((name) => `/console/simulator/${name}`))
      expect(await get(path, post)).toEqual(refused);
    for (const path of ['/console/settings', '/console/exchanges', '/console/faxes', '/console/simulator/state']) {
      expect(await get(path, { headers })).toEqual(refused);
    }
    for (const name of paths) {
      const answer = await fetch(`${simulator.url}/__simulator/${name}`, post);
      expect([answer.status, await answer.text()]).toEqual([403, refused.text]);
    }
    expect(simulator.nowMs() - before).toBeLessThan(60_000);
    expect(simulator.requests).toEqual([]);
  });

  test('get no permission in a preflight, but may link to the page', async () => {
    const headers = { origin: 'http://attacker.example', 'access-control-request-method': 'POST' };
    for (const url of [`${gateway.baseUrl}/console/simulator/clock`, `${simulator.url}/__simulator/clock`]) {
      const answer = await fetch(url, { method: 'OPTIONS', headers });
      expect(answer.status).toBe(403);
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    expect((await get('/console', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200);
  });

  test('do not include the page of the console itself', async () => {
    const headers = { 'content-type': 'application/json', origin: gateway.baseUrl, 'sec-fetch-site': 'same-origin' };
    const answer = await get('/console/simulator/latency', { method: 'POST', headers, body: '{"ms":0}' });
    expect(answer.status).toBe(200);
  });
});

const request: GatewayRequest = {
  method: 'GET',
  path: '/ringout.asp',
  query: [],
  headers: [['Host', 'localhost']],
  body: undefined,
  sourceIp: '127.0.0.1',
  requestId: 'demo-request',
  arrivedAtMs: 0,
};
