import { json, text } from '../answer.ts';
import { startProduct, type Product } from '../product.ts';
import { credentials, demoUser, type DemoUser } from '../demo.ts';
import { formPost } from '../gateway-event.ts';

const user = (extension: string, more: Partial<DemoUser> = {}): DemoUser => ({
  ...demoUser,
  extension,
  jwt: `demo-jwt-${extension}`,
  ...more,
});

let product: Product;
beforeAll(async () => {
  product = await startProduct({
    users: [
      demoUser,
      user('102', { callBackNumber: '650-555-1233' }),
      user('103', { forwardingNumbers: [] }),
      user('104', { homeCountryCode: 'GB', callBackNumber: '020 7183 8750' }),
    ],
  });
});
beforeEach(() => product.nextTest());
afterAll(() => product.close());

const call = (parameters: Readonly<Record<string, string>>) =>
  product.send({ query: { cmd: 'call', ...credentials, ...parameters } });
const order = (body: object) => [{ request: 'POST …/ring-out', body }];
const to = { phoneNumber: '+16505550100' };
const from = { phoneNumber: '+16505553711' };
const From = '6505553711';
const To = '6505550100';

test('a call is answered in three parts with a nine-digit session id', async () => {
  const answer = await call({ To, From });
  expect(answer).toEqual(text(expect.stringMatching(/^OK [1-9]\d{8} 3$/) as string));
});

describe('what RingCentral is asked for', () => {
  test.each<[string, Readonly<Record<string, string>>, object]>([
    ['the prompt is off unless asked for', { To, From }, { from, to, playPrompt: false }],
    ['Prompt=1', { To, From, Prompt: '1' }, { from, to, playPrompt: true }],
    [
      'Prompt=1 filled up with NULs',
      { To: `${To}\0`, From: `${From}\0`, Prompt: '1\0\0' },
      { from, to, playPrompt: true },
    ],
    ['Prompt=0', { To, From, Prompt: '0' }, { from, to, playPrompt: false }],
    ['Prompt=true is not 1', { To, From, Prompt: 'true' }, { from, to, playPrompt: false }],
    ['an empty Prompt', { To, From, Prompt: '' }, { from, to, playPrompt: false }],
    [
      'a caller id if given',
      { To, From, Clid: '8005551234' },
      { from, to, callerId: { phoneNumber: '+18005551234' }, playPrompt: false },
    ],
    [
      'names in any case',
      { TO: To, from: From, CLID: '8005551234', PROMPT: '1' },
      { from, to, callerId: { phoneNumber: '+18005551234' }, playPrompt: true },
    ],
    [
      'a caller id that is foreign, however it is written',
      { To, From, Clid: '44 20 7946 0123' },
      { from, to, callerId: { phoneNumber: '+442079460123' }, playPrompt: false },
    ],
    ['no caller id for an empty one', { To, From, Clid: ' ' }, { from, to, playPrompt: false }],
    ['punctuation', { To: '(650) 555-0100', From: '650.555.3711' }, { from, to, playPrompt: false }],
    ['11 digits', { To: '16505550100', From: '1-650-555-3711' }, { from, to, playPrompt: false }],
    ['a plus', { To: '+1 650 555 0100', From: '+16505553711' }, { from, to, playPrompt: false }],
    ['a plus that a form turned into a space', { To: ' 16505550100', From }, { from, to, playPrompt: false }],
    [
      'the international prefix',
      { To: '011 44 20 7183 8750', From },
      { from, to: { phoneNumber: '+442071838750' }, playPrompt: false },
    ],
    [
      'country code and digits',
      { To: '442071838750', From },
      { from, to: { phoneNumber: '+442071838750' }, playPrompt: false },
    ],
    [
      'a number of the home country',
      { To: '020 7183 8750', From: '02071838751', Ext: '104' },
      { from: { phoneNumber: '+442071838751' }, to: { phoneNumber: '+442071838750' }, playPrompt: false },
    ],
  ])('%s', async (_, parameters, body) => {
    expect((await call(parameters)).body).toMatch(/^OK/);
    expect(product.received()).toEqual(order(body));
  });

  test('the same from a POST', async () => {
    const answer = await product.send(formPost({ cmd: 'call', ...credentials, To, From, Prompt: '1' }));
    expect(answer.body).toMatch(/^OK/);
    expect(product.received()).toEqual(order({ from, to, playPrompt: true }));
  });
});

describe('a call without From', () => {
  const list = { request: 'GET …/forwarding-number?page=1&perPage=1000', body: undefined };

  test('uses the configured call-back number, with no further request', async () => {
    expect((await call({ To, Ext: '102' })).body).toMatch(/^OK/);
    expect(product.received()).toEqual(order({ from: { phoneNumber: '+16505551233' }, to, playPrompt: false }));
  });

  test('reads the configured number as one of the home country', async () => {
    expect((await call({ To: '+16505550100', Ext: '104' })).body).toMatch(/^OK/);
    expect(product.received()).toEqual(order({ from: { phoneNumber: '+442071838750' }, to, playPrompt: false }));
  });

  test('uses the first forwarding number of a user without one, and remembers it for the status', async () => {
    const sid = await product.place({ From: '' });
    expect(product.received()).toEqual([list, ...order({ from, to, playPrompt: false })]);
    expect(await product.get({ cmd: 'status', SessionID: sid })).toBe(`OK ${sid} 1;+16505550100;1;+16505553711;1`);
  });

  test('after a token that is dead takes the replacement for the call, too', async () => {
    await call({ To });
    product.nextTest();
    product.simulator.revokeAllTokens();
    expect((await call({ To })).body).toMatch(/^OK/);
    expect(product.simulator.requests.map(({ kind }) => kind)).toEqual([
      'forwarding-number',
      'token',
      'forwarding-number',
      'ring-out',
    ]);
  });

  test('fails when there is no number at all', async () => {
    expect(await call({ To, Ext: '103' })).toEqual(
      text('FAILED The From number is missing and the user has no call-back number'),
    );
    expect(product.received()).toEqual([list]);
  });
});

describe('a number that is none fails with nothing sent', () => {
  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['no To', { From }, 'The To number is missing'],
    ['an empty To', { To: ' ', From }, 'The To number is missing'],
    [
      'To is an extension',
      { To: '101', From },
      'The To number is not a phone number, write a foreign one with + before it',
    ],
    [
      'To has letters',
      { To: '1-800-FLOWERS', From },
      'The To number is not a phone number, write a foreign one with + before it',
    ],
    [
      'To is a feature code',
      { To: '*67 6505550100', From },
      'The To number is not a phone number, write a foreign one with + before it',
    ],
    [
      'To has an extension behind it',
      { To: '6505550100,,101', From },
      'The To number is not a phone number, write a foreign one with + before it',
    ],
    [
      'To is a number behind an outside line',
      { To: '9-1-650-555-0100', From },
      'The To number is not a phone number, write a foreign one with + before it',
    ],
    [
      'To is a number and an extension',
      { To: '650 555 0100 101', From },
      'The To number is not a phone number, write a foreign one with + before it',
    ],
    [
      'From is a number with one digit too many',
      { To, From: '65055501001' },
      'The From number is not a phone number, write a foreign one with + before it',
    ],
    [
      'From is none',
      { To, From: 'home' },
      'The From number is not a phone number, write a foreign one with + before it',
    ],
    ['Clid is none', { To, From, Clid: 'me' }, 'The Clid number is not a phone number'],
    [
      'To before From',
      { To: 'x', From: 'x', Clid: 'x' },
      'The To number is not a phone number, write a foreign one with + before it',
    ],
    ['the password before To', { Password: 'wrong', To: 'x' }, 'Invalid User or Password'],
  ])('%s', async (_, parameters, reason) => {
    expect(await call(parameters)).toEqual(text(`FAILED ${reason}`));
    expect(product.received()).toEqual([]);
  });
});

describe('format=json', () => {
  test('the ring-out resource under our session id', async () => {
    const answer = await call({ To, From, format: 'json' });
    const { id } = JSON.parse(answer.body) as { id: string };
    expect(id).toMatch(/^[1-9]\d{8}$/);
    expect(answer).toEqual(
      json(200, { id, status: { callStatus: 'InProgress', callerStatus: 'InProgress', calleeStatus: 'InProgress' } }),
    );
    expect(await product.get({ cmd: 'status', SessionID: id })).toBe(`OK ${id} 1;+16505550100;1;+16505553711;1`);
  });

  const started = { callStatus: 'InProgress', callerStatus: 'InProgress', calleeStatus: 'InProgress' };
  test.each<[string, object, object]>([
    ['no status', {}, started],
    ['an empty one', { status: {} }, started],
    ['one that is none', { status: 'NoSessionFound' }, started],
    ['words that are none', { status: { callStatus: 7, callerStatus: '', calleeStatus: '<1>' } }, started],
    [
      'words of a later state',
      { status: { ...started, callerStatus: 'Success' } },
      { ...started, callerStatus: 'Success' },
    ],
    ['that it is over', { status: { ...started, callStatus: 'Finished' } }, { ...started, callStatus: 'Finished' }],
    [
      'that there is no session yet',
      { status: { ...started, callStatus: 'NoSessionFound' } },
      { ...started, callStatus: 'NoSessionFound' },
    ],
  ])('a call that is accepted is a 200, where its first status says %s', async (_, resource, status) => {
    product.simulator.failNext('ring-out', { status: 200, body: { id: 'demo', ...resource } });
    const answer = await call({ To, From, format: 'json' });
    const { id } = JSON.parse(answer.body) as { id: string };
    expect(answer).toEqual(json(200, { id, status }));
  });

  test.each<[string, Readonly<Record<string, string>>, number, object]>([
    ['wrong password', { To, Password: 'x' }, 401, { errorCode: 'CREDENTIALS', message: 'Invalid User or Password' }],
    ['no To', {}, 400, { errorCode: 'TO_MISSING', message: 'The To number is missing' }],
    [
      'refused upstream',
      { To: '6505550108', From },
      403,
      { errorCode: 'TEL-101', message: 'The To number is on a list of blocked numbers' },
    ],
  ])('%s: RingCentral’s code or ours, with a true status', async (_, parameters, statusCode, body) => {
    expect(await call({ ...parameters, format: 'json' })).toEqual(json(statusCode, body));
  });
});

test('format=html means nothing to call, in success and failure', async () => {
  expect((await call({ To, From, format: 'html' })).headers['Content-Type']).toBe('text/plain; charset=utf-8');
  expect(await call({ From, format: 'html' })).toEqual(text('FAILED The To number is missing'));
});

test('a function of its own needs no cmd', async () => {
  const answer = await product.send({ path: '/ringout/call', query: { ...credentials, To, From, cmd: 'list' } });
  expect(answer).toEqual(text(expect.stringMatching(/^OK [1-9]\d{8} 3$/) as string));
  expect(product.received()).toEqual(order({ from, to, playPrompt: false }));
});

test('session ids are drawn, not counted', async () => {
  const ids = new Set<number>();
  for (let index = 0; index < 8; index += 1) ids.add(Number(await product.place({ To: `650555012${index}` })));
  const sorted = [...ids].sort((a, b) => a - b);
  expect(ids.size).toBe(8);
  expect((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)).toBeGreaterThan(1_000_000);
});
