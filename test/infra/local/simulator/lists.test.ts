import { alice, extensionUrl, refusal, openSimulator, type SimulatorClient } from './fixture.ts';

let client: SimulatorClient;
let headers: { authorization: string };
beforeAll(async () => {
  client = await openSimulator();
  headers = await client.login();
});
afterAll(() => client.simulator.close());

const get = (path: string) => client.send(path, { headers });
const list = async (path: string) => {
  const { records, paging, navigation } = (await (await get(path)).json()) as {
    records: { id?: string; name?: string }[];
    paging: unknown;
    navigation: { nextPage?: { uri: string } };
  };
  return { ids: records.map(({ id }) => id), paging, next: navigation.nextPage?.uri.replace(client.simulator.url, '') };
};

const numbers = `${extensionUrl}/forwarding-number`;

test.each([
  [
    'all on one page by default',
    '',
    ['1', '2', '3'],
    { page: 1, perPage: 100, totalPages: 1, totalElements: 3, pageStart: 0, pageEnd: 2 },
    undefined,
  ],
  [
    'a first page that names the next',
    '?page=1&perPage=2',
    ['1', '2'],
    { page: 1, perPage: 2, totalPages: 2, totalElements: 3, pageStart: 0, pageEnd: 1 },
    `${numbers}?page=2&perPage=2`,
  ],
  [
    'a last page that names none',
    '?page=2&perPage=2',
    ['3'],
    { page: 2, perPage: 2, totalPages: 2, totalElements: 3, pageStart: 2, pageEnd: 2 },
    undefined,
  ],
  [
    'an empty page after the last',
    '?page=9&perPage=2',
    [],
    { page: 9, perPage: 2, totalPages: 2, totalElements: 3 },
    undefined,
  ],
  [
    'a clipped page size',
    '?perPage=5000',
    ['1', '2', '3'],
    { page: 1, perPage: 1000, totalPages: 1, totalElements: 3, pageStart: 0, pageEnd: 2 },
    undefined,
  ],
])('forwarding numbers come as %s', async (_name, query, ids, paging, next) => {
  expect(await list(`${numbers}${query}`)).toEqual({ ids, paging, next });
});

test.each(['page=0', 'page=1001', 'page=x', 'perPage=0', 'perPage=-1'])('%s is refused', async (query) => {
  expect(await refusal(await get(`${numbers}?${query}`))).toBe('400 CMN-101');
});

test('a forwarding number is RingCentral’s record with its uri', async () => {
  const { records } = (await (await get(`${numbers}?perPage=1`)).json()) as { records: unknown[] };
  expect(records).toEqual([{ uri: `${client.simulator.url}${numbers}/1`, ...alice.forwardingNumbers?.[0] }]);
});

test('cover pages have string ids, and one that is in no static list', async () => {
  const { ids } = await list('/restapi/v1.0/dictionary/fax-cover-page');
  expect(ids).toEqual([...Array.from({ length: 14 }, (_, index) => String(index)), '104']);
});

test.each([
  ['/restapi/v1.0/account/~', { mainNumber: '+18889363711', status: 'Confirmed' }],
  [extensionUrl, { extensionNumber: '101', name: 'Alice Demo', regionalSettings: { homeCountry: { isoCode: 'US' } } }],
  [`${extensionUrl}/phone-number`, { records: [{ phoneNumber: '+18889363711', features: ['CallerId'] }] }],
])('%s describes the user', async (path, expected) => {
  expect(await (await get(path)).json()).toMatchObject(expected);
});
