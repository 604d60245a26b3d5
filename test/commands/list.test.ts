import { json, text } from '../answer.ts';
import { startProduct, type Product } from '../product.ts';
import { credentials, type DemoUser } from '../demo.ts';

type Record = NonNullable<DemoUser['forwardingNumbers']>[number];

const usable = (
  id: string,
  phoneNumber: string | undefined,
  label?: string,
  type: Record['type'] = 'Other',
): Record => ({
  id,
  type,
  features: ['CallForwarding'],
  ...(phoneNumber === undefined ? {} : { phoneNumber }),
  ...(label === undefined ? {} : { label }),
});

const user = (extension: string, forwardingNumbers: readonly Record[], homeCountryCode = 'US'): DemoUser => ({
  username: '18889363711',
  extension,
  jwt: `demo-jwt-${extension}`,
  legacyPassword: '1234',
  homeCountryCode,
  forwardingNumbers,
});

const users = [
  user('201', [
    usable('1', '+16505550101', 'Home'),
    { id: '2', phoneNumber: '+16505550102', label: 'Flip', features: ['CallFlip'], type: 'Mobile' },
    { id: '3', phoneNumber: '+16505550103', label: 'Nothing', features: [], type: 'Mobile' },
    usable('4', '+442071838750', 'London'),
    usable('5', '+16505550105', 'Desk'),
  ]),
  user('202', []),
  user('203', [{ id: '1', phoneNumber: '+16505550101', label: 'Flip', features: ['CallFlip'], type: 'Other' }]),
  user('204', [
    usable('1', '+16505550101', 'A;B'),
    usable('2', '+16505550102', ' \r\n '),
    usable('3', '+16505550103', undefined, 'Mobile'),
    usable('4', undefined, 'No number'),
    usable('5', '+16505550105', 'Work'),
    usable('6', '+16505550106', 'Work'),
    usable('7', '+16505550107', 'Work 2'),
    usable('8', '+16505550108', 'Work'),
    usable('9', '+16505550109', '<b>"OK"</b>'),
  ]),
  user('205', [usable('1', '+442071838750', 'London'), usable('2', '+16505550102', 'Office')], 'GB'),
  user(
    '206',
    Array.from({ length: 7 }, (_, index) => usable(String(index), `+1650555010${index}`, `Line ${index}`)),
  ),
];

let product: Product;
beforeAll(async () => {
  product = await startProduct({ users, simulator: { maximumPerPage: 3 } });
});
beforeEach(() => product.nextTest());
afterAll(() => product.close());

const ask = (Ext: string, more: { readonly [name: string]: string } = {}) =>
  product.send({ query: { cmd: 'list', ...credentials, Ext, ...more } });

test.each([
  ['numbers usable as From, of whatever country', '201', 'OK 6505550101;Home;442071838750;London;6505550105;Desk'],
  ['no number at all: the space stays', '202', 'OK '],
  ['no number usable as From', '203', 'OK '],
  [
    'labels a program can make a map of',
    '204',
    'OK 6505550101;A,B;6505550102;Other;6505550103;Mobile;6505550105;Work;6505550106;Work 2;6505550107;Work 2 2;6505550108;Work 3;6505550109;<b>"OK"</b>',
  ],
  [
    'all pages, in the order of RingCentral',
    '206',
    'OK 6505550100;Line 0;6505550101;Line 1;6505550102;Line 2;6505550103;Line 3;6505550104;Line 4;6505550105;Line 5;6505550106;Line 6',
  ],
])('%s', async (_, extension, body) => {
  expect(await ask(extension)).toEqual(text(body));
});

test('every page is asked for once', async () => {
  await ask('206');
  expect(product.received().map(({ request }) => request)).toEqual([
    'GET …/forwarding-number?page=1&perPage=1000',
    'GET …/forwarding-number?page=2&perPage=1000',
    'GET …/forwarding-number?page=3&perPage=1000',
  ]);
});

test('a token that is dead costs one refused request, however many pages follow', async () => {
  await ask('206');
  product.nextTest();
  product.simulator.revokeAllTokens();
  await ask('206');
  expect(product.simulator.requests.map(({ kind }) => kind)).toEqual([
    'forwarding-number',
    'token',
    'forwarding-number',
    'forwarding-number',
    'forwarding-number',
  ]);
});

test.each(['201', '204', '205', '206'])('every number listed for %s is accepted back as From', async (Ext) => {
  const { body } = await ask(Ext);
  const numbers = body
    .slice('OK '.length)
    .split(';')
    .filter((_, index) => index % 2 === 0);
  const record = users.find(({ extension }) => extension === Ext)?.forwardingNumbers ?? [];
  const usableNumbers = record.flatMap(({ phoneNumber, features }) =>
    phoneNumber !== undefined && features?.includes('CallForwarding') === true ? [phoneNumber] : [],
  );
  for (const [index, From] of numbers.entries()) {
    await product.get({ cmd: 'call', ...credentials, Ext, To: '+16505550190', From });
    expect(product.simulator.calls.at(-1)?.from).toBe(usableNumbers[index]);
  }
});

test('format=json: the records usable as From, untouched', async () => {
  const { url } = product.simulator;
  const uri = (id: string): string => `${url}/restapi/v1.0/account/~/extension/~/forwarding-number/${id}`;
  const numbers = users[0]?.forwardingNumbers ?? [];
  expect(await ask('201', { format: 'json' })).toEqual(
    json(200, {
      records: [numbers[0], numbers[3], numbers[4]].map((record) => ({ uri: uri(record?.id ?? ''), ...record })),
    }),
  );
  expect(await ask('202', { format: 'JSON' })).toEqual(json(200, { records: [] }));
});

test('format=html means nothing to list, in success and failure', async () => {
  expect(await ask('202', { format: 'html' })).toEqual(text('OK '));
  expect(await ask('202', { format: 'html', Password: 'wrong' })).toEqual(text('FAILED Invalid User or Password'));
});

test('a function of its own needs no cmd and cannot be asked for another one', async () => {
  const query = { ...credentials, Ext: '202' };
  expect(await product.send({ path: '/ringout/list', query })).toEqual(text('OK '));
  expect(await product.send({ path: '/ringout/list', query: { ...query, cmd: 'call', To: '6505550100' } })).toEqual(
    text('OK '),
  );
  expect(product.simulator.calls).toEqual([]);
});
