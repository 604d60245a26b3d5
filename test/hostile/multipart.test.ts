import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { text } from '../answer.ts';
import { startProduct, type Product } from '../product.ts';
import { faxCredentials } from '../demo.ts';
import { faxPath, multipartPost, ringoutPath, type EventOptions } from '../gateway-event.ts';
import { boundary, field, file, multipart, type WirePart } from '../multipart.ts';
import { expectLegal } from './legal-answer.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct({ repeatsAreOthers: true });
});
beforeEach(() => product.nextTest());
afterAll(() => product.close());

const recipient = field('Recipient', '6505550190');
const good = [...faxCredentials, recipient, file('a.txt', 'Dear Sir or Madam')];
const post = (body: Uint8Array, contentType = `multipart/form-data; boundary=${boundary}`): EventOptions => ({
  method: 'POST',
  path: faxPath,
  headers: { 'Content-Type': contentType },
  body,
});
const send = (...parts: readonly WirePart[]) => product.send(multipartPost([...faxCredentials, recipient, ...parts]));

describe.each([
  ['CRLF', '\r\n'],
  ['bare LF', '\n'],
])('a body that is cut short is never sent: %s', (_, lineEnd) => {
  test('whatever byte it ends at', async () => {
    const whole = multipart(good, { lineEnd });
    const closed = whole.length - lineEnd.length;
    for (let length = 0; length < closed; length += 1) {
      expect([length, (await product.send(post(whole.subarray(0, length)))).body]).toEqual([length, '5']);
    }
    expect(product.simulator.requests).toEqual([]);
    for (let length = closed; length <= whole.length; length += 1) {
      expect(await product.send(post(whole.subarray(0, length)))).toEqual(text('0'));
    }
    expect(product.simulator.faxes).toHaveLength(1 + lineEnd.length);
  });
});

describe('an unusual body is sent whole or refused', () => {
  const giantHeader = (bytes: number): WirePart => ({
    headers: [`X-Demo: ${'x'.repeat(bytes)}`, 'Content-Disposition: form-data; name="Attachment"; filename="a.txt"'],
    bytes: 'x',
  });
  const inner = multipart([file('inner.txt', 'inner')])
    .toString()
    .replaceAll(boundary, 'inner');
  test.each<[string, EventOptions, string]>([
    ['an empty boundary', post(multipart(good), 'multipart/form-data; boundary=""'), '5'],
    ['a boundary of 300 characters', post(multipart(good), `multipart/form-data; boundary=${'b'.repeat(300)}`), '5'],
    ['no body', post(new Uint8Array()), '5'],
    ['only the closing delimiter', post(Buffer.from(`--${boundary}--\r\n`)), '1'],
    ['only delimiters', post(Buffer.from(`--${boundary}\r\n`.repeat(1000))), '5'],
    ['large headers of one part, within the limit', multipartPost([...good, giantHeader(10_000)]), '0'],
    ['headers of one part beyond the limit', multipartPost([...good, giantHeader(20_000)]), '5'],
    [
      'a part that is called __proto__',
      multipartPost([...good, field('__proto__', 'x'), field('constructor', 'x')]),
      '0',
    ],
    ['a file in another field', multipartPost([...good, file('b.txt', 'x', undefined, 'Other')]), '5'],
    ['a document that is a multipart body', multipartPost([...faxCredentials, recipient, file('a.txt', inner)]), '0'],
    [
      'nested multipart',
      multipartPost([
        ...faxCredentials,
        recipient,
        {
          headers: [
            'Content-Disposition: form-data; name="Attachment"',
            'Content-Type: multipart/mixed; boundary=inner',
          ],
          bytes: inner,
        },
      ]),
      '5',
    ],
    [
      '1,900 fields',
      multipartPost([...good, ...Array.from({ length: 1900 }, (_, index) => field(`f${index}`, 'x'))]),
      '0',
    ],
    [
      '900 times one field',
      multipartPost([...good, ...Array.from({ length: 900 }, () => field('Recipient', '6505550190'))]),
      '0',
    ],
    [
      '78,000 tiny parts, over the limit',
      multipartPost([...good, ...Array.from({ length: 78_000 }, () => field('a', ''))]),
      '5',
    ],
    [
      'a header name that is not UTF-8',
      multipartPost([...good, { headers: [Buffer.from([0x43, 0xff, 0x3a, 0xfe])], bytes: 'x' }]),
      '5',
    ],
    [
      'a header value and a payload that are not UTF-8',
      multipartPost([
        ...good,
        {
          headers: ['Content-Disposition: form-data; name="Other"', Buffer.from([0x43, 0x3a, 0xfe])],
          bytes: Buffer.from([0xff]),
        },
      ]),
      '0',
    ],
  ])('%s', async (_, event, digit) => {
    const startedAt = performance.now();
    expect(await product.send(event)).toEqual(text(digit));
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(product.simulator.faxes).toHaveLength(digit === '0' ? 1 : 0);
  });

  test('200 documents arrive, all of them and in order', async () => {
    const files = Array.from({ length: 200 }, (_, index) => file(`${index}.txt`, `document ${index}`));
    expect(await send(...files)).toEqual(text('0'));
    expect(product.simulator.faxes[0]?.documents.map(({ bytes }) => bytes.toString())).toEqual(
      Array.from({ length: 200 }, (_, index) => `document ${index}`),
    );
  });

  test('a header full of open quotes is read in under 10 s', async () => {
    const part: WirePart = { headers: [`Content-Disposition: form-data;name=x${';a="x'.repeat(3000)}`], bytes: 'x' };
    const startedAt = performance.now();
    expect(await product.send(multipartPost([...good, ...Array.from({ length: 300 }, () => part)]))).toEqual(text('0'));
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  test.each([
    ['boundaries that go on', `\r\n--${boundary}x`],
    ['boundaries that go on, in one line', `--${boundary}`],
    ['boundaries that go on like header lines', `\r\n--${boundary}: x`],
    ['boundaries that have one hyphen', `\r\n-${boundary}`],
  ])('megabytes of %s are read in under 10 s', async (_, piece) => {
    const document = Buffer.from(`${piece.repeat(Math.ceil(3_500_000 / piece.length))}.`);
    const startedAt = performance.now();
    expect(await send(file('a.txt', document))).toEqual(text('0'));
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(product.simulator.faxes[0]?.documents[0]?.bytes.equals(document)).toBe(true);
  });
});

describe('accepted documents arrive unchanged', () => {
  test('for any bytes in up to five documents', async () => {
    const documents = fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(documents, async (contents) => {
        product.simulator.reset();
        expect(await send(...contents.map((bytes, index) => file(`${index}.tif`, bytes)))).toEqual(text('0'));
        const arrived = product.simulator.faxes[0]?.documents.map(({ bytes }) => [...bytes]);
        expect(arrived).toEqual(contents.map((bytes) => [...bytes]));
      }),
      { numRuns: 60 },
    );
  });

  test('also when some bytes of the body are changed, or the fax is refused', async () => {
    const whole = multipart([...good, file('b.tif', randomBytes(50))]);
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        product.simulator.reset();
        const body = Buffer.from(whole);
        for (const [at, byte] of changes) body[at] = byte;
        const answer = await product.send(post(body));
        expectLegal('fax', answer);
        expect(product.simulator.faxes).toHaveLength(answer.body === '0' ? 1 : 0);
        expect(product.simulator.faxes[0]?.documents.length ?? 1).toBeGreaterThan(0);
        expectLegal('ringout', await product.send({ ...post(body), path: ringoutPath }));
      }),
      { numRuns: 120 },
    );
  });
});
