import type GetMessageInfoResponse from '@rc-ex/core/definitions/GetMessageInfoResponse';
import type GetMessageList from '@rc-ex/core/definitions/GetMessageList';
import type FaxResponse from '@rc-ex/core/definitions/FaxResponse';
import { alice, bob, extensionUrl, openSimulator, refusal, startMs, type SimulatorClient } from './fixture.ts';

let client: SimulatorClient;
let headers: { authorization: string };
beforeEach(async () => {
  client = await openSimulator();
  headers = await client.login(alice);
});
afterEach(() => client.simulator.close());

async function fax(to: readonly string[], order: Record<string, unknown> = {}, as = headers): Promise<FaxResponse> {
  const form = new FormData();
  const json = JSON.stringify({ to: to.map((phoneNumber) => ({ phoneNumber })), ...order });
  form.append('json', new Blob([json], { type: 'application/json' }), 'request.json');
  form.append('attachment', new Blob(['demo'], { type: 'text/plain' }), 'a.txt');
  const response = await client.send(`${extensionUrl}/fax`, { method: 'POST', headers: as, body: form });
  expect(response.status).toBe(200);
  return (await response.json()) as FaxResponse;
}

const get = (query = '') => client.send(`${extensionUrl}/message-store${query}`, { headers });
async function list(query = ''): Promise<GetMessageList> {
  const response = await get(query);
  expect(response.status).toBe(200);
  return (await response.json()) as GetMessageList;
}
const ids = async (query = ''): Promise<readonly (number | undefined)[]> =>
  ((await list(query)).records ?? []).map(({ id }) => id);

test('the list has the record of the accepted fax with its current status', async () => {
  const accepted = await fax(['+16505550123'], { coverIndex: 0, coverPageText: 'hello' });
  client.pass(3000);
  expect(await list()).toEqual({
    uri: `${client.simulator.url}${extensionUrl}/message-store?page=1&perPage=100`,
    records: [accepted],
    paging: { page: 1, perPage: 100, totalPages: 1, totalElements: 1, pageStart: 0, pageEnd: 0 },
    navigation: expect.anything(),
  });
  client.pass(17_000);
  const sent: GetMessageInfoResponse = {
    ...accepted,
    messageStatus: 'Sent',
    to: accepted.to?.map((recipient) => ({ ...recipient, messageStatus: 'Sent' })),
    faxPageCount: 1,
  } as GetMessageInfoResponse;
  expect((await list()).records).toEqual([sent]);
});

test('a fax appears in the list after a configurable lag', async () => {
  const { id } = await fax(['+16505550123']);
  client.pass(2999);
  expect(await ids()).toEqual([]);
  client.pass(1);
  expect(await ids()).toEqual([id]);
  client.simulator.setMessageList({ lagMs: 30_000 });
  client.pass(26_999);
  expect(await ids()).toEqual([]);
  client.pass(1);
  expect(await ids()).toEqual([id]);
});

test('the newest comes first, on pages that keep the filters', async () => {
  client.simulator.setMessageList({ lagMs: 0 });
  const sent: (number | undefined)[] = [];
  for (let number = 0; number < 3; number += 1) sent.push((await fax(['+16505550123'])).id);
  const first = await list('?perPage=2&messageType=Fax&direction=Outbound&availability=Alive&availability=Deleted');
  expect(first.records?.map(({ id }) => id)).toEqual([sent[2], sent[1]]);
  const next = first.navigation?.nextPage?.uri ?? '';
  expect(next).toBe(
    `${client.simulator.url}${extensionUrl}/message-store?page=2&perPage=2&messageType=Fax&direction=Outbound&availability=Alive&availability=Deleted`,
  );
  const second = (await (await fetch(next, { headers })).json()) as GetMessageList;
  expect([second.records?.map(({ id }) => id), second.navigation?.nextPage]).toEqual([[sent[0]], undefined]);
});

test('each user sees only their own faxes', async () => {
  client.simulator.setMessageList({ lagMs: 0 });
  const own = await fax(['+16505550123']);
  await fax(['+16505550124'], {}, await client.login(bob));
  expect(await ids()).toEqual([own.id]);
});

test.each([
  ['one record by default', {}, [['+16505550123', '+16505550101']], ['SendingFailed']],
  [
    'one record each with recordPerRecipient',
    { recordPerRecipient: true },
    [['+16505550123'], ['+16505550101']],
    ['Sent', 'SendingFailed'],
  ],
  [
    'listed with national numbers with formattedNumbers',
    { formattedNumbers: true },
    [['(650) 555-0123', '(650) 555-0101']],
    ['SendingFailed'],
  ],
] as const)('several recipients are %s', async (_name, settings, numbers, statuses) => {
  client.simulator.setMessageList(settings);
  const { id } = await fax(['+16505550123', '+16505550101']);
  const later = await fax(['+16505550125']);
  client.pass(20_000);
  const records = ((await list()).records ?? []).filter(({ id: each }) => each !== later.id);
  expect(records.map(({ to }) => to?.map(({ phoneNumber }) => phoneNumber))).toEqual(numbers);
  expect(records.map(({ messageStatus }) => messageStatus)).toEqual(statuses);
  expect(records[0]?.id).toBe(id);
  expect(new Set([...records.map(({ id: each }) => each), later.id]).size).toBe(records.length + 1);
  expect(records.at(-1)?.to?.at(-1)?.faxErrorCode).toBe('LineBusy');
});

test('a fax with sendTime stays queued until then', async () => {
  await fax(['+16505550123'], { sendTime: new Date(startMs + 60_000).toISOString() });
  const statuses: unknown[] = [];
  for (const passMs of [30_000, 49_999, 1]) {
    client.pass(passMs);
    statuses.push((await list()).records?.[0]?.messageStatus);
  }
  expect(statuses).toEqual(['Queued', 'Queued', 'Sent']);
});

describe('filters', () => {
  const at = (ms: number): string => encodeURIComponent(new Date(startMs + ms).toISOString());
  test.each([
    ['', 1],
    ['?messageType=Fax', 1],
    ['?messageType=SMS', 0],
    ['?messageType=SMS&messageType=Fax', 1],
    ['?direction=Outbound', 1],
    ['?direction=Inbound', 0],
    ['?availability=Alive', 1],
    ['?availability=Deleted&availability=Purged', 0],
    [`?dateFrom=${at(0)}`, 1],
    [`?dateFrom=${at(1)}`, 0],
    [`?dateFrom=${at(-5000)}&dateTo=${at(0)}`, 1],
    [`?dateTo=${at(-1)}`, 0],
    [`?dateTo=${at(24 * 3_600_000 + 1)}`, 0],
    [`?dateTo=${at(24 * 3_600_000)}`, 1],
  ])('the query "%s" finds %i faxes', async (query, count) => {
    await fax(['+16505550123']);
    client.pass(3000);
    expect(await ids(query)).toHaveLength(count);
  });

  test.each(['Deleted', 'Purged'] as const)(
    'a fax with the availability %s is found only with that filter',
    async (availability) => {
      client.simulator.setMessageList({ lagMs: 0, availability });
      await fax(['+16505550123']);
      expect((await list(`?availability=${availability}`)).records?.[0]).toMatchObject({ availability });
      expect(await ids('?availability=Alive')).toEqual([]);
    },
  );

  test.each(['messagetype=Fax', 'messageType=fax', 'direction=Out', 'availability=Gone', 'dateFrom=today', 'page=0'])(
    '%s is refused',
    async (query) => {
      expect(await refusal(await get(`?${query}`))).toBe('400 CMN-101');
    },
  );
});

test('the list is a light request', async () => {
  const limited = await openSimulator({ rateLimits: { light: 1, heavy: 1 } });
  const authorized = { headers: await limited.login() };
  const answer = await limited.send(`${extensionUrl}/message-store`, authorized);
  const again = await limited.send(`${extensionUrl}/message-store`, authorized);
  expect([answer.status, answer.headers.get('x-rate-limit-group'), again.status]).toEqual([200, 'light', 429]);
  await limited.simulator.close();
});

test('ids are unique, also after a reset', async () => {
  const first = await fax(['+16505550123', '+16505550124']);
  client.simulator.reset();
  expect((await fax(['+16505550123'])).id).toBeGreaterThan(Number(first.id) + 1);
});

test('the Date header comes from the same clock as the records', async () => {
  client.simulator.advanceClock(1_800_000);
  const { creationTime } = await fax(['+16505550123']);
  const date = (await get()).headers.get('date') ?? '';
  expect([Date.parse(date), Date.parse(creationTime ?? '')]).toEqual([startMs + 1_800_000, startMs + 1_800_000]);
});

test.each([
  [{ lagMs: 10, recordPerRecipient: true, formattedNumbers: true, availability: 'Deleted' }, 200],
  [{}, 200],
  [{ lag: 10 }, 400],
  [{ lagMs: -1 }, 400],
  [{ recordPerRecipient: 'yes' }, 400],
  [{ formattedNumbers: 1 }, 400],
  [{ availability: 'Gone' }, 400],
  [[], 400],
])('settings of %j from another process are answered %i', async (settings, status) => {
  expect((await client.postJson('/__simulator/message-list', settings, {})).status).toBe(status);
});
