import { text } from '../answer.ts';
import { startProduct, type Product } from '../product.ts';
import { credentials, faxCredentials } from '../demo.ts';
import { gatewayEvent, lambdaContext, multipartPost, type EventOptions } from '../gateway-event.ts';
import { field, file } from '../multipart.ts';
import type { Fault } from '../../infra/local/simulator/faults.ts';
import { startRelay, type Relay } from '../relay.ts';

/*
 * For each legacy request a call is dialled or a fax sent at most once, whatever fails. The simulator counts the
 * requests that RingCentral receives. hostile/failure-points.ts has more faults, and commands/repeats.test.ts tests
 * equal requests.
 */

let product: Product;
beforeAll(async () => {
  product = await startProduct();
  await product.get({ cmd: 'list', ...credentials });
});
beforeEach(() => product.nextTest());
afterAll(() => product.close());

let relay: Relay | undefined;
afterEach(async () => {
  await relay?.close();
  relay = undefined;
});
/** Returns a container that has a cached token and reaches RingCentral through the relay. */
async function openRelayed() {
  const opened = await startRelay(product.simulator.url);
  relay = opened;
  const { document } = product;
  // Another server address means another state row, and so another token.
  product.document = { ...document, serverUrl: opened.url };
  const handlers = product.container();
  const send = async (options: EventOptions) =>
    (await (options.path === undefined ? handlers.ringout : handlers.fax)(gatewayEvent(options), lambdaContext())).body;
  await send({ query: { cmd: 'list', ...credentials } });
  product.document = document;
  product.simulator.reset();
  return { relay: opened, send };
}

const callRequest: EventOptions = { query: { cmd: 'call', ...credentials, To: '6505550100', From: '6505553711' } };
const otherCall: EventOptions = { query: { cmd: 'call', ...credentials, To: '6505550101', From: '6505553711' } };
const faxRequest = multipartPost([...faxCredentials, field('Recipient', '6505550190'), file('a.txt', 'x')]);

interface Placing {
  readonly name: string;
  readonly kind: 'ring-out' | 'fax';
  readonly request: EventOptions;
  readonly uncertain: string;
  readonly notPlaced: string;
  readonly carriedOut: () => number;
}

const placings: readonly Placing[] = [
  {
    name: 'call',
    kind: 'ring-out',
    request: callRequest,
    uncertain:
      'FAILED RingCentral did not confirm the call, which may have been placed, so the same call is not placed again for a minute',
    notPlaced: 'FAILED RingCentral could not be reached, nothing was sent',
    carriedOut: () => product.simulator.calls.length,
  },
  {
    name: 'fax',
    kind: 'fax',
    request: faxRequest,
    uncertain: '5',
    notPlaced: '5',
    carriedOut: () => product.simulator.faxes.length,
  },
];

describe.each(placings)('$name', ({ kind, request, uncertain, notPlaced, carriedOut }) => {
  const seen = (): number => product.simulator.requests.filter((received) => received.kind === kind).length;

  test.each<[string, Fault, done?: 0 | 1]>([
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '1' } }],
    ['408', { status: 408 }],
    ['a proxy closes the connection to RingCentral', { status: 499, body: '', carriedOut: true }, 1],
    ["409 without RingCentral's code", { status: 409, body: '<html>', carriedOut: true }, 1],
    ['an empty answer', { status: 200, body: '' }],
    ['JSON that is not an object', { status: 200, body: 'null' }],
    ['a redirect', { status: 307, headers: { location: '/restapi/v1.0/account/~/extension/~/ring-out' } }],
  ])('is sent once and answered as uncertain: %s', async (_, fault, done = 0) => {
    product.simulator.failNext(kind, fault);
    expect(await product.send(request)).toEqual(text(uncertain));
    expect(seen()).toBe(1);
    expect(carriedOut()).toBe(done);
  });

  test('is logged as uncertain', async () => {
    product.simulator.failNext(kind, 'reset-after');
    await product.send(request);
    const answered = JSON.parse(product.lines.findLast((line) => line.includes('"answered"')) ?? '{}') as object;
    expect(answered).toMatchObject({ outcome: 'failed', code: kind === 'fax' ? 'fax_uncertain' : 'call_uncertain' });
  });

  test('is answered as not sent when the connection is refused', async () => {
    const opened = await openRelayed();
    await opened.relay.close();
    expect(await opened.send(request)).toBe(notPlaced);
    expect(product.simulator.requests).toEqual([]);
  });

  test('is retried once with another token after a 401, which means that nothing was done', async () => {
    product.simulator.failNext(kind, { status: 401 });
    expect((await product.send(request)).body).toMatch(/^(?:OK \d{9} 3|0)$/);
    expect(product.simulator.requests.map((received) => received.kind)).toEqual([kind, 'token', kind]);
    expect(carriedOut()).toBe(1);
  });

  test('is not sent a third time after a 401 and another fault', async () => {
    product.simulator.failNext(kind, { status: 401 });
    product.simulator.failNext(kind, 'reset-after');
    expect(await product.send(request)).toEqual(text(uncertain));
    expect(seen()).toBe(2);
    expect(carriedOut()).toBe(1);
  });

  test('is not retried after a 421, although HTTP allows it', async () => {
    product.simulator.failNext(kind, { status: 421, body: '' });
    expect((await product.send(request)).body).toMatch(/^(?:FAILED .*|5)$/);
    expect(seen()).toBe(1);
  });
});

describe('a read is retried once when the connection breaks', () => {
  const seen = (): number => product.simulator.requests.filter(({ kind }) => kind === 'forwarding-number').length;
  const list = () => product.get({ cmd: 'list', ...credentials });

  test.each<[string, Fault, times: number, sent: number, answer: RegExp]>([
    ['a broken connection, sent twice', 'reset-before', 1, 2, /^OK /],
    ['half an answer, sent twice', 'truncated', 1, 2, /^OK /],
    ['two broken connections, sent twice and failed', 'reset-before', 2, 2, /^FAILED /],
    ['500, sent once', { status: 500 }, 1, 1, /^FAILED /],
    ['429, sent once', { status: 429 }, 1, 1, /^FAILED /],
    ['a page, sent once', 'not-json', 1, 1, /^FAILED /],
  ])('%s', async (_, fault, times, sent, answer) => {
    product.simulator.failNext('forwarding-number', fault, times);
    expect(await list()).toMatch(answer);
    expect(seen()).toBe(sent);
  });

  test('a timeout is not retried', async () => {
    const held = product.simulator.hold('forwarding-number', 'answer');
    const answer = list();
    await held.reached;
    product.clock.advance(10_000);
    expect(await answer).toBe('FAILED RingCentral could not be reached in time');
    expect(seen()).toBe(1);
    held.release();
  });
});

test.each(placings)(
  'a $name is not sent when no time is left to wait for the answer',
  async ({ name, kind, request }) => {
    // 1.5 s are reserved for the handler, 0.5 s for the work after the answer.
    expect(await product.send(request, 2900)).toEqual(
      text(name === 'fax' ? '5' : 'FAILED The request could not be finished in time'),
    );
    expect(product.simulator.requests.filter((received) => received.kind === kind)).toEqual([]);
  },
);

describe('a connection', () => {
  const list: EventOptions = { query: { cmd: 'list', ...credentials } };

  test('serves consecutive requests', async () => {
    const opened = await openRelayed();
    const { send } = opened;
    for (const request of [list, callRequest, list, faxRequest, callRequest])
      expect(await send(request)).toMatch(/^(?:OK|0)/);
    expect(opened.relay.connections).toBe(1);
  });

  test('that was idle for over two seconds by the wall clock is used for reads, but not for a POST', async () => {
    const opened = await openRelayed();
    const { send } = opened;
    product.clock.advance(1500);
    expect(await send(callRequest)).toMatch(/^OK/);
    expect(opened.relay.connections).toBe(1);
    product.clock.advance(2100);
    expect(await send(otherCall)).toMatch(/^OK/);
    expect(opened.relay.connections).toBe(2);
    product.clock.advance(2100);
    expect(await send(faxRequest)).toBe('0');
    expect(opened.relay.connections).toBe(3);
    product.clock.advance(30_000);
    expect(await send(list)).toMatch(/^OK/);
    expect(opened.relay.connections).toBe(3);
    product.clock.advance(90_000);
    expect(await send(list)).toMatch(/^OK/);
    expect(opened.relay.connections).toBe(4);
  });

  test('that died while idle costs only a reconnect', async () => {
    const opened = await openRelayed();
    const { send } = opened;
    for (const request of [list, callRequest, faxRequest]) {
      await opened.relay.killAll();
      expect(await send(request)).toMatch(/^(?:OK|0)/);
    }
    expect(opened.relay.connections).toBe(4);
    expect(product.received().map(({ request }) => request.split('?')[0])).toEqual([
      'GET …/forwarding-number',
      'POST …/ring-out',
      'POST …/fax',
    ]);
  });

  test('that breaks during a request is not used again', async () => {
    const opened = await openRelayed();
    const { send } = opened;
    product.simulator.failNext('ring-out', 'reset-before');
    expect(await send(callRequest)).toMatch(/^FAILED .*may have been placed/);
    expect(await send(otherCall)).toMatch(/^OK/);
    expect(opened.relay.connections).toBe(2);
  });

  test('is opened for each concurrent request, and at most eight are kept', async () => {
    const opened = await openRelayed();
    const { send } = opened;
    const atTheSameTime = async (count: number): Promise<void> => {
      const held = product.simulator.hold('forwarding-number', 'request', count);
      const answers = Promise.all(Array.from({ length: count }, () => send(list)));
      await held.reached;
      held.release();
      await answers;
    };
    await atTheSameTime(12);
    expect(opened.relay.connections).toBe(12);
    await atTheSameTime(8);
    expect(opened.relay.connections).toBe(12);
    await atTheSameTime(9);
    expect(opened.relay.connections).toBe(13);
  });
});
