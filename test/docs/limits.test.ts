import { maximumEventBytes, proxyEvent, type Pair } from '../../infra/local/proxy-event.ts';
import { readNumber } from '../../lib/legacy/phone-number.ts';
import { readDocument } from './documents.ts';

const promisedBytes = 4_700_000;
/** API Gateway's limit for the request line and all headers (AWS documentation: API Gateway quotas). */
const headerBytes = 10_240;

test('the page promises bodies of up to 4,700,000 bytes', () => {
  expect(readDocument('docs/limits.md')).toContain('**4,700,000 bytes of HTTP body always fit**');
});

test('a body of the promised size fits in an event with the largest headers that API Gateway accepts', () => {
  const line = 'POST /faxapi.asp HTTP/1.1\r\n';
  const usual: readonly Pair[] = [
    ['Host', 'telephony.example.com'],
    ['Content-Type', 'multipart/form-data; boundary=demo'],
  ];
  const rest = headerBytes - line.length - usual.flat().join('').length;
  const event = proxyEvent(
    {
      method: 'POST',
      path: '/faxapi.asp',
      query: [],
      headers: [...usual, ['X-Demo', 'x'.repeat(rest)]],
      body: Buffer.alloc(promisedBytes),
      sourceIp: '255.255.255.255',
      requestId: '00000000-0000-0000-0000-000000000000',
      arrivedAtMs: 1_767_614_400_000,
    },
    { resource: '/faxapi.asp', pathParameters: null },
  );
  expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(maximumEventBytes);
});

test('no emergency number that the page names can be dialled, however it is written', () => {
  const named = /\*\*Emergency numbers are never dialled\.\*\* ([\d, ]+\d)/.exec(readDocument('docs/limits.md'))?.[1];
  const numbers = named?.match(/\d+/g) ?? [];
  expect(numbers).toEqual(expect.arrayContaining(['911', '112']));
  const written = numbers.flatMap((number) => [
    number,
    `+${number}`,
    `1${number}`,
    number.replaceAll(/(?<=\d)(?=\d)/g, '-'),
    `(${number})`,
  ]);
  const dialled = (['US', 'CA', 'GB', 'DE', 'AU'] as const).flatMap((country) =>
    written.filter((text) => readNumber(text, country) !== undefined).map((text) => `${text} in ${country}`),
  );
  expect(dialled).toEqual([]);
});
