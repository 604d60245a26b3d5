import { text } from '../answer.ts';
import { startProduct, type Product } from '../product.ts';
import { credentials, faxCredentials } from '../demo.ts';
import { asText, faxPath, formPost, multipartPost, type EventOptions } from '../gateway-event.ts';
import { field, file, type WirePart } from '../multipart.ts';
import type { SimulatedFax } from '../../infra/local/simulator/fax.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
beforeEach(() => product.nextTest());
afterAll(() => product.close());

const accepted = text('0');
const recipient = field('Recipient', '6505550190');
const letter = file('letter.txt', 'Dear Sir or Madam');
const send = (...parts: readonly WirePart[]) => product.send(multipartPost([...faxCredentials, ...parts]));
const recordedPart = (fileName: string, contentType: string, bytes: Uint8Array | string) => ({
  name: 'attachment',
  fileName,
  contentType,
  content: Buffer.from(bytes as Uint8Array),
});

const orderFields = ['to', 'faxResolution', 'sendTime', 'isoCode', 'coverIndex', 'coverPageText'] as const;

/** The order of the one fax that was sent, without its documents. */
function sent(): Partial<SimulatedFax> {
  expect(product.simulator.faxes).toHaveLength(1);
  const [fax] = product.simulator.faxes;
  return Object.fromEntries(orderFields.flatMap((name) => (fax?.[name] === undefined ? [] : [[name, fax[name]]])));
}

const to = [{ phoneNumber: '+16505550190', name: undefined }];

test('a fax is sent as JSON first, then the documents', async () => {
  const answer = await send(
    letter,
    field('Recipient', '650-555-0190|Ann "A." Example'),
    field('Recipient', '+442071838750'),
    field('Coverpage', 'Modern'),
    field('Coverpagetext', 'Please call back – thanks'),
    field('Resolution', 'High'),
    field('Sendtime', '24:12:30 09:05'),
    file('C:\\fax\\scan.PDF', Buffer.from([0, 255, 13, 10, 45, 45]), 'application/pdf'),
  );
  expect(answer).toEqual(accepted);
  expect(product.received()).toEqual([
    {
      request: 'POST …/fax',
      body: [
        {
          name: 'json',
          fileName: 'request.json',
          contentType: 'application/json',
          content: {
            to: [{ phoneNumber: '+16505550190', name: 'Ann "A." Example' }, { phoneNumber: '+442071838750' }],
            faxResolution: 'High',
            sendTime: '2030-12-24T09:05:00.000Z',
            coverIndex: 12,
            coverPageText: 'Please call back – thanks',
          },
        },
        recordedPart('letter.txt', 'text/plain', 'Dear Sir or Madam'),
        recordedPart('scan.PDF', 'application/pdf', Uint8Array.from([0, 255, 13, 10, 45, 45])),
      ],
    },
  ]);
});

describe('cover pages', () => {
  test("an unknown name or number is looked up in RingCentral's dictionary, which is then cached", async () => {
    expect(await send(recipient, letter, field('Coverpage', 'demo LETTERHEAD'))).toEqual(accepted);
    expect(sent()).toEqual({ to, coverIndex: 104 });
    expect(await send(recipient, letter, field('Coverpage', '104'))).toEqual(accepted);
    expect(product.received().map(({ request }) => request)).toEqual([
      'GET /restapi/v1.0/dictionary/fax-cover-page?page=1&perPage=1000',
      'POST …/fax',
      'POST …/fax',
    ]);
  });

  test('a name that the dictionary lacks means the default and is logged', async () => {
    expect(await send(recipient, letter, field('Coverpage', 'Psychedelic'))).toEqual(accepted);
    expect(sent()).toEqual({ to });
    expect(product.lines.some((line) => line.includes('no such cover page'))).toBe(true);
    expect(product.lines.join('')).not.toContain('Psychedelic');
  });
});

describe('an event', () => {
  const parts = [...faxCredentials, recipient, letter];
  test.each<[string, EventOptions]>([
    ['multipart', multipartPost(parts)],
    ['url-encoded', formPost({ ...credentials, Recipient: '6505550190', Attachment: 'Dear Sir or Madam' }, faxPath)],
  ])('that is not base64 is read, %s', async (_, event) => {
    expect(await product.sendEvent(asText({ ...event, body: event.body ?? '' }))).toEqual(accepted);
    expect(sent()).toEqual({ to });
  });

  test.each<[string, EventOptions]>([
    ['a form', formPost({ ...credentials, Recipient: '6505550190', Attachment: 'x' }, faxPath)],
    ['a whole multipart body', multipartPost(parts)],
  ])('whose body is %s and shorter than announced sends nothing', async (_, event) => {
    const headers = { ...event.headers, 'Content-Length': '99999' };
    expect(await product.send({ ...event, headers })).toEqual(text('5'));
    expect(product.received()).toEqual([]);
  });
});
