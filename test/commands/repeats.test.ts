import { json, text } from '../answer.ts';
import { startProduct, type Product } from '../product.ts';
import { credentials, demoUser, faxCredentials } from '../demo.ts';
import { formPost, gatewayEvent, lambdaContext, multipartPost, type EventOptions } from '../gateway-event.ts';
import { field, file } from '../multipart.ts';

/* A call or fax that a library, a proxy or a person sends again within the window is placed once. */

let product: Product;
beforeAll(async () => {
  product = await startProduct({
    users: [demoUser, { ...demoUser, extension: '102', jwt: 'demo-jwt-102' }],
  });
});
beforeEach(() => product.nextTest());
afterAll(() => product.close());

const To = '6505550100';
const From = '6505553711';
const ask = { cmd: 'call', ...credentials, To, From };
const call = (more: Readonly<Record<string, string>> = {}): EventOptions => ({ query: { ...ask, ...more } });
const fax = (...parts: ReturnType<typeof field>[]): EventOptions => multipartPost([...faxCredentials, ...parts]);
const recipient = field('Recipient', '6505550190');
const document = file('order.txt', 'an order');

const bodyOf = async (request: EventOptions): Promise<string> => (await product.send(request)).body;
const calls = (): number => product.simulator.calls.length;
const faxes = (): number => product.simulator.faxes.length;
const lastLine = (): Record<string, unknown> =>
  JSON.parse(product.lines.findLast((line) => line.includes('"answered"')) ?? '{}') as Record<string, unknown>;

describe('the same call', () => {
  test.each<[string, EventOptions]>([
    ['with the same text', call()],
    ['with a cache buster', call({ t: '1700000000000' })],
    ['as a POST', formPost(ask)],
    ['with other spellings of its numbers', call({ To: '1-650-555-0100', From: '(650) 555 3711' })],
    ['with Prompt=0 instead of none', call({ Prompt: '0' })],
    ['at the path of the command', { path: '/ringout/call', query: ask }],
  ])('%s gets the session id of the first call', async (_, again) => {
    const first = await bodyOf(call());
    expect(await bodyOf(again)).toBe(first);
    expect(calls()).toBe(1);
  });

  test('without From is deduplicated without another request for forwarding numbers', async () => {
    const request: EventOptions = { query: { cmd: 'call', ...credentials, To } };
    const first = await bodyOf(request);
    expect(await bodyOf(request)).toBe(first);
    expect(product.received().map(({ request: sent }) => sent.split('?')[0])).toEqual([
      'GET …/forwarding-number',
      'POST …/ring-out',
    ]);
  });

  test('is answered in the format that each copy requests', async () => {
    const [, id] = (await bodyOf(call())).split(' ');
    const inProgress = { callStatus: 'InProgress', callerStatus: 'InProgress', calleeStatus: 'InProgress' };
    expect(await product.send(call({ format: 'json' }))).toEqual(json(200, { id, status: inProgress }));
  });

  test('is logged with the id of the request that it joined', async () => {
    await product.send(call());
    const first = lastLine()['requestId'];
    await product.send(call({ t: '2' }));
    expect(lastLine()).toMatchObject({ outcome: 'ok', joined: first });
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['number', { To: '6505550101' }],
    ['call-back number', { From: '6505551550' }],
    ['call-back number, left out', { From: '' }],
    ['caller id', { Clid: '8005551234' }],
    ['prompt', { Prompt: '1' }],
    ['user', { Ext: '102' }],
  ])('with another %s is another call', async (_, more) => {
    const first = await bodyOf(call());
    expect(await bodyOf(call(more))).not.toBe(first);
    expect(calls()).toBe(2);
  });

  test('is a new call ten seconds after OK, however often it was repeated', async () => {
    const first = await bodyOf(call());
    for (let seconds = 3; seconds < 10; seconds += 3) {
      product.clock.advance(3000);
      expect(await bodyOf(call())).toBe(first);
    }
    product.clock.advance(1500);
    expect(await bodyOf(call())).not.toBe(first);
    expect(calls()).toBe(2);
  });

  test('is a new call after a cancel', async () => {
    const sid = await product.place({ To, From });
    await product.get({ cmd: 'cancel', SessionID: sid });
    expect(await product.place({ To, From })).not.toBe(sid);
  });

  test('is a new call after status has said that it is over', async () => {
    product.simulator.failNext('status', { status: 404, body: { errors: [{ errorCode: 'CMN-102' }] } });
    const sid = await product.place({ To, From });
    expect(await product.get({ cmd: 'status', SessionID: sid })).toBe(`OK ${sid} `);
    expect(await product.place({ To, From })).not.toBe(sid);
  });

  test('is the same call while status says that it rings', async () => {
    const sid = await product.place({ To, From });
    await product.get({ cmd: 'status', SessionID: sid });
    expect(await product.place({ To, From })).toBe(sid);
  });
});

describe('the same fax', () => {
  test('gets the digit of the first fax, and is sent once', async () => {
    expect(await bodyOf(fax(recipient, document))).toBe('0');
    product.clock.advance(50_000);
    expect(await bodyOf(fax(document, field('recipient[]', '+1 650 555 0190')))).toBe('0');
    expect(await bodyOf(fax(recipient, file('php1A2B.txt', 'an order')))).toBe('0');
    expect(faxes()).toBe(1);
    product.clock.advance(12_000);
    expect(await bodyOf(fax(recipient, document))).toBe('0');
    expect(faxes()).toBe(2);
  });

  test('in another spelling of its cover page is sent once', async () => {
    for (const [cover, spelled] of [
      ['Our Page', 'OUR PAGE'],
      ['Classic', '5'],
      ['', 'default'],
    ]) {
      product.nextTest();
      for (const name of [cover ?? '', spelled ?? '']) {
        expect(await bodyOf(fax(recipient, document, field('Coverpage', name)))).toBe('0');
      }
      expect(faxes()).toBe(1);
    }
  });

  test.each<[string, readonly ReturnType<typeof field>[]]>([
    ['recipient', [field('Recipient', '6505550191'), document]],
    ['second recipient', [recipient, field('Recipient', '6505550191'), document]],
    ['document', [recipient, file('order.txt', 'an order.')]],
    ['second document', [recipient, document, document]],
    ['cover page', [recipient, document, field('Coverpage', 'None')]],
    ['cover text', [recipient, document, field('Coverpagetext', 'x')]],
    ['resolution', [recipient, document, field('Resolution', 'High')]],
    ['time', [recipient, document, field('Sendtime', '24:12:30 10:00')]],
  ])('with another %s is another fax', async (_, parts) => {
    await product.send(fax(recipient, document));
    expect(await bodyOf(fax(...parts))).toBe('0');
    expect(faxes()).toBe(2);
  });
});

describe('a copy of a request that is under way', () => {
  test.each<[string, 'ring-out' | 'fax', EventOptions, () => number]>([
    ['call', 'ring-out', call(), calls],
    ['fax', 'fax', fax(recipient, document), faxes],
  ])('waits for the answer of the %s, in another container', async (_, kind, request, placed) => {
    const held = product.simulator.hold(kind, 'request', 1);
    const first = bodyOf(request);
    await held.reached;
    const handlers = product.container();
    const copies = Array.from({ length: 5 }, async () => {
      const handler = kind === 'fax' ? handlers.fax : handlers.ringout;
      return (await handler(gatewayEvent(request), lambdaContext())).body;
    });
    held.release();
    expect(new Set(await Promise.all(copies))).toEqual(new Set([await first]));
    expect(placed()).toBe(1);
  });

  test('gets the refusal of the first, and a later request is sent again', async () => {
    const held = product.simulator.hold('ring-out', 'request', 1);
    const blocked = call({ To: '6505550108' });
    const first = bodyOf(blocked);
    await held.reached;
    const { dynamoDb, operations } = product.watchedTable();
    const copy = product.container({ dynamoDb }).ringout(gatewayEvent(blocked), lambdaContext());
    // The user's row, and the mark of the first request.
    while (operations.filter((operation) => operation === 'Get').length < 2) await product.clock.sleep(1);
    held.release();
    expect((await copy).body).toBe(await first);
    expect(await first).toBe('FAILED The To number is on a list of blocked numbers');
    expect(await bodyOf(blocked)).toBe(await first);
    expect(product.simulator.requests.filter(({ kind }) => kind === 'ring-out')).toHaveLength(2);
  });

  test('gets the uncertain answer when its own time ends first', async () => {
    const held = product.simulator.hold('ring-out', 'request', 1);
    const first = bodyOf(call());
    await held.reached;
    const copy = await product.send(call(), 2500);
    expect(copy).toEqual(
      text(
        'FAILED RingCentral did not confirm the call, which may have been placed, so the same call is not placed again for a minute',
      ),
    );
    held.release();
    expect(await first).toMatch(/^OK /);
    expect(calls()).toBe(1);
  });
});

describe('a copy places nothing while the table shows another request, but not its outcome', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['the mark cannot be read', () => Promise.reject(new Error('demo outage'))],
    ['the mark is malformed', () => Promise.resolve({ Item: { pk: { S: 'MARK#demo' } } })],
  ])('%s', async (_, answerToRead) => {
    await product.send(call());
    const { dynamoDb, operations } = product.watchedTable();
    const send = ((command: { readonly constructor: { readonly name: string } }, options: never) =>
      command.constructor.name === 'GetItemCommand' && JSON.stringify(command).includes('MARK#')
        ? answerToRead()
        : dynamoDb.send(command as never, options)) as typeof dynamoDb.send;
    const copy = await product.container({ dynamoDb: { send } }).ringout(gatewayEvent(call()), lambdaContext(2500));
    expect(copy.body).toMatch(/^FAILED .*may have been placed/);
    expect(calls()).toBe(1);
    expect(operations.length).toBeLessThan(100);
  });
});

test('a call whose first session id was taken is also a new call after a cancel', async () => {
  let isFirst = true;
  const handlers = product.container({
    replace: ({ sessions }) => ({
      sessions: {
        ...sessions,
        create(session) {
          const isTaken = isFirst;
          isFirst = false;
          return isTaken ? Promise.resolve(false) : sessions.create(session);
        },
      },
    }),
  });
  const { body } = await handlers.ringout(gatewayEvent(call()), lambdaContext());
  expect(await bodyOf(call())).toBe(body);
  await product.get({ cmd: 'cancel', SessionID: body.split(' ')[1] ?? '' });
  expect(await bodyOf(call())).not.toBe(body);
  expect(calls()).toBe(2);
});

describe('a request with an uncertain outcome', () => {
  test.each<[string, 'ring-out' | 'fax', EventOptions, RegExp]>([
    ['call', 'ring-out', call(), /^FAILED .*may have been placed.* for a minute$/],
    ['fax', 'fax', fax(recipient, document), /^5$/],
  ])('stops the same %s for a minute, with the same answer', async (_, kind, request, uncertain) => {
    product.simulator.failNext(kind, { status: 503 });
    expect(await bodyOf(request)).toMatch(uncertain);
    product.clock.advance(55_000);
    expect(await bodyOf(request)).toMatch(uncertain);
    expect(product.simulator.requests.filter((sent) => sent.kind === kind)).toHaveLength(1);
    product.clock.advance(6000);
    expect(await bodyOf(request)).toMatch(/^(?:OK |0$)/);
  });
});

describe('no mark is stored for', () => {
  test.each<[string, EventOptions, string]>([
    ['a wrong password', call({ Password: 'wrong' }), 'FAILED Invalid User or Password'],
    [
      'an invalid number',
      call({ To: '9-1-650-555-0100' }),
      'FAILED The To number is not a phone number, write a foreign one with + before it',
    ],
    ['a fax without a recipient', fax(document), '3'],
  ])('%s', async (_, request, answer) => {
    const { dynamoDb, operations } = product.watchedTable();
    const handlers = product.container({ dynamoDb });
    const handler = request.method === 'POST' ? handlers.fax : handlers.ringout;
    expect((await handler(gatewayEvent(request), lambdaContext())).body).toBe(answer);
    expect(operations.filter((operation) => operation === 'Update').length).toBeLessThanOrEqual(1);
    expect(await bodyOf(call())).toMatch(/^OK /);
  });
});

test('the row of a mark contains neither number nor document', async () => {
  const { dynamoDb } = product.watchedTable();
  const written: string[] = [];
  const send = ((command: { readonly input: unknown }, options: never) => {
    written.push(JSON.stringify(command.input));
    return dynamoDb.send(command as never, options);
  }) as typeof dynamoDb.send;
  const handlers = product.container({ dynamoDb: { send } });
  await handlers.fax(gatewayEvent(fax(recipient, document)), lambdaContext());
  const marks = written.filter((input) => input.includes('MARK#'));
  expect(marks).toHaveLength(2);
  for (const input of marks) expect(input).not.toMatch(/65055|an order|order\.txt/);
});

test('a window of 0 seconds switches deduplication off', async () => {
  const handlers = product.container({ env: { REPEAT_CALL_SECONDS: '0', REPEAT_FAX_SECONDS: '0' } });
  for (const request of [call(), call()]) await handlers.ringout(gatewayEvent(request), lambdaContext());
  for (const request of [fax(recipient, document), fax(recipient, document)])
    await handlers.fax(gatewayEvent(request), lambdaContext());
  expect([calls(), faxes()]).toEqual([2, 2]);
});

test('without the table requests are not deduplicated', async () => {
  const handlers = product.container({ dynamoDb: { send: () => Promise.reject(new Error('demo outage')) } });
  const answers = [];
  for (const request of [call(), call()]) answers.push(await handlers.ringout(gatewayEvent(request), lambdaContext()));
  expect(answers.map(({ body }) => body)).toEqual([expect.stringMatching(/^OK /), expect.stringMatching(/^OK /)]);
  expect(calls()).toBe(2);
});
