import { createSendLegacy } from '../../infra/commands/legacy-endpoint/request.ts';
import type { Check, Section } from '../../infra/commands/report/check.ts';
import { readSmokeArguments, smoke, type SmokeOptions } from '../../infra/commands/smoke.ts';
import { startProduct, type Product } from '../product.ts';
import { serveProduct, serveStub, type LegacyServer, type StubAnswer } from './legacy-server.ts';

const noOptions: Omit<SmokeOptions, 'baseUrl'> = {
  username: undefined,
  extension: undefined,
  password: undefined,
  call: undefined,
  faxNumber: undefined,
};
const demo = { username: '18889363711', extension: '101', password: '1234' };

const run = (baseUrl: string, options: Partial<SmokeOptions> = {}, progress: (line: string) => void = () => {}) =>
  smoke({ baseUrl, ...noOptions, ...options }, createSendLegacy(baseUrl), () => 0.5, progress);

const lines = (sections: readonly Section[]): readonly string[] =>
  sections.flatMap(({ checks }) => checks.map(({ name, outcome }) => `${name}: ${outcome}`));
const find = (sections: readonly Section[], name: string): Check | undefined =>
  sections.flatMap(({ checks }) => checks).find((check) => check.name === name);

describe('against the product', () => {
  let product: Product;
  let server: LegacyServer;
  beforeAll(async () => {
    product = await startProduct();
    server = await serveProduct(product);
  });
  beforeEach(() => product.simulator.reset());
  afterAll(async () => {
    await server.close();
    await product.close();
  });

  const withoutCredentials = [
    'status, unknown session: ok',
    'status, GET: ok',
    'status, POST form: ok',
    'status, POST multipart: ok',
    '/RingOut.Asp: ok',
    '/ringout.asp/: ok',
    'cancel: ok',
    'no command: ok',
    'unknown user: ok',
    'GET /faxapi.asp: ok',
    'GET /FaxApi.asp: ok',
    'GET /faxout.asp: ok',
  ];

  test('without a user list is left out, and RingCentral is asked nothing', async () => {
    const progressed: string[] = [];
    const sections = await run(server.url, {}, (line) => progressed.push(line));
    expect(lines(sections)).toEqual([...withoutCredentials, 'list: skipped']);
    expect(product.simulator.requests).toEqual([]);
    expect(progressed).toHaveLength(withoutCredentials.length);
  });

  test('with a user list alone is asked for, in each way programs send it', async () => {
    const sections = await run(server.url, demo);
    expect(lines(sections)).toEqual([
      ...withoutCredentials,
      'list, GET: ok',
      'list, POST form: ok',
      'list, POST multipart: ok',
    ]);
    expect(product.simulator.calls).toEqual([]);
    expect(product.simulator.faxes).toEqual([]);
  });

  test('a call is placed, asked about and cancelled when asked for', async () => {
    const sections = await run(server.url, { ...demo, call: { to: '6505550100', from: '6505553711' } });
    expect(sections.find(({ title }) => title === 'A call')?.checks).toEqual([
      { name: 'call', outcome: 'ok', detail: expect.stringMatching(/^"OK \*{4}\d{4} 3" in \d+ ms$/) },
      {
        name: 'status',
        outcome: 'ok',
        detail: expect.stringMatching(/^"OK \*{4}\d{4} 1;\+\*{4}0100;1;\+\*{4}3711;1" in \d+ ms$/),
      },
      { name: 'cancel', outcome: 'ok', detail: expect.stringMatching(/^"OK \*{4}\d{4}" in \d+ ms$/) },
    ]);
    expect(product.simulator.requests.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['ring-out', 'cancel']));
    expect(product.simulator.calls).toHaveLength(1);
  });

  test('a call that is refused ends there', async () => {
    const sections = await run(server.url, { ...demo, call: { to: 'nobody', from: '6505553711' } });
    expect(sections.find(({ title }) => title === 'A call')?.checks).toEqual([
      {
        name: 'call',
        outcome: 'failed',
        detail: 'it said "FAILED The To number is not a phone number"',
        remedy: expect.any(String),
      },
      { name: 'status', outcome: 'skipped', detail: 'no call' },
      { name: 'cancel', outcome: 'skipped', detail: 'no call' },
    ]);
  });

  test('a fax of one page is sent when asked for', async () => {
    const sections = await run(server.url, { ...demo, faxNumber: '6505550190' });
    expect(find(sections, 'fax')).toMatchObject({ outcome: 'ok', detail: expect.stringMatching(/^"0" in/) });
    expect(product.simulator.faxes).toHaveLength(1);
  });

  test('a fax with a wrong password fails', async () => {
    const sections = await run(server.url, { ...demo, password: 'wrong', faxNumber: '6505550190' });
    expect(find(sections, 'fax')).toMatchObject({ outcome: 'failed', detail: 'it said "1"' });
    expect(find(sections, 'list, GET')).toMatchObject({ outcome: 'failed' });
    expect(product.simulator.faxes).toEqual([]);
  });
});

describe('against something else', () => {
  const smokeStub = async (answer: StubAnswer): Promise<readonly Section[]> => {
    const server = await serveStub(answer);
    try {
      return await run(server.url, { ...demo, call: { to: '1', from: '2' }, faxNumber: '3' });
    } finally {
      await server.close();
    }
  };

  test('a gateway whose functions fail passes for faxes only', async () => {
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    const sections = await smokeStub({ headers, body: '5' });
    const right = lines(sections).filter((line) => line.endsWith(': ok'));
    expect(right).toEqual(['GET /faxapi.asp: ok', 'GET /FaxApi.asp: ok', 'GET /faxout.asp: ok']);
  });

  test.each([
    ['a page of HTML', { headers: { 'content-type': 'text/html' }, body: '<h1>Hello</h1>' }],
    ['JSON', { headers: { 'content-type': 'application/json' }, body: '{"message":"Forbidden"}' }],
    ['nothing', { body: '' }],
    ['a sent fax to everything', { headers: { 'content-type': 'text/plain' }, body: '0' }],
    ['a failure that holds the letters of OK', { body: 'FAILED token expired' }],
  ])('%s fails everything', async (_, answer) => {
    expect(lines(await smokeStub(answer)).filter((line) => line.endsWith(': ok'))).toEqual([]);
  });

  test('a closed port fails everything with the code of the network’s error', async () => {
    const server = await serveStub({ body: '' });
    await server.close();
    expect(find(await run(server.url), 'status, GET')).toMatchObject({ outcome: 'failed', detail: 'ECONNREFUSED' });
  });
});

describe('arguments', () => {
  const parsed = (baseUrl: string, options: Partial<SmokeOptions> = {}, json = false) => {
    const { password: _, ...others } = noOptions;
    return { kind: 'run', options: { baseUrl, ...others, ...options }, json };
  };

  test.each([
    ['an address', 'https://telephony.example.com/', parsed('https://telephony.example.com')],
    ['an address with the stage in it', 'https://a1.example.com/prod', parsed('https://a1.example.com/prod')],
    ['this computer', 'http://localhost:3000', parsed('http://localhost:3000')],
    [
      'a user',
      'https://a.example --username 18889363711 --ext 101 --json',
      parsed('https://a.example', { username: '18889363711', extension: '101' }, true),
    ],
    [
      'a call',
      'https://a.example --call +16505550100 6505553711',
      parsed('https://a.example', { call: { to: '+16505550100', from: '6505553711' } }),
    ],
    [
      'a call and a fax before the address',
      '--call 1 2 --fax 3 https://a.example',
      parsed('https://a.example', { call: { to: '1', from: '2' }, faxNumber: '3' }),
    ],
    ['a wish for help', '--help', { kind: 'help' }],
  ])('reads %s', (_, line, expected) => {
    expect(readSmokeArguments(line.split(' '))).toEqual(expected);
  });

  test.each([
    ['no address', '--json'],
    ['two addresses', 'https://a.example https://b.example'],
    ['an address in the clear', 'http://a.example'],
    ['an address with a query', 'https://a.example?Password=hunter2'],
    ['a call without From', 'https://a.example --call 6505550100'],
    ['a stray word', 'https://a.example hunter2'],
    ['an unknown option', 'https://a.example --secret hunter2'],
    ['an option without its value', 'https://a.example --username'],
    ['a password', 'https://a.example --password hunter2'],
    ['a password in one word', 'https://a.example --Password=hunter2'],
  ])('refuses %s, and repeats nothing of it', (_, line) => {
    const read = readSmokeArguments(line.split(' '));
    expect(read).toEqual({ kind: 'mistake', text: expect.not.stringContaining('hunter2') });
  });
});
