import { runSmoke, type SmokeWorld } from '../../../infra/commands/smoke/run.ts';
import type { Check, Section } from '../../../infra/commands/report/check.ts';
import { startProduct, type Product } from '../../product.ts';
import { serveProduct, serveStub, type LegacyServer, type StubAnswer } from './legacy-server.ts';

interface Run {
  readonly code: number;
  readonly printed: string;
  readonly progressed: readonly string[];
}

/** Runs the command in this process, by default without environment variables and without a password. */
async function smoke(args: readonly string[], parts: Partial<SmokeWorld> = {}): Promise<Run> {
  const printed: string[] = [];
  const progressed: string[] = [];
  const code = await runSmoke(args, {
    environment: {},
    ask: () => Promise.resolve(undefined),
    fetch,
    random: () => 0.5,
    print: (text) => printed.push(text),
    progress: (line) => progressed.push(line),
    ...parts,
  });
  return { code, printed: printed.join('\n'), progressed };
}

const answering = (answer: string | undefined) => (): Promise<string | undefined> => Promise.resolve(answer);

function untouched(): never {
  throw new Error('standard input is not part of this test');
}

const demo = ['--username', '18889363711', '--ext', '101'];

/** The sections of the report with this password in the environment. */
async function report(baseUrl: string, more: readonly string[] = [], password = '1234'): Promise<readonly Section[]> {
  const environment = { LEGACY_PASSWORD: password };
  const { code, printed } = await smoke([baseUrl, '--json', ...more], { environment });
  const { ok, sections } = JSON.parse(printed) as { readonly ok: boolean; readonly sections: readonly Section[] };
  expect(code).toBe(ok ? 0 : 1);
  return sections;
}

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
    'fax, wrong password: ok',
  ];

  test('without a user it skips list and sends RingCentral no request', async () => {
    const { printed, progressed } = await smoke([server.url, '--json']);
    const { sections } = JSON.parse(printed) as { readonly sections: readonly Section[] };
    expect(lines(sections)).toEqual([...withoutCredentials, 'list: skipped']);
    expect(product.simulator.requests).toEqual([]);
    expect(progressed).toHaveLength(withoutCredentials.length);
  });

  test('with a user it sends list in each way programs send it, but no call and no fax', async () => {
    const sections = await report(server.url, demo);
    expect(lines(sections)).toEqual([
      ...withoutCredentials,
      'list, GET: ok',
      'list, POST form: ok',
      'list, POST multipart: ok',
    ]);
    expect(product.simulator.calls).toEqual([]);
    expect(product.simulator.faxes).toEqual([]);
  });

  test('--call places a call, polls its status and cancels it', async () => {
    const sections = await report(server.url, [...demo, '--call', '6505550100', '6505553711']);
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

  test('a refused call skips status and cancel', async () => {
    const sections = await report(server.url, [...demo, '--call', 'nobody', '6505553711']);
    expect(sections.find(({ title }) => title === 'A call')?.checks).toEqual([
      {
        name: 'call',
        outcome: 'failed',
        detail: 'it said "FAILED The To number is not a phone number, write a foreign ..."',
        remedy: expect.any(String),
      },
      { name: 'status', outcome: 'skipped', detail: 'no call' },
      { name: 'cancel', outcome: 'skipped', detail: 'no call' },
    ]);
  });

  test('--fax sends a fax', async () => {
    const sections = await report(server.url, [...demo, '--fax', '6505550190']);
    expect(find(sections, 'fax')).toMatchObject({ outcome: 'ok', detail: expect.stringMatching(/^"0" in/) });
    expect(product.simulator.faxes).toHaveLength(1);
  });

  test('--too-large sends a request too large for Lambda, and RingCentral gets no fax', async () => {
    const sections = await report(server.url, ['--too-large']);
    expect(find(sections, 'POST of 5 MB')).toEqual({
      name: 'POST of 5 MB',
      outcome: 'ok',
      detail: '"1", as for any other failure',
    });
    expect(product.simulator.requests.filter(({ kind }) => kind === 'fax')).toEqual([]);
  });

  test('a fax with a wrong password fails', async () => {
    const sections = await report(server.url, [...demo, '--fax', '6505550190'], 'wrong');
    expect(find(sections, 'fax')).toMatchObject({ outcome: 'failed', detail: 'it said "1"' });
    expect(find(sections, 'list, GET')).toMatchObject({ outcome: 'failed' });
    expect(product.simulator.faxes).toEqual([]);
  });

  test.each<[string, Partial<SmokeWorld>, number]>([
    ['the environment', { environment: { LEGACY_PASSWORD: '1234' }, ask: untouched }, 0],
    ['an answer', { ask: answering('1234') }, 0],
    ['an answer when the variable is empty', { environment: { LEGACY_PASSWORD: '' }, ask: answering('1234') }, 0],
    ['an empty answer', { ask: answering('') }, 1],
    ['nowhere', { ask: answering(undefined) }, 1],
  ])('the password comes from %s', async (_, parts, expected) => {
    const { code, printed, progressed } = await smoke([server.url, ...demo], parts);
    expect(code).toBe(expected);
    expect(printed.split('\n').at(-1)).toMatch(expected === 0 ? /^16 ✓ {2}0 ✗ {2}0 –$/ : /^13 ✓ {2}3 ✗ {2}0 –$/);
    expect(printed + progressed.join('\n')).not.toContain('1234');
    // Once for all three lists.
    expect(printed.split('No password was sent').length - 1).toBe(expected);
  });

  test('the address may end in /ringout.asp, as in a program', async () => {
    expect(await smoke([`${server.url}/ringout.asp`])).toMatchObject({ code: 0 });
  });

  test('without a user it asks for no password', async () => {
    expect(await smoke([server.url], { ask: untouched })).toMatchObject({ code: 0 });
  });
});

describe('against another server', () => {
  const smokeStub = async (answer: StubAnswer): Promise<readonly Section[]> => {
    const server = await serveStub(answer);
    try {
      return await report(server.url, [...demo, '--call', '1', '2', '--fax', '3']);
    } finally {
      await server.close();
    }
  };

  test('a gateway whose functions fail passes only the GET checks of the fax paths', async () => {
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    const sections = await smokeStub({ headers, body: '5' });
    const right = lines(sections).filter((line) => line.endsWith(': ok'));
    expect(right).toEqual(['GET /faxapi.asp: ok', 'GET /FaxApi.asp: ok', 'GET /faxout.asp: ok']);
  });

  test.each([
    ['a page of HTML', { headers: { 'content-type': 'text/html' }, body: '<h1>Hello</h1>' }],
    ['JSON', { headers: { 'content-type': 'application/json' }, body: '{"message":"Forbidden"}' }],
    ['nothing', { body: '' }],
    ['a 0 for every request', { headers: { 'content-type': 'text/plain' }, body: '0' }],
    ['a failure that holds the letters of OK', { body: 'FAILED token expired' }],
  ])('%s fails every check', async (_, answer) => {
    expect(lines(await smokeStub(answer)).filter((line) => line.endsWith(': ok'))).toEqual([]);
  });

  test.each<[string, StubAnswer, Partial<Check>]>([
    [
      "AWS's own answer",
      { status: 413, headers: { 'content-type': 'application/json' }, body: '{"message": "Request Too Long"}' },
      { outcome: 'ok', detail: expect.stringContaining('AWS answers 413 "{"message": "Request Too Long"}"') as string },
    ],
    ['the fax digit', { headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '5' }, { outcome: 'ok' }],
    ['a sent fax', { headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '0' }, { outcome: 'failed' }],
    ['a page', { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad</h1>' }, { outcome: 'failed' }],
  ])('a request that is too large and is answered with %s', async (_, answer, expected) => {
    const stub = await serveStub(answer);
    try {
      expect(find(await report(stub.url, ['--too-large']), 'POST of 5 MB')).toMatchObject(expected);
    } finally {
      await stub.close();
    }
  });

  test.each<[string, StubAnswer | undefined, string]>([
    ['a closed port', undefined, 'the connection is refused (ECONNREFUSED)'],
    [
      'an address that is not on the allowlist',
      { status: 403, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '5' },
      'status 403 instead of 200; it said "5"',
    ],
  ])('%s is reported once, and all other checks are skipped', async (_, answer, detail) => {
    const server = await serveStub(answer ?? { body: '' });
    if (answer === undefined) await server.close();
    const sections = await report(server.url, [...demo, '--call', '1', '2', '--fax', '3']);
    if (answer !== undefined) await server.close();
    expect(sections.map(({ checks }) => checks)).toEqual([
      [
        { name: 'status, unknown session', outcome: 'failed', detail, remedy: expect.any(String) },
        { name: 'all others', outcome: 'skipped', detail: 'would end the same' },
      ],
    ]);
  });
});

test('--help names every option', async () => {
  const { code, printed, progressed } = await smoke(['--help']);
  expect({ code, first: printed.split(':')[0], progressed }).toEqual({
    code: 0,
    first: 'npm run smoke',
    progressed: [],
  });
  for (const option of ['username', 'ext', 'call', 'fax', 'too-large', 'json', 'help'])
    expect(printed).toContain(`--${option}`);
});

test('no arguments are exit code 2, with a hint at --help', async () => {
  const { code, printed, progressed } = await smoke([]);
  expect({ code, printed }).toEqual({ code: 2, printed: '' });
  expect(progressed.join('\n')).toContain('npm run smoke -- --help says more.');
});
