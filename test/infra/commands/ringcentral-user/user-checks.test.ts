import { once } from 'node:events';
import { checkUser, checkUserForm } from '../../../../infra/commands/ringcentral-user/user-checks.ts';
import type { RingCentral } from '../../../../infra/commands/ringcentral-user/signed-in.ts';
import { createSend, type Send } from '../../../../lib/ringcentral/sdk.ts';
import { testClock } from '../../../clock.ts';
import { demoClient, demoUser } from '../../../demo.ts';
import { startSimulator, type Simulator } from '../../../../infra/local/simulator/server.ts';
import { userOf } from '../doctor/user-of-secret.ts';
import { withAnswers } from '../doctor/test-world.ts';

const clock = testClock();
const extensionPath = '/restapi/v1.0/account/~/extension/~';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ users: [demoUser], ...demoClient, refreshTokens: true, rateLimits: false });
});
beforeEach(() => simulator.reset());
afterEach(() => expect(simulator.unknownRequests).toEqual([]));
afterAll(() => simulator.close());

function ringCentral(
  edits: Parameters<typeof withAnswers>[1] = {},
  signal = new AbortController().signal,
): RingCentral {
  const send: Send = withAnswers(createSend(clock, '0.0.0'), edits);
  return { send, clock, signal };
}

const kinds = (): readonly string[] => simulator.requests.map(({ kind }) => kind);
const fieldsOf = (kind: string): unknown => simulator.requests.find((request) => request.kind === kind)?.body;

test('a user in order passes every check', async () => {
  const features = (json: object) => ({
    ...json,
    serviceFeatures: [
      { featureName: 'RingOut', enabled: true },
      { featureName: 'Fax', enabled: true },
    ],
  });
  expect(await checkUser(userOf(simulator.url), ringCentral({ [extensionPath]: features }))).toEqual([
    { name: 'JWT', outcome: 'ok', detail: 'accepted' },
    { name: 'app permissions', outcome: 'ok', detail: 'ReadAccounts, RingOut, Faxes' },
    { name: 'account', outcome: 'ok', detail: 'Confirmed' },
    { name: 'extension', outcome: 'ok', detail: 'Enabled' },
    { name: 'home country', outcome: 'ok', detail: 'US' },
    { name: 'calls', outcome: 'ok', detail: 'RingOut is enabled' },
    { name: 'faxes', outcome: 'ok', detail: 'Fax is enabled' },
    {
      name: 'forwarding numbers',
      outcome: 'ok',
      detail: '7 usable as From: ****3711, ****1550, ****1233, ****0120, ****0121, ...',
    },
    { name: 'caller ids', outcome: 'ok', detail: '1 usable as Clid: ****3711' },
    { name: 'call-back number', outcome: 'ok', detail: 'not set: the first forwarding number is used' },
  ]);
});

test('checking a user takes one grant without refresh token, four reads and one revocation', async () => {
  await checkUser(userOf(simulator.url), ringCentral());
  expect(kinds()).toEqual(['token', 'account', 'account', 'forwarding-number', 'account', 'revoke']);
  expect(fieldsOf('token')).toEqual({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: 'demo-jwt-101',
    access_token_ttl: '600',
    refresh_token_ttl: '0',
  });
  const used = simulator.requests[1]?.headers['authorization'] ?? '';
  expect(fieldsOf('revoke')).toEqual({ token: used.replace('Bearer ', '') });
  expect(simulator.requests.at(-1)).toMatchObject({ status: 200, user: '18889363711*101' });
});

test.each<[string, Parameters<typeof withAnswers>[1], string, string]>([
  [
    'a token without a permission',
    { '/restapi/oauth/token': (json) => ({ ...json, scope: 'RingOut Faxes' }) },
    'app permissions',
    'missing: ReadAccounts (list)',
  ],
  ['a suspended account', { '/restapi/v1.0/account/~': () => ({ status: 'Disabled' }) }, 'account', 'Disabled'],
  ['a disabled extension', { [extensionPath]: (json) => ({ ...json, status: 'Disabled' }) }, 'extension', 'Disabled'],
  [
    'a user of another country',
    { [extensionPath]: (json) => ({ ...json, regionalSettings: { homeCountry: { isoCode: 'CA' } } }) },
    'home country',
    'the secret says US, RingCentral CA',
  ],
  [
    'a user who may not fax',
    { [extensionPath]: (json) => ({ ...json, serviceFeatures: [{ featureName: 'Fax', enabled: false }] }) },
    'faxes',
    'Fax is disabled for this extension',
  ],
  [
    'a user without forwarding numbers',
    { [`${extensionPath}/forwarding-number`]: (json) => ({ ...json, records: [] }) },
    'forwarding numbers',
    'none of 0 numbers can be used as From',
  ],
  [
    'a user without caller id',
    { [`${extensionPath}/phone-number`]: () => ({ records: [] }) },
    'caller ids',
    'no number of this user can be used as Clid',
  ],
])('%s fails one check, and the token is revoked', async (_, edits, name, detail) => {
  const checks = await checkUser(userOf(simulator.url), ringCentral(edits));
  expect(checks.filter(({ outcome }) => outcome === 'failed')).toEqual([
    { name, outcome: 'failed', detail, remedy: expect.any(String) },
  ]);
  expect(kinds().filter((kind) => kind === 'revoke')).toHaveLength(1);
});

test('an unknown JWT fails, and no other request is sent', async () => {
  const user = userOf(simulator.url, { jwt: 'demo-jwt-of-somebody' });
  const [jwt, ...others] = await checkUser(user, ringCentral());
  expect(jwt).toEqual({
    name: 'JWT',
    outcome: 'failed',
    detail: 'RingCentral refuses the JWT (HTTP 400 OAU-213)',
    remedy: expect.stringMatching(/^Create a new JWT credential/),
  });
  expect(others.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'app permissions skipped',
    'account skipped',
    'extension skipped',
    'home country skipped',
    'calls skipped',
    'faxes skipped',
    'forwarding numbers skipped',
    'caller ids skipped',
    'call-back number ok',
  ]);
  expect(kinds()).toEqual(['token']);
});

test.each([
  [
    'the app is refused',
    { status: 401, body: { error: 'invalid_client' } },
    'RingCentral refuses the app (HTTP 401 invalid_client)',
  ],
  ['token requests are throttled', { status: 429 }, 'RingCentral throttles this user (HTTP 429 CMN-301)'],
  ['RingCentral is down', { status: 503 }, 'RingCentral reports an internal error (HTTP 503 CMN-201)'],
  ['another service answers', 'not-json' as const, 'the answer is not one of RingCentral (HTTP 200)'],
  ['the connection breaks', 'reset-before' as const, 'RingCentral cannot be reached: the connection was broken off'],
])('the JWT check fails with the reason when %s', async (_, fault, detail) => {
  simulator.failNext('token', fault);
  const [jwt] = await checkUser(userOf(simulator.url), ringCentral());
  expect(jwt).toMatchObject({ name: 'JWT', outcome: 'failed', detail: expect.stringContaining(detail) as string });
});

test('the JWT check fails with the reason when the connection is refused', async () => {
  const closed = await startSimulator({ users: [demoUser], ...demoClient });
  await closed.close();
  const [jwt] = await checkUser(userOf(closed.url), ringCentral());
  expect(jwt).toMatchObject({
    outcome: 'failed',
    detail: 'RingCentral cannot be reached: the connection is refused (ECONNREFUSED)',
  });
});

test('a token with an invalid lifetime is revoked', async () => {
  const edits = { '/restapi/oauth/token': (json: object) => ({ ...json, expires_in: 0 }) };
  const [jwt] = await checkUser(userOf(simulator.url), ringCentral(edits));
  expect(jwt).toMatchObject({ outcome: 'failed' });
  expect(kinds()).toEqual(['token', 'revoke']);
});

const forbidden = (errorCode: string) => ({ status: 403, body: { errors: [{ errorCode }] } });

test('a 403 for a request that only the doctor makes is a skipped check', async () => {
  simulator.failNext('account', forbidden('CMN-408'), 3);
  const checks = await checkUser(userOf(simulator.url), ringCentral());
  expect(checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  expect(checks.find(({ name }) => name === 'account')).toEqual({
    name: 'account',
    outcome: 'skipped',
    detail: 'the user may not read this (CMN-408)',
  });
});

test('a 403 for a request that the product makes is a failed check', async () => {
  simulator.failNext('forwarding-number', forbidden('CMN-408'));
  const checks = await checkUser(userOf(simulator.url), ringCentral());
  expect(checks.find(({ name }) => name === 'forwarding numbers')).toMatchObject({
    outcome: 'failed',
    detail: 'the user lacks a permission (HTTP 403 CMN-408)',
  });
});

test('after a 429 only the revocation is sent, because every request would prolong the penalty', async () => {
  simulator.failNext('account', { status: 429 });
  const checks = await checkUser(userOf(simulator.url), ringCentral());
  expect(kinds()).toEqual(['token', 'account', 'revoke']);
  expect(checks.filter(({ outcome }) => outcome === 'failed').map(({ name, detail }) => `${name}: ${detail}`)).toEqual(
    ['account', 'extension', 'home country', 'calls', 'faxes', 'forwarding numbers', 'caller ids'].map(
      (name) => `${name}: RingCentral throttles this user (HTTP 429)`,
    ),
  );
});

test('a failed revocation is not retried and fails no check', async () => {
  simulator.failNext('revoke', { status: 500 });
  const checks = await checkUser(userOf(simulator.url), ringCentral());
  expect(checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  expect(kinds().filter((kind) => kind === 'revoke')).toHaveLength(1);
});

test('an aborted run revokes its token', async () => {
  const stopping = new AbortController();
  const arrived = new EventTarget();
  const { send } = ringCentral();
  const watched: Send = (server, request) => {
    if (request.path === extensionPath) arrived.dispatchEvent(new Event('extension'));
    return send(server, request);
  };
  simulator.failNext('account', { delayMs: 0 });
  simulator.failNext('account', 'hang');
  const atExtension = once(arrived, 'extension');
  const checking = checkUser(userOf(simulator.url), { send: watched, clock, signal: stopping.signal });
  await atExtension;
  stopping.abort();
  await checking;
  expect(kinds().at(-1)).toBe('revoke');
});

test('without network only the secret is checked', () => {
  const user = userOf('https://platform.ringcentral.com', { callBackNumber: '650-555-0100' });
  expect(checkUserForm(user, clock.nowMs()).map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'JWT skipped',
    'call-back number ok',
  ]);
});
