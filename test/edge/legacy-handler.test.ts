import { call } from '../../lib/commands/call.ts';
import { fax } from '../../lib/commands/fax.ts';
import { LegacyFailure } from '../../lib/domain/failure.ts';
import { textAnswer } from '../../lib/edge/answer.ts';
import type { Command } from '../../lib/edge/exchange.ts';
import { legacyHandler, type HandlerParts, type HttpHandler } from '../../lib/edge/legacy-handler.ts';
import { openContainer, type Container } from '../../lib/runtime/container.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import type { Runtime } from '../../lib/runtime/runtime.ts';
import { json, text } from '../answer.ts';
import { logOf, startProduct, type Product } from '../product.ts';
import { credentials, faxCredentials, demoList } from '../demo.ts';
import { gatewayEvent, lambdaContext, multipartPost } from '../gateway-event.ts';
import { field, file } from '../multipart.ts';
import { phoneRules } from '../../lib/legacy/phone-number.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
beforeEach(() => product.nextTest());
afterAll(() => product.close());

const lines = (): readonly Record<string, unknown>[] =>
  product.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
const lastLine = () => lines().findLast(({ message }) => message === 'answered');

function containerOf(changes: Partial<Runtime> = {}): Container {
  const { runtime } = product.container();
  return { runtime: () => ({ ...runtime, ...changes }), log: logOf(product), clock: product.clock };
}

const handlerOf = (serve: Command['serve'], parts: Partial<HandlerParts> = {}): HttpHandler =>
  legacyHandler({
    endpoint: 'ringout',
    name: 'demo',
    container: containerOf(),
    choose: () => ({ name: 'call', otherSites: 'served', serve }),
    ...parts,
  });
const never = new Promise<never>(() => {});

describe('a function without its settings', () => {
  const unset = openContainer({}, phoneRules);
  const bare = (endpoint: 'ringout' | 'fax'): HttpHandler =>
    legacyHandler({
      endpoint,
      name: 'demo',
      container: { ...unset, log: logOf(product) },
      choose: () => ({ name: 'fax', otherSites: 'served', serve: () => never }),
    });

  test('answers in the format of its endpoint, and logs the missing settings', async () => {
    expect(await bare('ringout')(gatewayEvent({ query: { cmd: 'list' } }), lambdaContext())).toEqual(
      text('FAILED This service is not set up correctly'),
    );
    expect(lines().at(-1)).toMatchObject({
      level: 'error',
      code: 'configuration',
      hint: 'STATE_TABLE is not set; SECRET_IDS is not set',
    });
    expect(await bare('fax')(gatewayEvent({ method: 'POST' }), lambdaContext())).toEqual(text('5'));
    expect(await bare('ringout')(gatewayEvent({ query: { format: 'json' } }), lambdaContext())).toEqual(
      json(500, { errorCode: 'CONFIGURATION', message: 'This service is not set up correctly' }),
    );
    expect(await bare('ringout')(undefined, undefined)).toEqual(text('FAILED This service is not set up correctly'));
  });
});

describe('a bug', () => {
  test.each<[string, unknown]>([
    ['an exception', new TypeError('demo-jwt-101 is not a function')],
    ['a text', 'demo-jwt-101'],
    ['nothing', undefined],
    ['null', null],
    ['an object that looks like a failure', { code: 'credentials', detail: {} }],
  ])('%s thrown in a command is not revealed in the answer', async (_, thrown) => {
    const handler = handlerOf(() => Promise.reject(thrown));
    expect(await handler(gatewayEvent({}), lambdaContext())).toEqual(text('FAILED Internal error of this service'));
    expect(lastLine()).toMatchObject({ level: 'error', outcome: 'failed', code: 'internal', command: 'call' });
    expect(product.lines.join('\n')).not.toContain('demo-jwt-101');
  });

  test('thrown synchronously is answered and logged like any other', async () => {
    const handler = handlerOf(() => {
      throw new RangeError('demo');
    });
    expect(await handler(gatewayEvent({}), lambdaContext())).toEqual(text('FAILED Internal error of this service'));
    expect(lastLine()).toMatchObject({ error: 'RangeError', stack: expect.any(Array) as unknown });
  });

  test('in a fax is answered with 5', async () => {
    const handler = handlerOf(() => Promise.reject(new Error('demo')), {
      endpoint: 'fax',
      choose: () => ({ name: 'fax', otherSites: 'served', serve: () => Promise.reject(new Error('demo')) }),
    });
    expect(await handler(gatewayEvent({ method: 'POST' }), lambdaContext())).toEqual(text('5'));
  });

  test('with format=json is answered with status 500', async () => {
    const handler = handlerOf(() => Promise.reject(new Error('demo')));
    expect(await handler(gatewayEvent({ query: { format: 'json' } }), lambdaContext())).toEqual(
      json(500, { errorCode: 'INTERNAL', message: 'Internal error of this service' }),
    );
  });

  test('in the metrics does not change the answer', async () => {
    const { metrics } = product.container().runtime;
    const broken: Runtime['metrics'] = {
      ...metrics,
      answered() {
        throw new Error('demo');
      },
    };
    const container = containerOf({ metrics: broken });
    const fine = handlerOf(() => Promise.resolve(textAnswer('OK 123456789 3')), { container });
    const failing = handlerOf(() => Promise.reject(new LegacyFailure('to_missing')), { container });
    expect(await fine(gatewayEvent({}), lambdaContext())).toEqual(text('OK 123456789 3'));
    expect(await failing(gatewayEvent({}), lambdaContext())).toEqual(text('FAILED The To number is missing'));
    expect(lines().at(-1)).toMatchObject({ level: 'error', message: 'a request could not be counted' });
  });

  test('in the logging of a fault does not change the answer', async () => {
    const throwing = createLogger(
      'debug',
      () => {
        throw new Error('demo');
      },
      Date.now,
    );
    const handler = handlerOf(() => Promise.resolve(textAnswer('OK ')), {
      container: { ...containerOf({ log: throwing }), log: logOf(product) },
    });
    expect((await handler(gatewayEvent({}), lambdaContext())).body).toBe('OK ');
  });
});

describe('at the deadline', () => {
  test.each([
    ['call', 'ringout', 'FAILED The request could not be finished in time', 'deadline'],
    ['status', 'ringout', 'FAILED The request could not be finished in time', 'deadline'],
    ['fax', 'fax', '5', 'deadline'],
  ] as const)('a %s that does not return is answered before Lambda ends it', async (name, endpoint, body, code) => {
    const handler = handlerOf(() => never, {
      endpoint,
      choose: () => ({ name, otherSites: 'served', serve: () => never }),
    });
    const remainingMs = 1600;
    const startedAt = performance.now();
    expect(await handler(gatewayEvent({ method: 'POST' }), lambdaContext(remainingMs))).toEqual(text(body));
    expect(performance.now() - startedAt).toBeLessThan(remainingMs);
    expect(lastLine()).toMatchObject({ code });
  });

  test.each([
    [
      'call',
      'ringout',
      'FAILED RingCentral did not confirm the call, which may have been placed, so the same call is not placed again for a minute',
      'call_uncertain',
    ],
    ['fax', 'fax', '5', 'fax_uncertain'],
  ] as const)('a %s that RingCentral may have carried out is uncertain', async (name, endpoint, body, code) => {
    const serve: Command['serve'] = ({ deadline }) => {
      deadline.placing(code);
      return never;
    };
    const handler = handlerOf(serve, { endpoint, choose: () => ({ name, otherSites: 'served', serve }) });
    expect(await handler(gatewayEvent({ method: 'POST' }), lambdaContext(1600))).toEqual(text(body));
    expect(lastLine()).toMatchObject({ code });
  });

  test('a command may replace the answer of a failure or leave it as it is', async () => {
    const seen: unknown[] = [];
    const choose = (): Command => ({
      name: 'cancel',
      otherSites: 'served',
      serve: () => never,
      answerOnFailure({ failure, format, runtime }) {
        seen.push([failure.code, format, runtime !== undefined]);
        return failure.code === 'malformed' ? undefined : textAnswer('OK 1');
      },
    });
    const handler = handlerOf(() => never, { choose });
    expect(await handler(gatewayEvent({}), lambdaContext(1600))).toEqual(text('OK 1'));
    expect(lastLine()).toMatchObject({ command: 'cancel', outcome: 'failed', code: 'deadline' });
    const cutShort = multipartPost(Buffer.from('--demo-boundary\r\n'));
    expect((await handler(gatewayEvent(cutShort), lambdaContext())).body).toMatch(/^FAILED /);
    const unset = legacyHandler({
      endpoint: 'ringout',
      name: 'demo',
      container: openContainer({}, phoneRules),
      choose,
    });
    expect(await unset(gatewayEvent({}), lambdaContext())).toEqual(text('OK 1'));
    expect(seen).toEqual([
      ['deadline', 'text', true],
      ['malformed', 'text', true],
      ['configuration', 'text', false],
    ]);
  });

  test.each<[string, unknown, object]>([
    [
      'a failure is answered with that failure',
      new LegacyFailure('session_unknown'),
      { code: 404, error: 'SESSION_UNKNOWN' },
    ],
    ['a bug is answered with the original failure', new TypeError('demo'), { code: 504, error: 'DEADLINE' }],
  ])('an answerOnFailure that throws %s', async (_, thrown, expected) => {
    const handler = handlerOf(() => never, {
      choose: () => ({
        name: 'status',
        otherSites: 'served',
        serve: () => never,
        answerOnFailure() {
          throw thrown;
        },
      }),
    });
    const { statusCode, body } = await handler(gatewayEvent({ query: { format: 'json' } }), lambdaContext(1600));
    expect({ code: statusCode, error: (JSON.parse(body) as { errorCode: string }).errorCode }).toEqual(expected);
    expect(lastLine()).toMatchObject({ command: 'status', outcome: 'failed', code: 'deadline' });
  });

  test.each([
    ['call', 'ringout', { query: { ...credentials, To: '6505550100', From: '6505553711' } }],
    ['fax', 'fax', multipartPost([...faxCredentials, field('Recipient', '6505550190'), file('a.txt', 'x')])],
  ] as const)(
    'a %s under way sends nothing later, even when the clock is set back',
    async (name, endpoint, request) => {
      const { runtime, ...handlers } = product.container();
      await handlers.ringout(gatewayEvent({ query: { cmd: 'list', ...credentials } }), lambdaContext());
      product.simulator.reset();
      const released = Promise.withResolvers<void>();
      const resumed = Promise.withResolvers<void>();
      const users: Runtime['users'] = {
        ...runtime.users,
        async read(key) {
          await released.promise;
          return runtime.users.read(key).finally(resumed.resolve);
        },
      };
      const slow = legacyHandler({
        endpoint,
        name: 'demo',
        container: containerOf({ users }),
        choose: () => ({ call, fax })[name],
      });
      const { body } = await slow(gatewayEvent(request), lambdaContext(1600));
      expect(body).toBe(name === 'fax' ? '5' : 'FAILED The request could not be finished in time');
      product.clock.advance(-20_000);
      released.resolve();
      await resumed.promise;
      await new Promise((resolve) => setTimeout(resolve, 100));
      product.clock.advance(20_000);
      expect(product.simulator.requests).toEqual([]);
    },
  );

  test('a late failure of a command is not an unhandled rejection, which jest would report', async () => {
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('late')), 200);
    });
    const handler = handlerOf(() => late);
    expect((await handler(gatewayEvent({}), lambdaContext(1600))).body).toMatch(/^FAILED /);
    await new Promise((resolve) => setTimeout(resolve, 200));
  });

  test.each<[string, unknown]>([
    ['none', undefined],
    ['null', null],
    ['without a method', {}],
    ['with text instead of the method', { getRemainingTimeInMillis: 'soon' }],
    ['whose method returns NaN', { getRemainingTimeInMillis: () => Number.NaN }],
  ])('an invalid context changes nothing: %s', async (_, context) => {
    expect(await product.handlers.ringout(gatewayEvent({ query: { cmd: 'list', ...credentials } }), context)).toEqual(
      text(demoList),
    );
  });
});

describe('each request writes a log line and metrics', () => {
  const answered = async (run: () => Promise<unknown>) => {
    const from = product.lines.length;
    await run();
    return lines().slice(from);
  };

  test('a call', async () => {
    const printed = await answered(() => product.place());
    const line = printed.filter(({ message }) => message === 'answered');
    expect(line).toHaveLength(1);
    expect(line[0]).toMatchObject({
      level: 'info',
      function: 'ringout',
      requestId: 'demo-request',
      command: 'call',
      outcome: 'ok',
      durationMs: expect.any(Number) as unknown,
      extension: '101',
      to: '****0100',
      from: '****3711',
      session: expect.stringMatching(/^\*\*\*\d{3}$/) as unknown,
    });
    const metrics = printed.filter((entry) => '_aws' in entry);
    expect(metrics.map(({ command, Requests }) => ({ command, Requests }))).toContainEqual({
      command: 'call',
      Requests: 1,
    });
  });

  test('a failure', async () => {
    const printed = await answered(() => product.get({ cmd: 'nonsense' }));
    expect(printed.find(({ message }) => message === 'answered')).toMatchObject({
      command: 'unknown',
      outcome: 'failed',
      code: 'command',
    });
    expect(printed.map(({ code, Failures }) => ({ code, Failures }))).toContainEqual({ code: 'command', Failures: 1 });
  });

  test.each(['debug', 'info', 'warn', 'error'] as const)(
    'a failure is logged with caller and request at the level %s',
    async (level) => {
      const { ringout } = product.container({ env: { LOG_LEVEL: level } });
      const query = { cmd: 'call', ...credentials, Password: 'guess', To: '6505550100', From: '6505553711' };
      const headers = { 'User-Agent': 'demo/1.0' };
      const printed = await answered(() => ringout(gatewayEvent({ query, headers }), lambdaContext()));
      expect(printed.find(({ message }) => message === 'answered')).toMatchObject({
        level: 'error',
        outcome: 'failed',
        code: 'credentials',
        requestId: 'demo-request',
        sourceIp: '198.51.100.7',
        userAgent: 'demo/1.0',
        to: '****0100',
        from: '****3711',
      });
    },
  );

  test('a fax', async () => {
    const parts = [...faxCredentials, field('Recipient', '6505550190'), file('secret-name.txt', 'hello')];
    const printed = await answered(() => product.send(multipartPost(parts)));
    expect(printed.find(({ message }) => message === 'answered')).toMatchObject({
      function: 'fax',
      command: 'fax',
      recipients: 1,
      documents: 1,
      bytes: 5,
      messageId: expect.stringMatching(/^\d+$/) as unknown,
    });
  });
});
