import { alice, bob, extensionUrl, refusal, seen, openSimulator, startMs, type SimulatorClient } from './fixture.ts';

let client: SimulatorClient;
beforeEach(async () => {
  client = await openSimulator();
});
afterEach(() => client.simulator.close());

const order = (to: string, from = '+16505550142', rest = {}) => ({
  from: { phoneNumber: from },
  to: { phoneNumber: to },
  playPrompt: false,
  ...rest,
});

async function place(body: unknown, user = alice) {
  const headers = await client.login(user);
  const response = await client.postJson(`${extensionUrl}/ring-out`, body, headers);
  return { headers, response };
}

async function placed(body: unknown) {
  const { headers, response } = await place(body);
  const { id } = (await response.json()) as { id: string };
  return { headers, url: `${extensionUrl}/ring-out/${encodeURIComponent(id)}`, id };
}

/** `call/caller/callee`, or the refusal. */
async function status(url: string, headers: { authorization: string }): Promise<string> {
  const response = await client.send(url, { headers });
  if (!response.ok) return refusal(response);
  const { status: legs } = (await response.json()) as {
    status: { callStatus: string; callerStatus: string; calleeStatus: string };
  };
  return `${legs.callStatus}/${legs.callerStatus}/${legs.calleeStatus}`;
}

test('a placed call is answered with an opaque id, another uri and three times InProgress', async () => {
  const { response } = await place(order('+16505550100'));
  const answer = await seen(response);
  expect(answer).toEqual({
    status: 200,
    body: {
      id: expect.stringMatching(/^[A-Za-z0-9+/]+$/),
      uri: expect.stringContaining('/ring-out/'),
      status: { callStatus: 'InProgress', callerStatus: 'InProgress', calleeStatus: 'InProgress' },
    },
  });
  const { id, uri } = answer.body as { id: string; uri: string };
  expect(Buffer.from(id, 'base64').toString()).toMatch(/^cs\d{18}@10\.62\.29\.33$/);
  expect(uri.endsWith(id)).toBe(false);
});

test('a placed call is kept with its numbers, caller id, prompt and last status', async () => {
  const { id } = await placed(order('+16505550100', '+16505550142', { callerId: { phoneNumber: '+18889363711' } }));
  client.pass(4000);
  const calledBack = { callStatus: 'InProgress', callerStatus: 'Success', calleeStatus: 'InProgress' };
  expect(client.simulator.calls).toEqual([
    {
      id,
      user: '18889363711*101',
      from: '+16505550142',
      to: '+16505550100',
      callerId: '+18889363711',
      playPrompt: false,
      placedAtMs: startMs,
      cancelledAtMs: undefined,
      state: calledBack,
      lastStatus: calledBack,
    },
  ]);
  client.pass(60_000);
  expect(client.simulator.calls).toMatchObject([
    { state: 'gone', lastStatus: { callStatus: 'Success', callerStatus: 'Finished', calleeStatus: 'Finished' } },
  ]);
});

const ringing = 'InProgress/InProgress/InProgress';
const callBackUp = 'InProgress/Success/InProgress';
const gone = '404 CMN-102';
const atMs = [0, 3999, 4000, 7999, 8000, 22_999, 23_000, 24_999, 25_000, 39_999, 40_000] as const;
const failsWith = (leg: string) => [
  ringing,
  ringing,
  callBackUp,
  callBackUp,
  ...Array.from({ length: 2 }, () => `CannotReach/Success/${leg}`),
  ...Array.from({ length: 5 }, () => gone),
];
const talk = 'Success/Success/Success';
const over = 'Success/Finished/Finished';
const answered = [ringing, ringing, callBackUp, callBackUp, talk, talk, talk, talk, over, over, gone];

test.each([
  ['0100: both talk, hang up after 25 s', '+16505550100', '+16505550142', answered],
  ['any other number: answered too', '+442071234567', '+16505550142', answered],
  ['0101: busy', '+16505550101', '+16505550142', failsWith('Busy')],
  ['0102: no answer', '+16505550102', '+16505550142', failsWith('NoAnswer')],
  ['0103: rejected', '+16505550103', '+16505550142', failsWith('Rejected')],
  ['0105: blocked', '+16505550105', '+16505550142', failsWith('DestinationBlocked')],
  ['0106: international disabled', '+16505550106', '+16505550142', failsWith('InternationalDisabled')],
  ['0110: generic error', '+16505550110', '+16505550142', failsWith('GenericError')],
  [
    'From 0104: the call-back party rejects',
    '+16505550100',
    '+16505550104',
    [
      ringing,
      ringing,
      ...Array.from({ length: 3 }, () => 'CannotReach/Rejected/GenericError'),
      ...Array.from({ length: 6 }, () => gone),
    ],
  ],
])('a call to %s', async (_name, to, from, expected) => {
  const { url, headers } = await placed(order(to, from));
  const statuses: string[] = [];
  let nowMs = 0;
  for (const ms of atMs) {
    client.pass(ms - nowMs);
    nowMs = ms;
    statuses.push(await status(url, headers));
  }
  expect(statuses).toEqual(expected);
});

test.each([
  ['To 0107', order('+16505550107'), '400 CMN-101'],
  ['To 0108', order('+16505550108'), '403 TEL-101'],
  ['To 0109', order('+16505550109'), '403 CMN-113'],
  ['From 0112', order('+16505550100', '+16505550112'), '400 TEL-108'],
  [
    'caller id 0111',
    order('+16505550100', '+16505550142', { callerId: { phoneNumber: '+16505550111' } }),
    '400 TEL-107',
  ],
  ['a number without its plus', order('16505550100'), '400 CMN-101'],
  ['no To', { from: { phoneNumber: '+16505550142' } }, '400 TEL-109'],
  ['no From', { to: { phoneNumber: '+16505550100' } }, '400 TEL-108'],
  ['an undefined caller id number', order('+16505550100', '+16505550142', { callerId: {} }), '400 CMN-101'],
  ['a prompt that is not a boolean', order('+16505550100', '+16505550142', { playPrompt: '1' }), '400 CMN-101'],
  ['a misspelt field', order('+16505550100', '+16505550142', { callerID: {} }), '400 CMN-101'],
  ['a body that is not an object', [], '400 CMN-103'],
])('%s is refused and no call is placed', async (_name, body, expected) => {
  const { response } = await place(body);
  expect([await refusal(response), client.simulator.calls]).toEqual([expected, []]);
});

describe('cancelling', () => {
  test.each([
    ['while the first leg rings ends the call', 3999, 204, 'CannotReach/Rejected/Rejected'],
    ['once the first leg is up changes nothing', 4000, 404, callBackUp],
    ['a call that is gone changes nothing', 40_000, 404, gone],
  ])('%s', async (_name, passMs, expected, after) => {
    const { url, headers } = await placed(order('+16505550100'));
    client.pass(passMs);
    const cancelled = await client.send(url, { method: 'DELETE', headers });
    await cancelled.arrayBuffer();
    expect([cancelled.status, await status(url, headers)]).toEqual([expected, after]);
  });

  test('leaves the cancelled call visible for a short time', async () => {
    const { url, headers } = await placed(order('+16505550100'));
    await client.send(url, { method: 'DELETE', headers });
    client.pass(15_000);
    expect(await status(url, headers)).toBe(gone);
  });
});

test('a call of another user is answered 404', async () => {
  const { url } = await placed(order('+16505550100'));
  const headers = await client.login(bob);
  expect([await status(url, headers), (await client.send(url, { method: 'DELETE', headers })).status]).toEqual([
    gone,
    404,
  ]);
});
