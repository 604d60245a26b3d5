import type { SessionId } from '../../lib/domain/ring-out.ts';
import { StateUnavailable } from '../../lib/state/table.ts';
import { text } from '../answer.ts';
import { startProduct, type Product } from '../product.ts';
import { credentials } from '../demo.ts';
import { gatewayEvent, lambdaContext } from '../gateway-event.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
beforeEach(() => product.nextTest());
afterAll(() => product.close());

const statusOf = (SessionID: string, more: Readonly<Record<string, string>> = {}) =>
  product.send({ query: { cmd: 'status', SessionID, ...more } });

/** Advances RingCentral's time, but not the product's. */
const pass = (ms: number): void => product.simulator.advanceClock(ms);

describe('the status from RingCentral', () => {
  const words = (callStatus: string, callerStatus: string, calleeStatus: string) => ({
    status: 200,
    body: { id: 'x', uri: 'x', status: { callStatus, callerStatus, calleeStatus } },
  });
  // legacy/status-digits.test.ts has the digits.
  test.each<[string, string, string, string]>([
    ['CannotReach', 'NoAnswer', 'Busy', '2;+16505550100;2;+16505553711;3'],
    ['NoSessionFound', 'NoSessionFound', 'NoSessionFound', ''],
    ['InProgress', 'NoSessionFound', 'InProgress', ''],
  ])('%s %s %s', async (callStatus, callerStatus, calleeStatus, groups) => {
    const sid = await product.place();
    product.simulator.failNext('status', words(callStatus, callerStatus, calleeStatus));
    expect(await statusOf(sid)).toEqual(text(`OK ${sid} ${groups}`));
  });

  test.each([
    ['that says it knows no such session', words('NoSessionFound', 'NoSessionFound', 'NoSessionFound')],
    ['that lacks a status', { status: 200, body: { id: 'abc' } }],
  ])('after an answer to the call %s it is in progress, and polls ask RingCentral', async (_, answer) => {
    product.simulator.failNext('ring-out', answer);
    const sid = await product.place();
    product.simulator.failNext('status', { status: 503 });
    expect(await statusOf(sid)).toEqual(text(`OK ${sid} 1;+16505550100;1;+16505553711;1`));
    product.simulator.failNext('status', words('Success', 'Success', 'Success'));
    expect(await statusOf(sid)).toEqual(text(`OK ${sid} 0;+16505550100;0;+16505553711;0`));
  });

  test("after RingCentral's 404 the call is over, and RingCentral is not asked again", async () => {
    const sid = await product.place();
    product.simulator.failNext('status', { status: 404 });
    expect(await statusOf(sid)).toEqual(text(`OK ${sid} `));
    expect(await statusOf(sid)).toEqual(text(`OK ${sid} `));
    expect(product.received().map(({ request }) => request.slice(0, 15))).toEqual([
      'POST …/ring-out',
      'GET …/ring-out/',
    ]);
  });

  test.each<[string, Parameters<Product['simulator']['failNext']>[1]]>([
    ['404 about the path', { status: 404, body: { errorCode: 'CMN-120', errors: [{ errorCode: 'CMN-120' }] } }],
    ['404 without a body', { status: 404, body: '' }],
    ['404 in words', { status: 404, body: 'not found', contentType: 'text/plain' }],
    ['404 of another service', { status: 404, body: { message: 'no Route matched with those values' } }],
    ['404 with an error of another service', { status: 404, body: { error: 'Not Found' } }],
    ['404 with a code that is nearly right', { status: 404, body: { errorCode: 'cmn-102' } }],
    ['404 whose code is not text', { status: 404, body: { errorCode: ['CMN-102'] } }],
    ['404 that is a page', { status: 404, body: '<html>nginx</html>', contentType: 'text/html' }],
    ['page that quotes RingCentral', { status: 404, body: { errorCode: 'CMN-102' }, contentType: 'text/html' }],
    ['410 without a body', { status: 410, body: '' }],
    ['200 without a status', { status: 200, body: { id: 'x' } }],
    ['200 with an empty status', { status: 200, body: { id: 'x', status: {} } }],
    [
      '200 whose status is not in words',
      { status: 200, body: { id: 'x', status: { callStatus: 1, callerStatus: '-' } } },
    ],
    ['403 of a proxy', { status: 403, body: 'blocked', contentType: 'text/plain' }],
    ['403 with an error of another service', { status: 403, body: { error: 'Forbidden' } }],
  ])('a %s ends no call: the last known status is answered, and the next poll asks again', async (_, fault) => {
    const sid = await product.place();
    pass(4000);
    await statusOf(sid);
    product.simulator.failNext('status', fault);
    expect(await statusOf(sid)).toEqual(text(`OK ${sid} 1;+16505550100;1;+16505553711;0`));
    pass(4000);
    expect(await statusOf(sid)).toEqual(text(`OK ${sid} 0;+16505550100;0;+16505553711;0`));
  });

  test.each(['.', '..', '../../../../oauth/token', 'a/b', String.raw`a\b`, '%2e%2e', 'a\u0000b', 'a b', '\ud800', 'é'])(
    'a ring-out id %j from RingCentral is never put into a path',
    async (id) => {
      product.simulator.failNext('ring-out', { status: 200, body: { id, status: {} } });
      const sid = await product.place();
      expect(await statusOf(sid)).toEqual(text(`OK ${sid} 1;+16505550100;1;+16505553711;1`));
      expect(await product.get({ cmd: 'cancel', SessionID: sid })).toBe(`OK ${sid}`);
      expect(product.received().map(({ request }) => request)).toEqual(['POST …/ring-out']);
    },
  );

  test('a ring-out id may be a number instead of text', async () => {
    product.simulator.failNext('ring-out', { status: 200, body: { id: 234343434, status: {} } });
    const sid = await product.place();
    await statusOf(sid);
    expect(product.received().at(-1)?.request).toBe('GET …/ring-out/234343434');
  });
});

describe('an unknown id is a call that is over, never an error', () => {
  test('even while the secret cannot be read, which only existing calls need', async () => {
    const sid = await product.place();
    const down = { send: () => Promise.reject(new Error('demo outage')) };
    const { ringout } = product.container({ secretsManager: down });
    const ask = async (cmd: string, SessionID: string) =>
      (await ringout(gatewayEvent({ query: { cmd, SessionID } }), lambdaContext())).body;
    expect(await ask('status', '123456789')).toBe('OK 123456789 ');
    expect(await ask('status', 'x;')).toBe('OK 0 ');
    expect(await ask('cancel', '123456789')).toBe('OK 123456789');
    expect(await ask('status', sid)).toBe('FAILED The credentials stored for this service cannot be read');
    expect(await ask('cancel', sid)).toBe(`OK ${sid}`);
  });

  test('except when its user may be in a faulty document of several', async () => {
    const sid = await product.place();
    const stranger = { ...product.document, users: [{ username: '18005550199', jwt: 'demo', legacyPassword: '1' }] };
    const secretsManager = {
      send: ({ input }: { input: { SecretId: string } }) =>
        Promise.resolve({ SecretString: input.SecretId === 'demo-a' ? JSON.stringify(stranger) : '{}' }),
    };
    const { ringout } = product.container({
      env: { SECRET_IDS: 'demo-a,demo-b' },
      secretsManager: secretsManager as never,
    });
    const ask = async (query: Readonly<Record<string, string>>) =>
      (await ringout(gatewayEvent({ query }), lambdaContext())).body;
    const notSetUp = 'FAILED This service is not set up correctly';
    expect(await ask({ cmd: 'status', SessionID: sid })).toBe(notSetUp);
    expect(await ask({ cmd: 'list', ...credentials })).toBe(notSetUp);
    expect(await ask({ cmd: 'list', Username: '18005550199', Password: '2' })).toBe('FAILED Invalid User or Password');
    expect(await ask({ cmd: 'cancel', SessionID: sid })).toBe(`OK ${sid}`);
  });

  test('an id of a user who was removed from the secret', async () => {
    const sid = await product.place();
    const { document } = product;
    product.document = {
      ...document,
      users: [{ username: '18005550199', jwt: 'demo-jwt-x', legacyPassword: '1' }],
    };
    product.clock.advance(301_000);
    try {
      expect(await statusOf(sid)).toEqual(text(`OK ${sid} `));
      expect(await product.get({ cmd: 'cancel', SessionID: sid })).toBe(`OK ${sid}`);
    } finally {
      product.document = document;
      product.clock.advance(301_000);
    }
  });

  test('an id older than 24 h', async () => {
    const sid = await product.place();
    product.clock.advance(24 * 3600_000);
    expect(await statusOf(sid)).toEqual(text(`OK ${sid} `));
  });
});

// sessions/current-status.test.ts has every kind of failure, and commands/failures.test.ts the faults of each kind.
describe('the last known status is answered while RingCentral gives none', () => {
  test.each<[string, Parameters<Product['simulator']['failNext']>[1]]>([
    ['503', { status: 503 }],
    ['a page instead of JSON', 'not-json'],
    ['JSON without a status', { status: 200, body: {} }],
    ['a connection that breaks', 'reset-before'],
    ['half an answer', 'truncated'],
  ])('%s', async (_, fault) => {
    const sid = await product.place();
    pass(4000);
    expect(await statusOf(sid)).toEqual(text(`OK ${sid} 1;+16505550100;1;+16505553711;0`));
    pass(4000);
    product.simulator.failNext('status', fault, 2);
    expect(await statusOf(sid)).toEqual(text(`OK ${sid} 1;+16505550100;1;+16505553711;0`));
  });

  test('answers from memory when the table times out', async () => {
    const slow = { send: () => new Promise<never>(() => {}) };
    const handlers = product.container();
    const place = { ...credentials, To: '6505550100', From: '6505553711' };
    const { body } = await handlers.call(gatewayEvent({ query: place }), lambdaContext());
    const sid = body.slice(3, 12);
    const { users } = product.container({ dynamoDb: slow }).runtime;
    const hanging = product.container({ replace: ({ sessionMemory }) => ({ users, sessionMemory }) });
    await hanging.status(gatewayEvent({ query: { SessionID: sid } }), lambdaContext(1600));
    expect((await hanging.status(gatewayEvent({ query: { SessionID: sid } }), lambdaContext(1800))).body).toBe(
      `OK ${sid} 1;+16505550100;1;+16505553711;1`,
    );
  });

  test('except for a missing permission, which is a failure', async () => {
    const sid = await product.place();
    product.simulator.failNext('status', { status: 403, body: { errors: [{ errorCode: 'CMN-401' }] } });
    expect(await statusOf(sid)).toEqual(
      text('FAILED The RingCentral application of this service lacks the permission for this'),
    );
  });
});

describe('after a cancel that RingCentral has answered, a poll makes a request however often the call is polled', () => {
  const ringing = '1;+16505550100;1;+16505553711;1';
  const talking = '0;+16505550100;0;+16505553711;0';
  const stopped = '2;+16505550100;5;+16505553711;4';
  const asked = (): number => product.simulator.requests.filter(({ kind }) => kind === 'status').length;
  /** Fills the log with requests, so that the next polls share an answer for four seconds. */
  async function pollOften(sid: string): Promise<void> {
    const { users, sessions } = product.container().runtime;
    const nowMs = product.clock.nowMs();
    const session = await sessions.read(sid as SessionId, nowMs);
    if (session === undefined) throw new Error('the call has no session');
    const { userKey, sessionId, stateAtMs } = session;
    const { asksRevision } = await users.read(userKey);
    const asks = Array.from({ length: 15 }, () => ({ sessionId, atMs: stateAtMs }));
    await users.claimAsk(userKey, { owner: 'demo-programs', seenRevision: asksRevision, asks, nowMs });
    const before = asked();
    await statusOf(sid);
    expect(asked()).toBe(before);
  }
  const cancel = (sid: string) => product.send({ query: { cmd: 'cancel', SessionID: sid } });

  test('and shows that the call was stopped, in every container', async () => {
    const sid = await product.place();
    await pollOften(sid);
    await cancel(sid);
    const other = product.container();
    const query = { SessionID: sid };
    expect(await other.status(gatewayEvent({ query }), lambdaContext())).toEqual(text(`OK ${sid} ${stopped}`));
    const before = asked();
    expect(await statusOf(sid)).toEqual(text(`OK ${sid} ${stopped}`));
    // One request is enough: later polls share the answer again.
    expect(asked()).toBe(before);
  });

  test('and shows a connected call, which cancel does not end', async () => {
    const sid = await product.place();
    await pollOften(sid);
    pass(8000);
    await cancel(sid);
    expect(await statusOf(sid)).toEqual(text(`OK ${sid} ${talking}`));
    product.clock.advance(60_000);
    expect(await statusOf(sid)).toEqual(text(`OK ${sid} `));
  });

  test('but not after a cancel that failed', async () => {
    const sid = await product.place();
    await pollOften(sid);
    product.simulator.failNext('cancel', { status: 503 });
    await cancel(sid);
    const before = asked();
    expect(await statusOf(sid)).toEqual(text(`OK ${sid} ${ringing}`));
    expect(asked()).toBe(before);
  });

  test('a poll that was under way does not overwrite the result', async () => {
    const sid = await product.place();
    const held = product.simulator.hold('status', 'answer', 1);
    const underWay = statusOf(sid);
    await held.reached;
    await cancel(sid);
    held.release();
    expect(await underWay).toEqual(text(`OK ${sid} ${ringing}`));
    expect(await statusOf(sid)).toEqual(text(`OK ${sid} ${stopped}`));
  });

  test('also when the table cannot be written, in the container that cancelled', async () => {
    const sid = await product.place();
    await pollOften(sid);
    const { runtime } = product.container();
    const sessions = { ...runtime.sessions, storeCancel: () => Promise.reject(new StateUnavailable(undefined)) };
    const { ringout } = product.container({ replace: () => ({ sessions }) });
    const ask = (cmd: string) => ringout(gatewayEvent({ query: { cmd, SessionID: sid } }), lambdaContext());
    expect(await ask('cancel')).toEqual(text(`OK ${sid}`));
    expect(await ask('status')).toEqual(text(`OK ${sid} ${stopped}`));
  });
});

describe('the table operations of a poll', () => {
  /** Polls in a new container. Returns the body behind the session id, and the names of the table's operations. */
  async function pollElsewhere(SessionID: string) {
    const { dynamoDb, operations } = product.watchedTable();
    const { status } = product.container({ dynamoDb });
    const { body } = await status(gatewayEvent({ query: { SessionID } }), lambdaContext());
    return { groups: body.slice(`OK ${SessionID} `.length), operations };
  }

  test('are reads of both rows, and writes of claim and answer if RingCentral is asked', async () => {
    const sid = await product.place();
    const groups = '1;+16505550100;1;+16505553711;1';
    expect(await pollElsewhere(sid)).toEqual({ groups, operations: ['Get', 'Get', 'Update', 'Update'] });
    // A container that has the call cached makes the same operations.
    const { dynamoDb, operations } = product.watchedTable();
    const { status } = product.container({ dynamoDb });
    for (const afterMs of [4000, 4000]) {
      pass(afterMs);
      operations.length = 0;
      await status(gatewayEvent({ query: { SessionID: sid } }), lambdaContext());
      expect(operations).toEqual(['Get', 'Get', 'Update', 'Update']);
    }
  });

  test('are no writes while the group is closed', async () => {
    const sid = await product.place();
    product.simulator.failNext('status', { status: 429 });
    await pollElsewhere(sid);
    expect(await pollElsewhere(sid)).toEqual({ groups: '1;+16505550100;1;+16505553711;1', operations: ['Get', 'Get'] });
  });

  test('are one read of the session for a call that is over', async () => {
    const sid = await product.place();
    pass(60_000);
    await pollElsewhere(sid);
    expect(await pollElsewhere(sid)).toEqual({ groups: '', operations: ['Get'] });
  });

  test('show no older status after one that could not be stored', async () => {
    const sid = await product.place();
    const { runtime } = product.container();
    let failing = false;
    const sessions: typeof runtime.sessions = {
      ...runtime.sessions,
      storeState: (...args) =>
        failing ? Promise.reject(new StateUnavailable(undefined)) : runtime.sessions.storeState(...args),
    };
    const { status } = product.container({ replace: () => ({ sessions }) });
    const poll = async () => (await status(gatewayEvent({ query: { SessionID: sid } }), lambdaContext())).body;
    pass(8000);
    expect(await poll()).toBe(`OK ${sid} 0;+16505550100;0;+16505553711;0`);
    failing = true;
    product.simulator.failNext('status', { status: 404 });
    expect(await poll()).toBe(`OK ${sid} `);
    expect(await poll()).toBe(`OK ${sid} `);
  });
});
