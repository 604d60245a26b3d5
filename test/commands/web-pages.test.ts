import { json, text } from '../answer.ts';
import { credentials, faxCredentials, demoList } from '../demo.ts';
import {
  formPost,
  gatewayEvent,
  lambdaContext,
  multipartPost,
  ringoutPath,
  type EventOptions,
} from '../gateway-event.ts';
import { handlerFor } from '../handlers.ts';
import { field, file } from '../multipart.ts';
import { startProduct, type Product } from '../product.ts';

/*
 * Which web pages may make requests. Browsers name the origin of each request, and a page cannot change that.
 */

let product: Product;
beforeAll(async () => {
  product = await startProduct({ repeatsAreOthers: true });
});
beforeEach(() => product.nextTest());
afterAll(() => product.close());

type Headers = Readonly<Record<string, string>>;

const refusal = 'A web page of another site may not ask for this unless allowedOrigins names it';
const refused = text(`FAILED ${refusal}`);
const listed = text(demoList);
const Host = 'bridge.example';
const evil = 'https://page.example';
const crossSite = { Host, 'Sec-Fetch-Site': 'cross-site' };

const list = { cmd: 'list', ...credentials };
const call = { cmd: 'call', ...credentials, To: '6505550100', From: '6505553711' };
const faxed = multipartPost([...faxCredentials, field('Recipient', '6505550190'), file('a.txt', 'x')]);

/** Every request that acts for a user, at every path. */
const guarded: readonly (readonly [string, EventOptions, ReturnType<typeof text>])[] = [
  ['call by cmd', { query: call }, refused],
  ['call as a form', formPost(call), refused],
  [
    'call as a multipart form',
    multipartPost(
      Object.entries(call).map(([name, value]) => field(name, value)),
      ringoutPath,
    ),
    refused,
  ],
  ['call at its own path', { path: '/ringout/call', query: call }, refused],
  ['call at another spelling', { path: '/RingOut.ASP/', query: call }, refused],
  ['list by cmd', { query: list }, refused],
  ['list at its own path', { path: '/ringout/list', query: list }, refused],
  ['a fax', faxed, text('5')],
  ['a fax at its other path', { ...faxed, path: '/faxout.asp' }, text('5')],
  ['a fax at another spelling', { ...faxed, path: '/FaxApi.ASP' }, text('5')],
  [
    'call with format=json',
    { query: { ...call, format: 'json' } },
    json(403, { errorCode: 'CROSS_SITE', message: refusal }),
  ],
];

const withHeaders = (event: EventOptions, headers: Headers): EventOptions => ({
  ...event,
  headers: { ...event.headers, ...headers },
});

describe.each<[string, Headers]>([
  ['cross-site, as of a link, an image or a frame', crossSite],
  ['cross-site with an origin', { ...crossSite, Origin: evil }],
  ['of an old browser, with an origin only', { Host, Origin: evil }],
  ['that hides its origin', { Host, Origin: 'null' }],
])('a page %s', (_, headers) => {
  test.each(guarded)('is refused %s without a request to RingCentral', async (_name, event, answer) => {
    expect(await product.send(withHeaders(event, headers))).toEqual(answer);
    expect(product.received()).toEqual([]);
  });
});

describe('a page counts as a page of another site', () => {
  test.each<[string, Headers]>([
    ['cross-site in capitals', { Host, 'sec-fetch-site': 'Cross-Site' }],
    ['cross-site, whose origin claims to be ours', { ...crossSite, Origin: `https://${Host}` }],
    ['a hidden origin that is said to be ours', { Host, 'Sec-Fetch-Site': 'same-origin', Origin: 'null' }],
    ['a host that begins like ours', { Host, Origin: `https://${Host}.page.example` }],
    ['a host that ends like ours', { Host, Origin: `https://page-${Host}` }],
    ['a subdomain of our host', { Host, Origin: `https://page.${Host}` }],
    ['our host as a user name', { Host, Origin: `https://${Host}@page.example` }],
    ['a file', { Host, Origin: 'file://' }],
    ['an extension of a browser', { Host, Origin: 'chrome-extension://demo' }],
    ['an origin that cannot be read', { Host, Origin: 'https://' }],
    ['an unknown value, beside a foreign origin', { Host, 'Sec-Fetch-Site': 'near', Origin: evil }],
    ['a foreign origin, where no host was sent', { Host: '', Origin: evil }],
  ])('%s', async (_, headers) => {
    expect(await product.send({ query: list, headers })).toEqual(refused);
  });
});

describe('a request that needs no allowedOrigins is served', () => {
  test.each<[string, Headers]>([
    ['a program', {}],
    ['a program that sends a Referer', { Host, Referer: 'http://crm.example/page?x=1' }],
    ['a program with empty headers', { Host, Origin: '', 'Sec-Fetch-Site': ' ' }],
    ['an address typed into a browser', { Host, 'Sec-Fetch-Site': 'none' }],
    ['a page of ours', { Host, 'Sec-Fetch-Site': 'same-origin', Origin: `https://${Host}` }],
    ['a page of another host of our site', { Host, 'Sec-Fetch-Site': 'same-site', Origin: 'https://crm.example' }],
    ['a page of ours in an old browser', { Host, Origin: `https://${Host}` }],
    ['a page on another port in an old browser', { Host: `${Host}:3000`, Origin: `http://${Host}:8080` }],
    ['a host in another case', { Host: 'Bridge.Example', Origin: `https://${Host}` }],
    ['an IPv6 address', { Host: '[::1]:3000', Origin: 'http://[::1]:3000' }],
  ])('%s', async (_, headers) => {
    expect(await product.send({ query: list, headers })).toEqual(listed);
  });

  test('a page of the domain name in the API Gateway event', async () => {
    const event = gatewayEvent({ query: list, headers: { Host: 'inner.example', Origin: `https://${Host}` } });
    const context = event['requestContext'] as object;
    expect(await product.sendEvent(event)).toEqual(refused);
    expect(await product.sendEvent({ ...event, requestContext: { ...context, domainName: Host } })).toEqual(listed);
  });

  test.each(['status', 'cancel'])(
    '%s from a page of another site, because old pages load it in a frame',
    async (cmd) => {
      const SessionID = await product.place();
      const headers = { ...crossSite, Origin: evil };
      for (const event of [{ query: { cmd, SessionID } }, { path: `/ringout/${cmd}`, query: { SessionID } }]) {
        expect((await product.send({ ...event, headers })).body).toMatch(/^OK /);
      }
    },
  );
});

test('a wrong password from a page is not counted, so that a page cannot lock an office out', async () => {
  for (let guess = 0; guess < 40; guess += 1) {
    const query = { ...list, Password: `wrong-${guess}` };
    expect(await product.send({ query, headers: crossSite })).toEqual(refused);
  }
  expect(await product.send({ query: list })).toEqual(listed);
});

test('the log names the origin of the page and nothing else of its address', async () => {
  const headers = { ...crossSite, Referer: 'https://u:p@page.example:8443/6505550100?token=demo' };
  const before = product.lines.length;
  await product.send({ query: call, headers });
  const lines = product.lines.slice(before);
  expect(JSON.parse(lines.find((line) => line.includes('"answered"')) ?? '')).toMatchObject({
    level: 'error',
    command: 'call',
    code: 'cross_site',
    origin: 'https://page.example:8443',
  });
  expect(lines.join('\n')).not.toMatch(/token=|u:p@|6505550100|FailuresToActOn/);
});

describe('with allowedOrigins', () => {
  const ask = (event: EventOptions): ReturnType<Product['send']> => {
    const handlers = product.container({ env: { ALLOWED_ORIGINS: 'https://crm.example,http://intranet:8080' } });
    const whole = gatewayEvent(event);
    return handlerFor(handlers, whole)(whole, lambdaContext());
  };

  test.each<[string, Headers]>([
    ['by its origin', { ...crossSite, Origin: 'https://crm.example' }],
    ['by its origin in an old browser', { Host, Origin: 'http://intranet:8080' }],
    ['by the page that contains a link or a frame', { ...crossSite, Referer: 'https://crm.example/contacts?id=7' }],
  ])('a page that allowedOrigins names is served, recognised %s', async (_, headers) => {
    expect(await ask({ query: list, headers })).toEqual(listed);
    expect((await ask({ query: call, headers })).body).toMatch(/^OK \d{9} 3$/);
    expect(await ask(withHeaders(faxed, headers))).toEqual(text('0'));
  });

  test.each<[string, Headers]>([
    ['another page', { ...crossSite, Origin: evil }],
    ['another port', { ...crossSite, Origin: 'https://crm.example:8443' }],
    ['another scheme', { ...crossSite, Origin: 'http://crm.example' }],
    ['a subdomain of it', { ...crossSite, Origin: 'https://page.crm.example' }],
    ['a page whose address contains it', { ...crossSite, Referer: 'https://page.example/https://crm.example' }],
    ['another page with its Referer', { ...crossSite, Origin: evil, Referer: 'https://crm.example/' }],
    ['a hidden page with its Referer', { ...crossSite, Origin: 'null', Referer: 'https://crm.example/' }],
    ['a page that is not named', crossSite],
  ])('%s is still refused', async (_, headers) => {
    expect(await ask({ query: list, headers })).toEqual(refused);
  });
});
