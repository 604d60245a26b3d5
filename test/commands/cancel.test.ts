import type { Fault } from '../../infra/local/simulator/faults.ts';
import { json, text } from '../answer.ts';
import { startProduct, type Product } from '../product.ts';
import { gatewayEvent, lambdaContext } from '../gateway-event.ts';
import { StateUnavailable } from '../../lib/state/table.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
beforeEach(() => product.nextTest());
afterAll(() => product.close());

const cancel = (SessionID: string, more: Readonly<Record<string, string>> = {}) =>
  product.send({ query: { cmd: 'cancel', SessionID, ...more } });
const lastLine = (): unknown => JSON.parse(product.lines.findLast((line) => line.includes('"answered"')) ?? '{}');

describe('RingCentral is sent one cancel for a call', () => {
  const asked = (): number => product.simulator.requests.filter(({ kind }) => kind === 'cancel').length;
  const cancelElsewhere = async (SessionID: string) => {
    const { dynamoDb, operations } = product.watchedTable();
    const answer = await product
      .container({ dynamoDb })
      .cancel(gatewayEvent({ query: { SessionID } }), lambdaContext());
    return { answer, operations };
  };

  test.each([
    ['that it has stopped', 0],
    ['that has already ended', 8000],
    ['that RingCentral no longer knows', 60_000],
  ])('%s, also when other containers get the same cancel', async (_, afterMs) => {
    const sid = await product.place();
    product.simulator.advanceClock(afterMs);
    expect(await cancelElsewhere(sid)).toEqual({
      answer: text(`OK ${sid}`),
      operations: ['Get', 'Update', 'Get', 'Update'],
    });
    expect(await cancelElsewhere(sid)).toEqual({ answer: text(`OK ${sid}`), operations: ['Get'] });
    expect(await cancel(sid, { format: 'json' })).toEqual(json(200, {}));
    expect(asked()).toBe(1);
    expect(lastLine()).toMatchObject({ command: 'cancel', outcome: 'ok', extension: '101', cancelled: 'not_asked' });
  });

  test('and none for a call that a poll has found to be over', async () => {
    const sid = await product.place();
    product.simulator.advanceClock(60_000);
    await product.send({ query: { cmd: 'status', SessionID: sid } });
    expect(await cancel(sid)).toEqual(text(`OK ${sid}`));
    expect(asked()).toBe(0);
  });

  test.each<[string, Fault]>([
    ['has failed', { status: 503 }],
    ['may have been carried out', 'reset-after'],
    ['was answered by a page of a proxy', { status: 200, body: '<html>Sign in</html>', contentType: 'text/html' }],
  ])('but again when the previous cancel %s', async (_, fault) => {
    const sid = await product.place();
    product.simulator.failNext('cancel', fault);
    await cancel(sid);
    expect(await cancel(sid)).toEqual(text(`OK ${sid}`));
    expect(asked()).toBe(2);
  });

  test('even for many concurrent cancels in two containers', async () => {
    const sid = await product.place();
    const containers = [product.container(), product.container()];
    const query = { SessionID: sid };
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        (containers[index % 2] ?? product.container()).cancel(gatewayEvent({ query }), lambdaContext()),
      ),
    );
    expect(answers).toEqual(Array.from({ length: 12 }, () => text(`OK ${sid}`)));
    expect(asked()).toBe(1);
  });

  test('and its outcome is logged even if it cannot be stored', async () => {
    const sid = await product.place();
    const { runtime } = product.container();
    const sessions = { ...runtime.sessions, storeCancel: () => Promise.reject(new StateUnavailable(undefined)) };
    const broken = product.container({ replace: () => ({ sessions }) });
    const query = { SessionID: sid };
    expect(await broken.cancel(gatewayEvent({ query }), lambdaContext())).toEqual(text(`OK ${sid}`));
    expect(lastLine()).toMatchObject({ outcome: 'ok', cancelled: 'accepted' });
    await broken.cancel(gatewayEvent({ query }), lambdaContext());
    expect(asked()).toBe(1);
  });
});

describe('cancel answers OK on every failure', () => {
  test.each<[string, Fault, sent?: number]>([
    ['throttled', { status: 429 }],
    ['no permission', { status: 403, body: { errors: [{ errorCode: 'CMN-401' }] } }],
    ['an outage', { status: 503 }],
    ['a 404 that is not from RingCentral', { status: 404, body: '' }],
    ['an HTML page with 502', { status: 502, body: '<html>', contentType: 'text/html' }],
    ['a broken connection', 'reset-before'],
    ['a broken connection after the cancel was carried out', 'reset-after'],
    ['half an answer', 'truncated'],
    ['a token that is rejected twice', { status: 401 }, 2],
  ])('%s', async (_, fault, sent = 1) => {
    const sid = await product.place();
    product.simulator.failNext('cancel', fault, 2);
    expect(await cancel(sid)).toEqual(text(`OK ${sid}`));
    expect(product.simulator.requests.filter(({ kind }) => kind === 'cancel')).toHaveLength(sent);
  });

  test('without the state table', async () => {
    const broken = product.container({ dynamoDb: { send: () => Promise.reject(new Error('no table')) } });
    const event = { queryStringParameters: { cmd: 'cancel', SessionID: '123456789' } };
    expect(await broken.ringout(event, {})).toEqual(text('OK 123456789'));
  });
});

describe('format=json says what happened', () => {
  test.each<[string, Fault, unknown]>([
    ['a 404 of RingCentral means that there is nothing to stop', { status: 404 }, json(200, {})],
    [
      'any other 404 is an error',
      { status: 404, body: '' },
      json(502, {
        errorCode: 'UPSTREAM_ERROR',
        message: 'RingCentral could not be reached, it reports an internal error',
      }),
    ],
  ])('%s', async (_, fault, expected) => {
    const sid = await product.place();
    product.simulator.failNext('cancel', fault);
    expect(await cancel(sid, { format: 'json' })).toEqual(expected);
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
