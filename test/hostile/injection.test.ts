import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientOf } from '../../infra/local/dynamodb-client.ts';
import * as fc from 'fast-check';
import { text } from '../answer.ts';
import { startProduct, type Product } from '../product.ts';
import { credentials, faxCredentials } from '../demo.ts';
import { faxPath, formPost, gatewayEvent, lambdaContext, multipartPost } from '../gateway-event.ts';
import { boundary, field, file } from '../multipart.ts';
import type { RecordedPart } from '../../infra/local/simulator/received.ts';

/*
 * Values from a legacy program are put into a multipart body, JSON, HTML, URLs and table keys. They must stay values
 * there. The simulator parses requests to RingCentral strictly, so that it detects a value that breaks out.
 */

let product: Product;
beforeAll(async () => {
  product = await startProduct({ repeatsAreOthers: true });
});
beforeEach(() => product.nextTest());
afterAll(() => product.close());

const nasty = [
  'a"b.txt',
  'a\r\nX-Injected: 1\r\n\r\n.txt',
  '"; filename="b.exe',
  `\r\n--${boundary}--\r\n`,
  '%22%0D%0A',
  '\u2028\u2029\u0085.pdf',
  '<script>alert(1)</script>',
  '{"to":[]}',
  "'; DROP TABLE x; --",
  '\u0000\u0007\u001b[31m',
  '💥\uD83D',
  '${7*7}{{7*7}}',
  'a\tb\u00a0.pdf',
];
const anyText = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);
const partsOf = () =>
  product.simulator.requests.find(({ kind }) => kind === 'fax')?.body as readonly RecordedPart[] | undefined;

describe('the multipart body that RingCentral gets', () => {
  const withoutBreaks = (value: string): string => value.replaceAll(/[\r\n]/g, ' ');

  async function faxNamed(fileName: string, document = 'content'): Promise<void> {
    product.simulator.reset();
    const answer = await product.send(
      multipartPost([...faxCredentials, field('Recipient', '6505550190'), file(withoutBreaks(fileName), document)]),
    );
    expect(answer).toEqual(text('0'));
    const parts = partsOf();
    expect(parts).toHaveLength(2);
    expect(parts?.[0]).toMatchObject({ name: 'json', fileName: 'request.json', contentType: 'application/json' });
    expect(parts?.[1]).toMatchObject({ name: 'attachment', content: Buffer.from(document) });
    expect(parts?.[1]?.fileName).toMatch(/^[^\u0000-\u001f"\\/]{1,250}$/);
  }

  test.each(nasty)('cannot be broken by the file name %j', async (name) => {
    await faxNamed(`${name}.txt`);
  });

  test('cannot be broken by any file name or content', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, fc.string({ minLength: 1 }), async (name, content) => faxNamed(`${name}.txt`, content)),
      { numRuns: 60 },
    );
  });

  test('cannot be broken by a content type', async () => {
    for (const type of [
      'text/plain\r\nX: y',
      'text/plain; x="\u0007"',
      'text/plain"',
      'a/b/c',
      '../..',
      'text/plain; charset="a\\"b"',
      'ü/ü',
    ]) {
      product.simulator.reset();
      const parts = [...faxCredentials, field('Recipient', '6505550190'), file('a.txt', 'x', type)];
      expect(await product.send(multipartPost(parts))).toEqual(text('0'));
      expect(partsOf()).toHaveLength(2);
      expect(partsOf()?.[1]?.contentType).toMatch(/^[\x20-\x7e]+$/);
    }
  });

  test('a document that contains a boundary cannot end its part, because each fax has a new random boundary', async () => {
    await faxNamed('a.txt');
    const used = product.simulator.requests.find(({ kind }) => kind === 'fax')?.headers['content-type'] ?? '';
    const drawn = /boundary=(.*)$/.exec(used)?.[1] ?? '';
    await faxNamed('a.txt', `\r\n--${drawn}--\r\n`);
  });
});

/** The text of a field without its padding: white space around it and NULs behind it. */
const withoutPadding = (value: string): string =>
  value
    .toWellFormed()
    .trim()
    .replace(/[\0\s]+$/, '');

describe('the JSON that RingCentral gets', () => {
  test('contains names and cover texts unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (name, coverText) => {
        product.simulator.reset();
        const fields = {
          ...credentials,
          Recipient: `6505550190|${name.toWellFormed()}`,
          Coverpagetext: coverText.toWellFormed(),
          Attachment: 'x',
        };
        expect(await product.send(formPost(fields, faxPath))).toEqual(text('0'));
        const [fax] = product.simulator.faxes;
        expect(fax?.coverPageText ?? '').toBe(withoutPadding(coverText));
        expect(fax?.to).toHaveLength(1);
        expect(fax?.to[0]?.name ?? '').toBe(
          name
            .toWellFormed()
            .replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ')
            .trim(),
        );
        expect(partsOf()).toHaveLength(2);
      }),
      { numRuns: 60 },
    );
  });

  test('has only phone numbers in number fields', async () => {
    // Some are phone numbers, because otherwise no call would be requested.
    const numberOrText = (number: string) =>
      fc.oneof(
        {
          weight: 4,
          arbitrary: fc.constantFrom(number, `+1${number}`, `1 (${number.slice(0, 3)}) ${number.slice(3)}`),
        },
        { weight: 1, arbitrary: anyText },
        { weight: 1, arbitrary: anyText.map((more) => `${number}${more}`) },
        { weight: 1, arbitrary: anyText.map((more) => `+1650${more}`) },
      );
    const numbers = [numberOrText('6505550100'), numberOrText('6505553711'), numberOrText('8889363711')] as const;
    await fc.assert(
      fc.asyncProperty(...numbers, async (to, from, callerId) => {
        await product.send({ query: { cmd: 'call', ...credentials, To: to, From: from, Clid: callerId } });
      }),
      { numRuns: 60 },
    );
    const orders = product.received().filter(({ request }) => request.startsWith('POST'));
    expect(orders.length).toBeGreaterThan(0);
    for (const { body } of orders) {
      expect(JSON.stringify(body)).toMatch(
        /^\{"from":\{"phoneNumber":"\+\d+"\},"to":\{"phoneNumber":"\+\d+"\},(?:"callerId":\{"phoneNumber":"\+\d+"\},)?"playPrompt":false\}$/,
      );
    }
  });
});

describe('a page of format=html', () => {
  const known =
    /<!DOCTYPE html>|<\/?(?:html|head|body|title|dl)(?: lang="en")?>|<meta charset="utf-8">|<(?:p|dt|dd)(?: class="[a-z-]+")?>|<\/(?:p|dt|dd)>|<link rel="stylesheet" href="https?:\/\/[^"'<>\s]+">/g;

  test('contains only its own markup, whatever is in css and SessionID', async () => {
    const sid = await product.place();
    const css = fc.oneof(
      anyText,
      anyText.map((path) => `https://crm.example/${path}`),
      fc.webUrl(),
      fc.constantFrom('java\nscript:alert(1)', 'HTTPS://x/"><script>', 'http://x"onload="y', 'https://a b/'),
    );
    await fc.assert(
      fc.asyncProperty(css, fc.oneof(anyText, fc.constant(sid)), async (style, SessionID) => {
        const { body, headers } = await product.send({
          query: { cmd: 'status', format: 'html', SessionID, css: style },
        });
        expect(headers['Content-Type']).toBe('text/html; charset=utf-8');
        expect(body.replaceAll(known, '')).not.toMatch(/[<>"']/);
        product.clock.advance(5000);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a session id', () => {
  test('that is not nine digits reaches neither a table key nor a URL', async () => {
    const keys: string[] = [];
    const client = clientOf(product.table);
    const dynamoDb: Pick<DynamoDBClient, 'send'> = {
      send: (command: never) => {
        keys.push((command as { input: { Key?: { pk: { S: string } } } }).input.Key?.pk.S ?? 'no key');
        return client.send(command);
      },
    };
    const { ringout } = product.container({ dynamoDb });
    const ids = fc.oneof(
      anyText,
      fc.stringMatching(/^\d{8,10}$/),
      fc.constantFrom(
        '../token',
        '123456789/..',
        '123456789?x',
        '123456789#',
        '１２３４５６７８９',
        '-12345678',
        '1e8',
        '123456789\n',
      ),
    );
    await fc.assert(
      fc.asyncProperty(ids, fc.constantFrom('status', 'cancel'), async (SessionID, cmd) => {
        const { body } = await ringout(gatewayEvent({ query: { cmd, SessionID } }), lambdaContext());
        expect(body).toMatch(/^OK [A-Za-z0-9._~-]{1,64} ?$/);
      }),
      { numRuns: 100 },
    );
    client.destroy();
    for (const key of keys) expect(key).toMatch(/^SESSION#[1-9]\d{8}$/);
    expect(keys.length).toBeGreaterThan(3);
    expect(product.simulator.requests).toEqual([]);
  });

  test('of RingCentral stays inside its path segment', async () => {
    product.simulator.failNext('ring-out', { status: 200, body: { id: 'x?y=1#z;&+=' } });
    const sid = await product.place();
    expect(await product.get({ cmd: 'status', SessionID: sid })).toBe(`OK ${sid} `);
    expect(product.simulator.requests.at(-1)).toMatchObject({
      kind: 'status',
      path: '/restapi/v1.0/account/~/extension/~/ring-out/x%3Fy%3D1%23z%3B%26%2B%3D',
      query: {},
    });
  });
});
