import { text } from '../answer.ts';
import { startProduct, type Product } from '../product.ts';
import { credentials, demoUser, demoList } from '../demo.ts';
import {
  formPost,
  formType,
  gatewayEvent,
  multipartPost,
  ringoutPath,
  urlEncoded,
  type EventOptions,
} from '../gateway-event.ts';
import { field, multipart } from '../multipart.ts';

/*
 * Rules for every event, tested with `list`. conformance/parameters.ts and conformance/transport.ts test what programs
 * send: where the parameters are and how they are spelled, and the methods that a client can send.
 */

let product: Product;
beforeAll(async () => {
  product = await startProduct({
    users: [demoUser, { ...demoUser, extension: '102', jwt: 'demo-jwt-102', legacyPassword: 'Grün' }],
  });
});
beforeEach(() => product.nextTest());
afterAll(() => product.close());

const listed = text(demoList);
const wrongPassword = text('FAILED Invalid User or Password');
const wanted = { cmd: 'list', ...credentials };
const post = (body: Uint8Array | string, headers: Readonly<Record<string, string>>): EventOptions => ({
  method: 'POST',
  headers,
  body,
});

describe('parameters are found', () => {
  test('in the single-value map alone, as other event sources send it', async () => {
    const event = { ...gatewayEvent({ query: wanted }), multiValueQueryStringParameters: null, headers: null };
    expect(await product.sendEvent(event)).toEqual(listed);
  });

  test('in a body whose content type is in the multi-value headers only', async () => {
    expect(await product.sendEvent({ ...gatewayEvent(formPost(wanted)), headers: null })).toEqual(listed);
  });
});

test('a body that the gateway has already decoded is read as it is', async () => {
  const as102 = { cmd: 'list', Username: '18889363711', Ext: '102' };
  const event = {
    ...gatewayEvent(formPost('')),
    body: `${urlEncoded(as102)}&Password=Gr\u00fcn`,
    isBase64Encoded: false,
  };
  expect(await product.sendEvent(event)).toEqual(listed);
});

describe('unusual headers are ignored', () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    ['no header at all', {}],
    [
      'odd headers',
      { '': '', ['__proto__']: 'x', constructor: 'y', 'Content-Length': 'many', 'Content-Encoding': 'none' },
    ],
  ])('%s', async (_, headers) => {
    expect(await product.send({ query: wanted, headers })).toEqual(listed);
  });
});

describe('a damaged body is refused without a request to RingCentral', () => {
  const malformed = text('FAILED The request body cannot be read or was cut short');
  const whole = multipart(Object.entries(wanted).map(([name, value]) => field(name, value)));
  test.each<[string, EventOptions]>([
    [
      'a form shorter than its Content-Length',
      post(urlEncoded(wanted), { 'Content-Type': formType, 'Content-Length': '999' }),
    ],
    ['no body despite a Content-Length', { method: 'POST', query: wanted, headers: { 'content-length': '5' } }],
    ['a multipart body without its end', multipartPost(whole.subarray(0, -20), ringoutPath)],
    [
      'a multipart body without its end, beside a good query',
      { ...multipartPost(whole.subarray(0, -20), ringoutPath), query: wanted },
    ],
    ['a multipart body without a boundary', post(whole, { 'Content-Type': 'multipart/form-data' })],
    ['too many fields', formPost(`${urlEncoded(wanted)}${'&x'.repeat(100_000)}`)],
  ])('%s', async (_, event) => {
    expect(await product.send(event)).toEqual(malformed);
    expect(product.received()).toEqual([]);
  });

  test('a body with Content-Encoding is served although it is shorter than its Content-Length', async () => {
    const headers = { 'Content-Type': formType, 'Content-Encoding': 'gzip', 'Content-Length': '9999' };
    expect(await product.send(post(urlEncoded(wanted), headers))).toEqual(listed);
  });
});

describe('a request for an unknown command or with an unknown method fails', () => {
  const unknownCommand = text('FAILED The cmd parameter must be list, call, status or cancel');
  test.each<[string, EventOptions]>([
    ['the name of an object method', { query: { ...credentials, cmd: 'constructor' } }],
    ['nothing at all', {}],
    ['a JSON body', { ...post(JSON.stringify(wanted), { 'Content-Type': 'application/json' }) }],
  ])('%s', async (_, event) => {
    expect(await product.send(event)).toEqual(unknownCommand);
    expect(product.received()).toEqual([]);
  });

  test.each(['HEAD', 'TRACE', 'get list'])('also with the method %s', async (method) => {
    expect(await product.send({ method, query: wanted })).toEqual(text('FAILED This HTTP method is not served here'));
    expect(await product.send({ method, path: '/faxapi.asp', query: wanted })).toEqual(text('5'));
    expect(product.received()).toEqual([]);
  });

  test('but not for a method in lower case', async () => {
    expect(await product.send({ method: 'get', query: wanted })).toEqual(listed);
  });
});

describe('wrong credentials fail with the text of the old server and without a request to RingCentral', () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    ['no extension', { ...wanted, Ext: '' }],
    ['nothing', { cmd: 'list' }],
  ])('%s', async (_, query) => {
    expect(await product.send({ query })).toEqual(wrongPassword);
    expect(product.simulator.requests).toEqual([]);
  });
});

test.each([
  ['an unknown one, which may be a PIN, as its length', { Ext: '48151623' }, '********'],
  ['a known one in full, also with a wrong password', { Password: '4321' }, '101'],
  ['a known one in full', {}, '101'],
])('an extension is logged: %s', async (_, more, logged) => {
  product.lines.length = 0;
  await product.send({ query: { ...wanted, ...more } });
  const answered = product.lines.find((line) => line.includes('"answered"')) ?? '';
  expect(JSON.parse(answered)).toMatchObject({ account: '****3711', extension: logged });
  expect(product.lines.join('')).not.toContain('48151623');
});
