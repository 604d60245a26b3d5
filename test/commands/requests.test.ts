import { text } from '../answer.ts';
import { startProduct, type Product } from '../product.ts';
import { credentials, demoUser, demoList } from '../demo.ts';
import {
  asText,
  formPost,
  formType,
  gatewayEvent,
  multipartPost,
  ringoutPath,
  urlEncoded,
  type EventOptions,
} from '../gateway-event.ts';
import { boundary, field, multipart } from '../multipart.ts';

/*
 * Rules for every event, tested with `list`. The golden tables in conformance/parameters.ts test the spellings of
 * parameters.
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

describe('parameters are found wherever a program puts them', () => {
  const cases: readonly (readonly [string, EventOptions])[] = [
    ['in the query of a GET', { query: wanted }],
    ['in a url-encoded POST', formPost(wanted)],
    [
      'in a multipart POST',
      multipartPost(
        Object.entries(wanted).map(([name, value]) => field(name, value)),
        ringoutPath,
      ),
    ],
    ['in the query of a POST without a body', { method: 'POST', query: wanted }],
    ['in the query of a POST whose empty body has a content type', { ...formPost(''), query: wanted }],
    ['in both query and body, as libcurl sends them', { ...formPost(wanted), query: wanted }],
    ['some in the query, some in the body', { ...formPost(credentials), query: { cmd: 'list' } }],
    [
      'in the body, also when the query has others',
      { ...formPost(wanted), query: { ...wanted, cmd: 'call', Password: 'wrong' } },
    ],
    ['in the query when the value in the body is empty', { ...formPost('cmd=&Password=%20'), query: wanted }],
    ['in the first of several, as in "cmd=list&cmd=list"', { query: { ...wanted, cmd: ['list', 'list'] } }],
    ['in the first that is not empty', { query: { ...wanted, cmd: ['', 'list', 'call'], Password: [' ', '1234'] } }],
    ['twice in a body', formPost(`${urlEncoded(wanted)}&${urlEncoded(wanted)}`)],
    ['in a POST without a content type', post(urlEncoded(wanted), {})],
    [
      'under a content type in any case, with parameters',
      post(urlEncoded(wanted), { 'content-type': 'Application/X-WWW-Form-UrlEncoded;Charset=ISO-8859-1' }),
    ],
    [
      'in a multipart POST with a quoted boundary, an odd case and bare line feeds',
      post(
        multipart(
          Object.entries(wanted).map(([name, value]) => field(name, value)),
          { lineEnd: '\n' },
        ),
        { 'CONTENT-TYPE': `Multipart/Form-Data; Boundary="${boundary}"` },
      ),
    ],
    [
      'in the query beside a body of another type',
      { ...post('{"cmd":"call"}', { 'Content-Type': 'text/json' }), query: wanted },
    ],
  ];
  test.each(cases)('%s', async (_, event) => {
    expect(await product.send(event)).toEqual(listed);
    expect(product.received()).toEqual([{ request: 'GET …/forwarding-number?page=1&perPage=1000', body: undefined }]);
  });

  test.each(cases.filter(([, event]) => event.body !== undefined))(
    '%s, in an event that is not base64',
    async (_, event) => {
      expect(await product.sendEvent(asText({ ...event, body: event.body ?? '' }))).toEqual(listed);
    },
  );

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

  test.each(['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'get list'])(
    'also with the method %s',
    async (method) => {
      expect(await product.send({ method, query: wanted })).toEqual(text('FAILED This HTTP method is not served here'));
      expect(await product.send({ method, path: '/faxapi.asp', query: wanted })).toEqual(text('5'));
      expect(product.received()).toEqual([]);
    },
  );

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

test('no answer forbids a frame, offers a download or ends in a line end', async () => {
  const sid = await product.place();
  for (const query of [
    wanted,
    { cmd: 'status', SessionID: sid },
    { cmd: 'cancel', SessionID: sid },
    { cmd: 'nonsense' },
  ]) {
    const { headers, body } = await product.send({ query });
    expect(Object.keys(headers)).toEqual(['Content-Type', 'Cache-Control']);
    expect(body).not.toMatch(/[\r\n]/);
  }
});
