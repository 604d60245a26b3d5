import type { Fault } from '../../infra/local/simulator/faults.ts';
import { json, text } from '../answer.ts';
import { startProduct, type Product } from '../product.ts';
import { credentials } from '../demo.ts';
import { formPost } from '../gateway-event.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
beforeEach(() => product.nextTest());
afterAll(() => product.close());

const cancel = (SessionID: string, more: Readonly<Record<string, string>> = {}) =>
  product.send({ query: { cmd: 'cancel', SessionID, ...more } });
const cancelled = (): readonly boolean[] =>
  product.simulator.calls.map(({ cancelledAtMs }) => cancelledAtMs !== undefined);

test('a call that still rings is stopped', async () => {
  const sid = await product.place();
  const ringOutId = product.simulator.calls[0]?.id ?? '';
  expect(await cancel(sid)).toEqual(text(`OK ${sid}`));
  expect(cancelled()).toEqual([true]);
  expect(product.received()[1]).toEqual({ request: `DELETE …/ring-out/${ringOutId}`, body: undefined });
});

test.each<[string, (sid: string) => Parameters<Product['send']>[0]]>([
  ['a form', (sid) => formPost({ CMD: 'Cancel', sessionid: sid })],
  ['the function of its own', (sid) => ({ path: '/ringout/cancel', query: { SessionID: sid } })],
  ['wrong credentials', (sid) => ({ query: { cmd: 'cancel', SessionID: sid, ...credentials, Password: 'wrong' } })],
  ['format=html', (sid) => ({ query: { cmd: 'cancel', SessionID: sid, format: 'html' } })],
])('%s', async (_, event) => {
  const sid = await product.place();
  expect(await product.send(event(sid))).toEqual(text(`OK ${sid}`));
  expect(cancelled()).toEqual([true]);
});

test('the answer is the same once the call is up, over or cancelled already', async () => {
  const sid = await product.place();
  product.simulator.advanceClock(5000);
  expect(await cancel(sid)).toEqual(text(`OK ${sid}`));
  product.simulator.advanceClock(60_000);
  expect(await cancel(sid)).toEqual(text(`OK ${sid}`));
  const second = await product.place();
  expect(await cancel(second)).toEqual(text(`OK ${second}`));
  expect(await cancel(second)).toEqual(text(`OK ${second}`));
});

describe('the answer is the same in any trouble', () => {
  test.each<[string, Fault, sent?: number]>([
    ['throttled', { status: 429 }],
    ['no permission', { status: 403, body: { errors: [{ errorCode: 'CMN-401' }] } }],
    ['an outage', { status: 503 }],
    ['a page', { status: 502, body: '<html>', contentType: 'text/html' }],
    ['a broken connection', 'reset-before'],
    ['a broken connection after it was done', 'reset-after'],
    ['half an answer', 'truncated'],
    ['a token that is rejected twice', { status: 401 }, 2],
  ])('%s', async (_, fault, sent = 1) => {
    const sid = await product.place();
    product.simulator.failNext('cancel', fault, 2);
    expect(await cancel(sid)).toEqual(text(`OK ${sid}`));
    expect(product.simulator.requests.filter(({ kind }) => kind === 'cancel')).toHaveLength(sent);
  });

  test('without the secret', async () => {
    const broken = product.container({
      secretsManager: { send: () => Promise.reject(new Error('no secret')) },
    });
    const event = { queryStringParameters: { cmd: 'cancel', SessionID: '123456789' } };
    expect(await broken.ringout(event, {})).toEqual(text('OK 123456789'));
  });

  test('without the state table', async () => {
    const broken = product.container({ dynamoDb: { send: () => Promise.reject(new Error('no table')) } });
    const event = { queryStringParameters: { cmd: 'cancel', SessionID: '123456789' } };
    expect(await broken.ringout(event, {})).toEqual(text('OK 123456789'));
  });
});

describe('format=json says what happened', () => {
  test('stopped, or too late to stop', async () => {
    const sid = await product.place();
    expect(await cancel(sid, { format: 'json' })).toEqual(json(200, {}));
    expect(await cancel(sid, { format: 'json' })).toEqual(json(200, {}));
  });

  test('unknown', async () => {
    expect(await cancel('123456789', { format: 'json' })).toEqual(
      json(404, { errorCode: 'SESSION_UNKNOWN', message: 'There is no such session' }),
    );
  });

  test('throttled', async () => {
    const sid = await product.place();
    product.simulator.failNext('cancel', { status: 429 });
    expect(await cancel(sid, { format: 'json' })).toEqual(
      json(429, {
        errorCode: 'CMN-301',
        message: 'RingCentral could not be reached because this user sent too many requests, try again in 60 seconds',
      }),
    );
  });
});
