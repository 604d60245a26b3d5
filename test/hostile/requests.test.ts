import * as fc from 'fast-check';
import { startProduct, type Product } from '../product.ts';
import { credentials } from '../demo.ts';
import { gatewayEvent, lambdaContext, ringoutPath, type EventOptions } from '../gateway-event.ts';
import { expectLegal, type Asked } from './legal-answer.ts';

/*
 * Every event, from arbitrary JSON to a nearly valid request, gets an answer that a legacy program understands. jest
 * fails a test that leaves an unhandled rejection.
 */

let product: Product;
beforeAll(async () => {
  product = await startProduct();
  product.lines.push = () => 0;
});
afterEach(() => {
  expect(product.simulator.unknownRequests).toEqual([]);
  product.nextTest();
});
afterAll(() => product.close());

/** Far above the time of these requests and far below API Gateway's timeout. Quadratic code would need minutes. */
const slowMs = 10_000;

/** Sends one event to all three HTTP entry points. */
async function expectLegalEverywhere(event: unknown, context: unknown = lambdaContext()): Promise<void> {
  const entrances = [
    ['ringout', product.handlers.ringout],
    ['fax', product.handlers.fax],
    ['call', product.handlers.call],
  ] as const;
  for (const [name, handler] of entrances) {
    const startedAt = performance.now();
    expectLegal(name === 'fax' ? 'fax' : 'ringout', await handler(event, context));
    expect(performance.now() - startedAt).toBeLessThan(slowMs);
  }
  const answer = await product.handlers.catchAll(event, context);
  expectLegal(askedOf(answer.statusCode, answer.body), answer);
}

/** An arbitrary event may have any path, so the kind of endpoint is derived from the answer. */
function askedOf(statusCode: number, body: string): Asked {
  if (statusCode === 403 && body === '5') return 'unknown-path';
  return /^\d$/.test(body) ? 'fax' : 'ringout';
}

const odd = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '__proto__',
    'constructor',
    'toString',
    '\0',
    '\uD800',
    'OK',
    '<script>',
    '\r\nOK 1',
    '%',
    '%zz',
    '+',
    '9'.repeat(400),
    'x'.repeat(70_000),
  ),
);
const parameterName = fc.oneof(
  fc.constantFrom(
    'cmd',
    'CMD',
    'Username',
    'Ext',
    'Extension',
    'Password',
    'To',
    'From',
    'Clid',
    'Prompt',
    'SessionID',
    'format',
    'css',
    'Recipient',
    'Recipient[0]',
    'Attachment',
    'Coverpage',
    'Coverpagetext',
    'Sendtime',
    'Resolution',
    '__proto__',
    'constructor',
  ),
  odd,
);
const parameterValue = fc.oneof(
  fc.constantFrom(
    'list',
    'call',
    'status',
    'cancel',
    '18889363711',
    '101',
    '1234',
    '6505550100',
    '+442071838750',
    '123456789',
    'json',
    'html',
    '1',
    '6505550190|Ann',
    'Modern',
  ),
  odd,
);

describe('any event gets a legal answer', () => {
  test('of any shape', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue(), async (event, context) => {
        await expectLegalEverywhere(event, context);
      }),
      { numRuns: 150 },
    );
  });

  test('of the right shape with anything in its fields', async () => {
    const anything = fc.jsonValue({ maxDepth: 2 });
    const event = fc.record(
      {
        httpMethod: fc.oneof(fc.constantFrom('GET', 'POST', 'HEAD', 'get'), anything),
        path: fc.oneof(fc.constantFrom('/RingOut.asp', '/FAXAPI.ASP/', '/x'), fc.string(), anything),
        headers: fc.oneof(fc.dictionary(odd, odd), anything),
        multiValueHeaders: fc.oneof(fc.dictionary(odd, fc.array(odd)), anything),
        queryStringParameters: fc.oneof(fc.dictionary(parameterName, parameterValue), anything),
        multiValueQueryStringParameters: fc.oneof(fc.dictionary(parameterName, fc.array(parameterValue)), anything),
        requestContext: anything,
        body: fc.oneof(odd, fc.base64String(), anything),
        isBase64Encoded: fc.oneof(fc.boolean(), anything),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(event, async (value) => {
        await expectLegalEverywhere(value);
      }),
      { numRuns: 150 },
    );
  });
});

describe('any bytes as a body get a legal answer', () => {
  const contentType = fc.oneof(
    fc.constantFrom(
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'multipart/form-data; boundary=x',
      'multipart/form-data; boundary="x',
      'multipart/form-data; boundary=',
      'multipart/mixed; boundary=x',
      'application/json',
      'text/plain; charset=utf-16',
    ),
    odd,
  );
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(
        '--x',
        '--x--',
        '\r\n',
        '\n',
        '\r',
        ': ',
        '=',
        '&',
        'cmd=list',
        'Content-Disposition: form-data; name=',
        '"Recipient"',
        'filename="',
        "filename*=UTF-8''%",
        ';',
      ),
      fc.uint8Array({ maxLength: 40 }),
    ),
    { maxLength: 30 },
  );
  test('of any content type', async () => {
    await fc.assert(
      fc.asyncProperty(contentType, pieces, async (type, parts) => {
        const body = Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)));
        await expectLegalEverywhere(
          gatewayEvent({ method: 'POST', headers: { 'Content-Type': type }, body, query: credentials }),
        );
      }),
      { numRuns: 150 },
    );
  });
});

describe('nearly valid requests get a legal answer', () => {
  const command = fc.constantFrom('list', 'call', 'status', 'cancel');
  const place = fc.constantFrom('query', 'form', 'both');
  test('of the four commands, with good credentials', async () => {
    await fc.assert(
      fc.asyncProperty(
        command,
        place,
        fc.array(fc.tuple(parameterName, parameterValue), { maxLength: 6 }),
        async (cmd, where, extra) => {
          const pairs: [string, string][] = [['cmd', cmd], ...Object.entries(credentials), ...extra];
          const query: Record<string, string[]> = {};
          for (const [name, value] of pairs)
            Object.defineProperty(query, name, { value: [value], enumerable: true, configurable: true });
          const form = pairs
            .map((pair) => pair.map((text) => encodeURIComponent(text.toWellFormed())).join('='))
            .join('&');
          const options: EventOptions = {
            ...(where === 'query' ? {} : { method: 'POST', body: form }),
            ...(where === 'form' ? {} : { query }),
            sourceIp: '203.0.113.5',
          };
          expectLegal('ringout', await product.send({ ...options, path: ringoutPath }));
          product.clock.advance(4000);
        },
      ),
      { numRuns: 300 },
    );
    // Many of them must reach RingCentral, or this test would show little.
    expect(product.simulator.requests.length).toBeGreaterThan(30);
  });
});

describe('very many parts and characters get a legal answer in time', () => {
  const many = 10_000;
  const repeat = (text: string): string => Array.from({ length: many }, () => text).join('&');
  const form = (body: string): EventOptions => ({
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body,
  });
  test.each<[string, EventOptions]>([
    ['one field repeated', form(repeat('cmd=list'))],
    ['recipients', form(`Attachment=x&${repeat('Recipient=6505550190')}`)],
    [
      'different recipients',
      form(
        `Attachment=x&${Array.from({ length: many }, (_, index) => `Recipient=65055${String(index).padStart(5, '0')}`).join('&')}`,
      ),
    ],
    ['different fields', form(Array.from({ length: many }, (_, index) => `f${index}=${index}`).join('&'))],
    ['prototype names', form(repeat('__proto__[x]=1&constructor=2'))],
    ['only separators', form('&=;'.repeat(many))],
    ['escapes', form(`To=${'%25'.repeat(many)}`)],
    ['a number of a million digits', form(`cmd=call&To=${'6'.repeat(1_000_000)}`)],
    ['a number of a million characters', form(`cmd=call&To=%2B${'('.repeat(1_000_000)}`)],
    ['megabytes of text', form(`Coverpagetext=${'ü '.repeat(1_000_000)}`)],
    ['values in the query', { query: { cmd: Array.from({ length: many }, () => 'list') } }],
    [
      'names in the query',
      { query: Object.fromEntries(Array.from({ length: many }, (_, index) => [`n${index}`, 'x'])) },
    ],
    ['brackets', { query: { [`To${'['.repeat(many)}]`]: 'x', [`${'['.repeat(many)}]`]: 'x' } }],
    ['headers', { headers: Object.fromEntries(Array.from({ length: many }, (_, index) => [`h${index}`, 'x'])) }],
    [
      'parameters of the content type',
      { method: 'POST', headers: { 'Content-Type': `multipart/form-data${';a="'.repeat(many)}` }, body: 'x' },
    ],
  ])('%s', async (_, options) => {
    await expectLegalEverywhere(gatewayEvent({ ...options, query: { ...credentials, ...options.query } }));
  });
});
