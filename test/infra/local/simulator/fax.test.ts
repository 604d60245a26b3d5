import { field, file, multipart, type WirePart } from '../../../multipart.ts';
import { extensionUrl, refusal, seen, openSimulator, startMs, type SimulatorClient } from './fixture.ts';

let client: SimulatorClient;
let headers: { authorization: string };
beforeEach(async () => {
  client = await openSimulator();
  headers = await client.login();
});
afterEach(() => client.simulator.close());

const json = (value: unknown): WirePart => ({
  headers: ['Content-Disposition: form-data; name="json"; filename="request.json"', 'Content-Type: application/json'],
  bytes: JSON.stringify(value),
});
const document = (fileName: string, contentType: string | undefined, bytes: string | Uint8Array = 'demo'): WirePart =>
  file(fileName, bytes, contentType, 'attachment');

function post(
  parts: readonly WirePart[],
  contentType = 'multipart/form-data; boundary=demo-boundary',
): Promise<Response> {
  return client.send(`${extensionUrl}/fax`, {
    method: 'POST',
    headers: { ...headers, 'content-type': contentType },
    body: multipart(parts),
  });
}

const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);
const recipient = { phoneNumber: '+16505550123', name: 'Ann Demo' };
const text = document('page.txt', 'text/plain');

test('an accepted fax is kept byte for byte with all its options', async () => {
  const response = await post([
    json({
      to: [recipient, { phoneNumber: '+16505550124' }],
      faxResolution: 'Low',
      sendTime: '2026-02-01T10:00:00.000Z',
      country: { isoCode: 'GB' },
      coverIndex: 7,
      coverPageText: 'hello',
    }),
    document('scan.pdf', 'application/pdf', everyByte),
    document('naïve.txt', undefined, '\r\n--demo-boundar\r\n'),
  ]);
  expect(response.status).toBe(200);
  expect(client.simulator.faxes).toEqual([
    {
      id: 1_724_099_032_020,
      user: '18889363711*101',
      layout: 'multipart/form-data',
      to: [recipient, { phoneNumber: '+16505550124', name: undefined }],
      faxResolution: 'Low',
      sendTime: '2026-02-01T10:00:00.000Z',
      isoCode: 'GB',
      coverIndex: 7,
      coverPageText: 'hello',
      documents: [
        { fileName: 'scan.pdf', contentType: 'application/pdf', bytes: Buffer.from(everyByte) },
        { fileName: 'naïve.txt', contentType: undefined, bytes: Buffer.from('\r\n--demo-boundar\r\n') },
      ],
      acceptedAtMs: startMs,
    },
  ]);
});

test('the answer is RingCentral’s fax message, queued, with an id beyond 32 bits', async () => {
  const answer = await seen(await post([json({ to: [recipient] }), text]));
  expect(answer).toMatchObject({
    status: 200,
    body: {
      id: 1_724_099_032_020,
      type: 'Fax',
      to: [{ ...recipient, recipientId: '1724099032021', messageStatus: 'Queued' }],
      messageStatus: 'Queued',
      direction: 'Outbound',
      faxPageCount: 0,
    },
  });
});

test('multipart/mixed is accepted too', async () => {
  const response = await post(
    [
      { headers: ['Content-Type: application/json'], bytes: JSON.stringify({ to: [recipient] }) },
      { headers: ['Content-Type: text/plain', 'Content-Disposition: attachment; filename="a.txt"'], bytes: 'demo' },
    ],
    'multipart/mixed; boundary="demo-boundary"',
  );
  expect([response.status, client.simulator.faxes[0]?.layout]).toEqual([200, 'multipart/mixed']);
});

const to = [recipient];
test.each([
  ['the flat layout', [field('to', '+16505550123'), text], '400 MSG-349'],
  ['an attachment before the JSON', [text, json({ to })], '400 MSG-349'],
  ['no attachment', [json({ to })], '400 MSG-347'],
  ['an empty attachment', [json({ to }), document('a.txt', 'text/plain', '')], '400 MSG-347'],
  ['no recipient', [json({ to: [] }), text], '400 CMN-101'],
  ['a recipient without its plus', [json({ to: [{ phoneNumber: '16505550123' }] }), text], '400 CMN-101'],
  ['an extension as recipient', [json({ to: [{ phoneNumber: '101' }] }), text], '400 MSG-344'],
  ['a cover index that is text', [json({ to, coverIndex: '7' }), text], '400 CMN-101'],
  ['a cover page that does not exist', [json({ to, coverIndex: 99 }), text], '400 CMN-101'],
  ['cover text over 1,024 characters', [json({ to, coverPageText: 'x'.repeat(1025) }), text], '400 CMN-101'],
  ['an unknown resolution', [json({ to, faxResolution: 'Fine' }), text], '400 CMN-101'],
  ['a time that is not ISO 8601', [json({ to, sendTime: '01:02:26 10:00' }), text], '400 CMN-101'],
  ['two countries', [json({ to, country: { isoCode: 'US', id: '1' } }), text], '400 MSG-365'],
  ['a misspelt field', [json({ to, coverindex: 1 }), text], '400 CMN-101'],
  ['an attachment without file name and type', [json({ to }), field('a', 'x')], '400 MSG-356'],
  ['a binary without extension', [json({ to }), document('scan', 'application/octet-stream')], '400 MSG-355'],
  ['an unsupported type', [json({ to }), document('a.zip', 'application/zip')], '415 MSG-348'],
  ['a name over 256 characters', [json({ to }), document(`${'x'.repeat(253)}.txt`, 'text/plain')], '400 MSG-370'],
  ['a name with characters to avoid', [json({ to }), document('a&b.txt', 'text/plain')], '400 CMN-101'],
] as [string, WirePart[], string][])('%s is refused and no fax is kept', async (_name, parts, expected) => {
  expect([await refusal(await post(parts)), client.simulator.faxes]).toEqual([expected, []]);
});

test.each([
  ['a JSON body', 'application/json', '415 MSG-353'],
  ['another boundary', 'multipart/form-data; boundary=other', '400 MSG-349'],
])('%s is refused', async (_name, contentType, expected) => {
  expect(await refusal(await post([json({ to }), text], contentType))).toBe(expected);
});

test.each([
  ['a text file whose extension is not on the list', 'README.md', 'text/plain'],
  ['a listed extension without a useful type', 'scan.PDF', 'application/octet-stream'],
])('%s is accepted', async (_name, fileName, contentType) => {
  expect((await post([json({ to }), document(fileName, contentType)])).status).toBe(200);
});
