import { consoleRoutes } from '../../../infra/local/console-routes.ts';
import { demoClient } from '../../../infra/local/demo.ts';
import { createExchangeLog } from '../../../infra/local/exchanges.ts';
import { startGateway, type Gateway } from '../../../infra/local/gateway.ts';
import type { GatewayRequest } from '../../../infra/local/proxy-event.ts';
import { startSimulator, type Simulator } from '../../../infra/local/simulator/server.ts';

let simulator: Simulator;
let gateway: Gateway;
const log = createExchangeLog();
const services = {
  dynamoDbUrl: 'http://127.0.0.1:1',
  stateTable: 'demo-state',
  secretsManagerUrl: 'http://127.0.0.1:2',
  secretIds: ['local/demo'],
};
const settings = { username: '18889363711', extension: '101', password: '1234' };

beforeAll(async () => {
  simulator = await startSimulator({ users: [], ...demoClient });
  gateway = await startGateway({
    port: 0,
    log,
    invoke: () => Promise.reject(new Error('no function stands behind this gateway')),
    console: consoleRoutes({ settings, services, simulatorUrl: simulator.url, log }),
  });
});
afterAll(async () => {
  await gateway.close();
  await simulator.close();
});

const get = async (path: string, init?: RequestInit) => {
  const response = await fetch(`${gateway.baseUrl}${path}`, init);
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

test('the page is the simulator’s', async () => {
  expect(await get('/console')).toEqual({
    status: 200,
    type: 'text/html; charset=utf-8',
    text: expect.stringContaining('<title>RingOut bridge: local console</title>'),
  });
});

test.each([
  ['/console/settings', { ...settings, simulator: true, services }],
  ['/console/exchanges', { exchanges: [] }],
  ['/console/simulator/requests', []],
])('%s is data', async (path, expected) => {
  const { status, text } = await get(path);
  expect([status, JSON.parse(text)]).toEqual([200, expected]);
});

test('clearing clears both sides', async () => {
  log.add(request('localhost'));
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
  // No page of the console but the product's own, and no function stands behind this gateway.
  ['/console/../ringout', { status: 200, type: 'text/plain', text: '5' }],
])('%s does not exist', async (path, expected) => {
  expect(await get(path)).toEqual(expected);
});

test('looking at the console is no legacy request', () => {
  expect(log.exchanges.filter(({ path }) => path.startsWith('/console'))).toEqual([]);
});

test('another host name, as a rebound page would use, is refused', async () => {
  // fetch does not let a test choose the Host header, so the routes are asked directly.
  const answer = await consoleRoutes({ settings, services, simulatorUrl: undefined, log })(request('attacker.example'));
  expect([answer?.status, answer?.body]).toEqual([403, 'The console answers to localhost only.']);
});

function request(host: string): GatewayRequest {
  return {
    method: 'GET',
    path: '/console/settings',
    query: [],
    headers: [['Host', host]],
    body: undefined,
    sourceIp: '127.0.0.1',
    requestId: 'demo-request',
    arrivedAtMs: 0,
  };
}
