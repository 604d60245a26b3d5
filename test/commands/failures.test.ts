import type { Fault } from '../../infra/local/simulator/faults.ts';
import { json, text } from '../answer.ts';
import { startProduct, type Product } from '../product.ts';
import { credentials, faxCredentials } from '../demo.ts';
import { multipartPost } from '../gateway-event.ts';
import { field, file } from '../multipart.ts';

/*
 * Every error that RingCentral documents or was observed to return, and the answer to the legacy program: the ringout
 * text, the fax digit, and the status with format=json.
 */

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
beforeEach(() => product.nextTest());
afterAll(() => product.close());

const callQuery = { cmd: 'call', ...credentials, To: '6505550100', From: '6505553711', Clid: '8005551234' };
const faxRequest = multipartPost([...faxCredentials, field('Recipient', '6505550190'), file('a.txt', 'x')]);
const requests = (kind: string): number => product.simulator.requests.filter((request) => request.kind === kind).length;

/** An error in the form that RingCentral's v1.0 API was observed to send. */
const refusal = (status: number, errorCode: string, extra: object = {}): Fault => ({
  status,
  body: {
    errorCode,
    message: `Demo message of ${errorCode}`,
    errors: [{ errorCode, message: 'Demo message', ...extra }],
  },
});

describe('refusals of a call', () => {
  const to = 'RingCentral does not accept the To number';
  const from = 'RingCentral does not accept the From number';
  const callerId = 'RingCentral does not allow this user the Clid number as caller id';
  const plan = 'The RingCentral plan of this account does not include this';
  const user = 'The RingCentral user lacks the permission for this';
  const application = 'The RingCentral application of this service lacks the permission for this';
  test.each<[number, string, object, string, number]>([
    [400, 'CMN-101', { parameterName: 'to.phoneNumber' }, to, 400],
    [400, 'CMN-101', { parameterName: 'from.phoneNumber' }, from, 400],
    [400, 'CMN-101', { parameterName: 'callerId.phoneNumber' }, callerId, 403],
    [400, 'CMN-101', { message: 'Parameter [from] value is invalid' }, from, 400],
    [400, 'CMN-101', { parameterName: 'phoneNumber', parameterValue: '+16505553711' }, from, 400],
    [400, 'CMN-101', { parameterName: 'phoneNumber', parameterValue: '16505550100' }, to, 400],
    [400, 'CMN-101', { parameterName: 'phoneNumber', parameterValue: '+18005551234' }, callerId, 403],
    [400, 'CMN-101', {}, to, 400],
    [400, 'TEL-107', {}, callerId, 403],
    [403, 'TEL-107', {}, callerId, 403],
    [403, 'RNG-102', {}, callerId, 403],
    [400, 'TEL-108', {}, from, 400],
    [400, 'TEL-109', {}, to, 400],
    [403, 'TEL-101', {}, 'The To number is on a list of blocked numbers', 403],
    [403, 'TEL-102', {}, 'The From number is on a list of blocked numbers', 403],
    [403, 'BIL-101', {}, plan, 403],
    [403, 'BIL-103', {}, plan, 403],
    [403, 'CMN-109', {}, plan, 403],
    [403, 'CMN-112', {}, 'A RingCentral extension of this type cannot do this', 403],
    [403, 'CMN-403', {}, plan, 403],
    [400, 'CMN-427', {}, plan, 403],
    [
      403,
      'CMN-113',
      { featureName: 'DomesticCalls' },
      'International calls or another feature needed here is disabled for this user',
      403,
    ],
    [403, 'CMN-401', {}, application, 403],
    [403, 'CMN-408', { permissionName: 'OutboundCalls' }, user, 403],
    [403, 'CMN-419', {}, user, 403],
    [403, 'CMN-404', {}, user, 403],
    [403, 'CMN-402', {}, user, 403],
    [400, 'CMN-100', {}, 'RingCentral refused the request (CMN-100)', 400],
    [400, 'CMN-103', {}, 'RingCentral refused the request (CMN-103)', 400],
    [404, 'CMN-102', {}, 'RingCentral refused the request (CMN-102)', 400],
    [404, 'CMN-120', {}, 'RingCentral refused the request (CMN-120)', 400],
  ])('%i %s %j', async (status, code, extra, message, jsonStatus) => {
    product.simulator.failNext('ring-out', refusal(status, code, extra), 2);
    expect(await product.send({ query: callQuery })).toEqual(text(`FAILED ${message}`));
    expect(await product.send({ query: { ...callQuery, format: 'json' } })).toEqual(
      json(jsonStatus, { errorCode: code, message }),
    );
    expect(requests('ring-out')).toBe(2);
  });

  test.each<[string, Fault, string, object]>([
    [
      'only errors[]',
      { status: 403, body: { errors: [{ errorCode: 'CMN-401' }] } },
      application,
      { errorCode: 'CMN-401', message: application },
    ],
    [
      'only the top level',
      { status: 403, body: { errorCode: 'TEL-101' } },
      'The To number is on a list of blocked numbers',
      { errorCode: 'TEL-101', message: 'The To number is on a list of blocked numbers' },
    ],
    [
      'an older symbolic code',
      { status: 403, body: { errorCode: 'InsufficientPermissions' } },
      'RingCentral refused the request',
      { errorCode: 'InsufficientPermissions', message: 'RingCentral refused the request' },
    ],
    [
      'a page of a proxy',
      { status: 403, body: '<html>Forbidden', contentType: 'text/html' },
      'RingCentral refused the request',
      { errorCode: 'REFUSED', message: 'RingCentral refused the request' },
    ],
    [
      'an invalid code',
      { status: 400, body: { errorCode: 'OK <script>' } },
      'RingCentral refused the request',
      { errorCode: 'unreadable', message: 'RingCentral refused the request' },
    ],
    [
      'the name of an object method',
      { status: 400, body: { errorCode: 'constructor' } },
      'RingCentral refused the request',
      { errorCode: 'constructor', message: 'RingCentral refused the request' },
    ],
    [
      'no body',
      { status: 400, body: '' },
      'RingCentral refused the request',
      { errorCode: 'REFUSED', message: 'RingCentral refused the request' },
    ],
    [
      'an invalid list of errors',
      { status: 400, body: { errors: 'x', errorCode: 7 } },
      'RingCentral refused the request',
      { errorCode: 'REFUSED', message: 'RingCentral refused the request' },
    ],
  ])('an error with %s', async (_, fault, message, body) => {
    product.simulator.failNext('ring-out', fault, 2);
    expect(await product.send({ query: callQuery })).toEqual(text(`FAILED ${message}`));
    expect(JSON.parse((await product.send({ query: { ...callQuery, format: 'json' } })).body)).toEqual(body);
  });
});

describe('refusals of list', () => {
  test.each<[number, string, string, number]>([
    [403, 'CMN-401', 'The RingCentral application of this service lacks the permission for this', 403],
    [403, 'CMN-403', 'The RingCentral plan of this account does not include this', 403],
    [403, 'CMN-408', 'The RingCentral user lacks the permission for this', 403],
    [403, 'CMN-419', 'The RingCentral user lacks the permission for this', 403],
    [400, 'CMN-101', 'RingCentral refused the request (CMN-101)', 400],
    [404, 'CMN-102', 'RingCentral refused the request (CMN-102)', 400],
  ])('%i %s', async (status, code, message, jsonStatus) => {
    product.simulator.failNext('forwarding-number', refusal(status, code), 2);
    const query = { cmd: 'list', ...credentials };
    expect(await product.send({ query })).toEqual(text(`FAILED ${message}`));
    expect(await product.send({ query: { ...query, format: 'json' } })).toEqual(
      json(jsonStatus, { errorCode: code, message }),
    );
  });
});

// hostile/failure-points.ts has the codes that the page names.
describe('refusals of a fax', () => {
  test.each<[number, string, string]>([
    [403, 'MSG-340', '2'],
    [403, 'MSG-341', '2'],
    [403, 'CMN-419', '2'],
    [403, 'CMN-402', '2'],
    [403, 'CMN-404', '2'],
    [403, 'CMN-112', '5'],
    [403, 'CMN-113', '5'],
    [403, 'BIL-101', '2'],
    [403, 'CMN-109', '2'],
    [400, 'CMN-427', '2'],
    [400, 'CMN-101', '5'],
    [404, 'CMN-102', '5'],
    [400, 'MSG-337', '5'],
    [400, 'MSG-338', '5'],
    [400, 'MSG-344', '5'],
    [400, 'MSG-347', '5'],
    [415, 'MSG-348', '5'],
    [400, 'MSG-349', '5'],
    [400, 'MSG-350', '5'],
    [400, 'MSG-351', '5'],
    [415, 'MSG-353', '5'],
    [400, 'MSG-355', '5'],
    [400, 'MSG-356', '5'],
    [400, 'MSG-365', '5'],
    [400, 'MSG-370', '5'],
    [406, 'MSG-343', '5'],
  ])('%i %s is %s', async (status, code, digit) => {
    product.simulator.failNext('fax', refusal(status, code));
    expect(await product.send(faxRequest)).toEqual(text(digit));
    expect(requests('fax')).toBe(1);
  });

  test.each(['x', 'CMN-401', 'MSG-340', 'CMN-101'])('a 413 means too large, also with the code %s', async (code) => {
    product.simulator.failNext('fax', refusal(413, code));
    expect(await product.send(faxRequest)).toEqual(text('5'));
    expect(product.lines.findLast((line) => line.includes('"answered"'))).toContain('"code":"fax_too_large"');
  });
});

describe('a 429 that is not a rate limit: an equal request is under way (CMN-304)', () => {
  const duplicate: Fault = {
    status: 429,
    body: { errors: [{ errorCode: 'CMN-304' }] },
    headers: { 'retry-after': '60' },
  };
  const internal = 'RingCentral could not be reached, it reports an internal error';
  const otherRecipient = field('Recipient', '6505550191');
  const send = {
    call: () => product.send({ query: callQuery }),
    fax: () => product.send(faxRequest),
    otherCall: () => product.send({ query: { ...callQuery, To: '6505550101' } }),
    otherFax: () => product.send(multipartPost([...faxCredentials, otherRecipient, file('a.txt', 'x')])),
    list: () => product.send({ query: { cmd: 'list', ...credentials } }),
  };

  test.each<['call' | 'fax' | 'list', 'ring-out' | 'fax' | 'forwarding-number', string]>([
    [
      'call',
      'ring-out',
      'FAILED RingCentral did not confirm the call, which may have been placed, so the same call is not placed again for a minute',
    ],
    ['fax', 'fax', '5'],
    ['list', 'forwarding-number', `FAILED ${internal}`],
  ])('fails a %s after one request and closes no group', async (command, kind, expected) => {
    product.simulator.failNext(kind, duplicate);
    expect(await send[command]()).toEqual(text(expected));
    expect(requests(kind)).toBe(1);
    for (const each of [send.otherCall, send.otherFax, send.list]) expect((await each()).body).toMatch(/^(?:OK |0$)/);
  });

  test('does not count as a refusal of the JWT', async () => {
    product.simulator.revokeAllTokens();
    product.simulator.failNext('token', duplicate);
    expect(await send.list()).toEqual(text(`FAILED ${internal}`));
    product.clock.advance(15_000);
    expect((await send.list()).body).toMatch(/^OK /);
  });
});

describe('RingCentral refuses the credentials of this service', () => {
  const oauth = (status: number, error: string, code: string): Fault => ({
    status,
    body: { error, error_description: 'Demo', errors: [{ errorCode: code, message: 'Demo' }] },
  });
  const jwt = 'RingCentral refuses the credential stored for this user';
  const client = 'RingCentral refuses the application credentials of this service';
  test.each<[string, Fault, string, string, number]>([
    ['bad user', oauth(400, 'invalid_grant', 'OAU-140'), jwt, '1', 401],
    ['bad user, as 401', oauth(401, 'invalid_grant', 'OAU-140'), jwt, '1', 401],
    ['locked', oauth(400, 'invalid_grant', 'OAU-147'), jwt, '1', 401],
    ['second factor', oauth(401, 'invalid_grant', 'OAU-168'), jwt, '1', 401],
    ['extension state', oauth(400, 'invalid_grant', 'OAU-141'), jwt, '1', 401],
    ['account state', oauth(400, 'invalid_grant', 'OAU-142'), jwt, '1', 401],
    ['expired', oauth(400, 'invalid_grant', 'OAU-210'), jwt, '1', 401],
    ['revoked', oauth(400, 'invalid_grant', 'OAU-213'), jwt, '1', 401],
    ['unknown client', oauth(401, 'invalid_client', 'OAU-146'), client, '5', 500],
    ['malformed client', oauth(400, 'invalid_client', 'OAU-153'), client, '5', 500],
    ['grant not enabled', oauth(400, 'unauthorized_client', 'OAU-251'), client, '5', 500],
    ['grant not supported', oauth(400, 'invalid_request', 'OAU-250'), client, '5', 500],
    ['app not allowed', oauth(403, 'x', 'OAU-125'), client, '5', 500],
    ['app not active', oauth(400, 'x', 'OAU-112'), client, '5', 500],
  ])('%s', async (_, fault, message, digit, jsonStatus) => {
    product.clock.advance(3_600_000);
    product.simulator.failNext('token', fault);
    const expected = text(`FAILED ${message}`);
    expect(await product.send({ query: { cmd: 'list', ...credentials } })).toEqual(expected);
    // The refusal is stored for a minute, without further token requests.
    expect(await product.send({ query: callQuery })).toEqual(expected);
    expect(await product.send(faxRequest)).toEqual(text(digit));
    expect((await product.send({ query: { ...callQuery, format: 'json' } })).statusCode).toBe(jsonStatus);
    expect(product.simulator.requests.map(({ kind }) => kind)).toEqual(['token']);
  });

  test.each<[string, Fault]>([
    ['a firewall', { status: 403, body: '<html>', contentType: 'text/html' }],
    ['a proxy without such a path', { status: 404, body: 'not found', contentType: 'text/plain' }],
    ['a page with the status 401', { status: 401, body: '<html>', contentType: 'text/html; charset=utf-8' }],
  ])('except in the answer of %s, which does not count as a refusal of the JWT', async (_, fault) => {
    product.clock.advance(3_600_000);
    product.simulator.failNext('token', fault);
    expect(await product.send(faxRequest)).toEqual(text('5'));
    // It is stored for a few seconds, as any failure of the token endpoint, and not for a minute.
    product.clock.advance(15_000);
    expect(await product.send(faxRequest)).toEqual(text('0'));
  });

  test.each([
    ['text', '3600'],
    ['missing', undefined],
  ])('a token whose expires_in is %s is used like any other', async (_, expires_in) => {
    product.clock.advance(3_600_000);
    product.simulator.failNext('token', {
      status: 200,
      body: { access_token: 'demo-life', token_type: 'bearer', ...(expires_in === undefined ? {} : { expires_in }) },
    });
    product.simulator.failNext('forwarding-number', { status: 200, body: { records: [] } }, 2);
    expect(await product.get({ cmd: 'list', ...credentials })).toBe('OK ');
    expect(await product.get({ cmd: 'list', ...credentials })).toBe('OK ');
    expect(product.simulator.requests.filter(({ kind }) => kind === 'token')).toHaveLength(1);
    product.clock.advance(3_600_000);
  });
});

describe('RingCentral is unavailable', () => {
  const throttled = 'FAILED RingCentral could not be reached because this user sent too many requests, try again in';

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['Retry-After in seconds', { 'retry-after': '17' }, `${throttled} 17 seconds`],
    ['Retry-After: 1', { 'retry-after': '1' }, `${throttled} 1 second`],
    ['no Retry-After', {}, `${throttled} 30 seconds`],
  ])(
    'a 429 with %s closes the group for calls and faxes, and the answer names the wait',
    async (_, headers, message) => {
      product.simulator.failNext('ring-out', { status: 429, body: { errorCode: 'CMN-301' }, headers });
      expect(await product.send({ query: callQuery })).toEqual(text(message));
      // The group is now closed: calls and faxes share it, and each further request would restart the penalty.
      expect((await product.send({ query: callQuery })).body).toContain(throttled);
      expect(await product.send(faxRequest)).toEqual(text('5'));
      expect(requests('ring-out') + requests('fax')).toBe(1);
      expect([product.simulator.calls, product.simulator.faxes]).toEqual([[], []]);
      // Lists are another group.
      expect(await product.get({ cmd: 'list', ...credentials })).toContain('OK ');
    },
  );

  test.each<[string, Fault, string]>([
    ['500', { status: 500 }, 'RingCentral could not be reached, it reports an internal error'],
    [
      '501',
      { status: 501, body: { errorCode: 'CMN-202' } },
      'RingCentral could not be reached, it reports an internal error',
    ],
    [
      '502 with HTML',
      { status: 502, body: '<html>', contentType: 'text/html' },
      'RingCentral could not be reached, it reports an internal error',
    ],
    ['503', { status: 503 }, 'RingCentral could not be reached, it reports an internal error'],
    ['408', { status: 408 }, 'RingCentral could not be reached, it reports an internal error'],
    ['a page instead of JSON', 'not-json', 'RingCentral sent an answer that cannot be understood'],
    ['JSON of another kind', { status: 200, body: [1] }, 'RingCentral sent an answer that cannot be understood'],
    ['no records', { status: 200, body: {} }, 'RingCentral sent an answer that cannot be understood'],
    ['nothing', { status: 204, body: '' }, 'RingCentral sent an answer that cannot be understood'],
    [
      'a redirect',
      { status: 302, headers: { location: '/elsewhere' } },
      'RingCentral sent an answer that cannot be understood',
    ],
    ['not modified', { status: 304, body: '' }, 'RingCentral sent an answer that cannot be understood'],
    ['broken connections', 'reset-before', 'RingCentral could not be reached, nothing was sent'],
  ])('list fails with its reason: %s', async (_, fault, message) => {
    product.simulator.failNext('forwarding-number', fault, 2);
    expect(await product.send({ query: { cmd: 'list', ...credentials } })).toEqual(text(`FAILED ${message}`));
  });
});

test('a message of many brackets is parsed in linear time', async () => {
  const message = '['.repeat(300_000);
  product.simulator.failNext('ring-out', { status: 400, body: { errors: [{ errorCode: 'CMN-101', message }] } });
  expect(await product.get(callQuery)).toBe('FAILED RingCentral does not accept the To number');
  // Quadratic time is over a minute.
}, 30_000);

test.each([413, 415])('the text for a call refused with %d does not mention faxes', async (status) => {
  product.simulator.failNext('ring-out', { status, body: {} });
  expect(await product.get(callQuery)).toBe('FAILED RingCentral refused the request');
});
