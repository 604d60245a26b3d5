import { createHash } from 'node:crypto';
import { json, text } from '../answer.ts';
import { startProduct, type Product } from '../product.ts';
import { credentials, demoUser, faxCredentials } from '../demo.ts';
import {
  asText,
  faxPath,
  formPost,
  formType,
  gatewayEvent,
  lambdaContext,
  multipartPost,
  ringoutPath,
  type EventOptions,
} from '../gateway-event.ts';
import { field, file, multipart, type WirePart } from '../multipart.ts';
import type { SimulatedFax } from '../../infra/local/simulator/fax.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct({
    users: [demoUser, { ...demoUser, extension: '', jwt: 'demo-jwt-main', homeCountryCode: 'GB' }],
  });
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

/** What was asked for besides the documents of the one fax that went out. */
function sent(): Partial<SimulatedFax> {
  expect(product.simulator.faxes).toHaveLength(1);
  const [fax] = product.simulator.faxes;
  return Object.fromEntries(orderFields.flatMap((name) => (fax?.[name] === undefined ? [] : [[name, fax[name]]])));
}
const documents = () =>
  product.simulator.faxes[0]?.documents.map(({ fileName, contentType, bytes }) => [
    fileName,
    contentType,
    bytes.toString('utf8'),
  ]);

const to = [{ phoneNumber: '+16505550190', name: undefined }];

test('a fax goes out JSON first, then the documents', async () => {
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

test('nothing more is said than was asked for', async () => {
  expect(await send(recipient, letter)).toEqual(accepted);
  expect(sent()).toEqual({ to });
});

describe('who sends', () => {
  test.each<[string, readonly WirePart[], string]>([
    ['number*extension', [field('Username', '18889363711*101'), field('Password', '1234')], '18889363711*101'],
    ['Ext', [field('Username', '8889363711'), field('Ext', '101'), field('Password', '1234')], '18889363711*101'],
    [
      'Extension',
      [field('username', '1-888-936-3711'), field('EXTENSION', '101'), field('PASSWORD', ' 1234 ')],
      '18889363711*101',
    ],
    ['the main line', [field('Username', '18889363711'), field('Password', '1234')], '18889363711'],
  ])('%s', async (_, who, user) => {
    expect(await product.send(multipartPost([...who, field('Recipient', '+16505550190'), letter]))).toEqual(accepted);
    expect(product.simulator.faxes.map((fax) => fax.user)).toEqual([user]);
  });
});

describe('recipients', () => {
  const two = [to[0], { phoneNumber: '+16505550191', name: undefined }];
  test.each<[string, readonly WirePart[], readonly unknown[]]>([
    ['one', [recipient], to],
    ['the field repeated', [recipient, field('Recipient', '6505550191')], two],
    ['Recipient[0], Recipient[1]', [field('Recipient[0]', '6505550190'), field('Recipient[1]', '6505550191')], two],
    ['recipient[]', [field('recipient[]', '6505550190'), field('recipient[]', '6505550191')], two],
    ['any case', [field('RECIPIENT', '6505550190'), field('recipient', '6505550191')], two],
    [
      'names',
      [field('Recipient', '6505550190|Ann'), field('Recipient', '6505550191 | Bob | Co ')],
      [
        { ...to[0], name: 'Ann' },
        { ...two[1], name: 'Bob | Co' },
      ],
    ],
    ['an empty name', [field('Recipient', '6505550190|')], to],
    ['an empty one beside a good one', [field('Recipient', ''), recipient, field('Recipient', ' | ')], to],
    ['a number given twice is faxed once', [recipient, field('Recipient', '+1 (650) 555-0190')], to],
    [
      'a name in Windows-1252',
      [field('Recipient', Buffer.from('6505550190|J\xf6rg', 'latin1'))],
      [{ ...to[0], name: 'Jörg' }],
    ],
    ['a name in UTF-8', [field('Recipient', '6505550190|Jörg 北')], [{ ...to[0], name: 'Jörg 北' }]],
  ])('%s', async (_, parts, expected) => {
    expect(await send(letter, ...parts)).toEqual(accepted);
    expect(sent()).toEqual({ to: expected });
  });

  test('national numbers are those of the user’s country', async () => {
    const british = [field('Username', '18889363711'), field('Password', '1234'), field('Recipient', '020 7183 8750')];
    expect(await product.send(multipartPost([...british, letter]))).toEqual(accepted);
    expect(sent()).toEqual({ to: [{ phoneNumber: '+442071838750', name: undefined }] });
  });

  test.each(['101', 'Ann', '*67 6505550190', '6505550190,,1', '0'])(
    'with %s among them nothing is sent to anybody',
    async (bad) => {
      expect(await send(letter, recipient, field('Recipient', bad))).toEqual(text('5'));
      expect(product.received()).toEqual([]);
    },
  );
});

describe('cover pages', () => {
  const pages = [
    'None',
    'Ancient',
    'Birthday',
    'Blank',
    'ClasMod',
    'Classic',
    'Confidential',
    'Contempo',
    'Elegant',
    'Express',
    'Formal',
    'Jazzy',
    'Modern',
    'Urgent',
  ];
  test.each(
    pages.flatMap(
      (name, index) =>
        [
          [name, index],
          [name.toLowerCase(), index],
          [String(index), index],
        ] as const,
    ),
  )('%s is page %i', async (name, coverIndex) => {
    expect(await send(recipient, letter, field('Coverpage', name))).toEqual(accepted);
    expect(sent()).toEqual({ to, coverIndex });
  });

  test.each(['', ' ', 'Default', 'DEFAULT'])('%j is the user’s default', async (name) => {
    expect(await send(recipient, letter, field('CoverPage', name))).toEqual(accepted);
    expect(sent()).toEqual({ to });
    expect(product.received()).toHaveLength(1);
  });

  test('another name is looked up in the dictionary of RingCentral, once an hour', async () => {
    expect(await send(recipient, letter, field('Coverpage', 'demo LETTERHEAD'))).toEqual(accepted);
    expect(sent()).toEqual({ to, coverIndex: 104 });
    expect(await send(recipient, letter, field('Coverpage', '104'))).toEqual(accepted);
    expect(product.received().map(({ request }) => request)).toEqual([
      'GET /restapi/v1.0/dictionary/fax-cover-page?page=1&perPage=1000',
      'POST …/fax',
      'POST …/fax',
    ]);
  });

  test('a token that is dead costs one refused request, look-up and fax together', async () => {
    const { fax } = product.container();
    product.simulator.revokeAllTokens();
    const event = gatewayEvent(multipartPost([...faxCredentials, recipient, letter, field('Coverpage', 'Letters')]));
    expect(await fax(event, lambdaContext())).toEqual(accepted);
    expect(product.simulator.requests.map(({ kind }) => kind)).toEqual(['dictionary', 'token', 'dictionary', 'fax']);
  });

  test('a name that is nowhere means the default, and a line in the log', async () => {
    expect(await send(recipient, letter, field('Coverpage', 'Psychedelic'))).toEqual(accepted);
    expect(sent()).toEqual({ to });
    expect(product.lines.some((line) => line.includes('no such cover page'))).toBe(true);
    expect(product.lines.join('')).not.toContain('Psychedelic');
  });
});

describe('cover page text', () => {
  const long = 'Zeile äöü '.repeat(120);
  const fits = 'x'.repeat(1024);
  const pair = `${'x'.repeat(1023)}😀`;
  test.each<[string, readonly WirePart[], object, readonly (readonly string[])[]]>([
    [
      'beside a document',
      [letter, field('Coverpagetext', 'Hello')],
      { coverPageText: 'Hello' },
      [['letter.txt', 'text/plain', 'Dear Sir or Madam']],
    ],
    [
      'alone: sent as a document too',
      [field('coverpagetext', 'Hello')],
      { coverPageText: 'Hello' },
      [['cover-page-text.txt', 'text/plain; charset=utf-8', 'Hello']],
    ],
    [
      'as long as the cover page holds',
      [letter, field('Coverpagetext', fits)],
      { coverPageText: fits },
      [['letter.txt', 'text/plain', 'Dear Sir or Madam']],
    ],
    [
      'longer: cut on the cover, whole as the first document',
      [letter, field('Coverpagetext', long)],
      { coverPageText: long.trim().slice(0, 1024) },
      [
        ['cover-page-text.txt', 'text/plain; charset=utf-8', long.trim()],
        ['letter.txt', 'text/plain', 'Dear Sir or Madam'],
      ],
    ],
    [
      'never cut inside a character',
      [letter, field('Coverpagetext', pair)],
      { coverPageText: 'x'.repeat(1023) },
      [
        ['cover-page-text.txt', 'text/plain; charset=utf-8', pair],
        ['letter.txt', 'text/plain', 'Dear Sir or Madam'],
      ],
    ],
    [
      'left out where no cover page is wanted',
      [letter, field('Coverpage', 'None'), field('Coverpagetext', 'Hello')],
      { coverIndex: 0 },
      [['letter.txt', 'text/plain', 'Dear Sir or Madam']],
    ],
    [
      'in Windows-1252',
      [letter, field('Coverpagetext', Buffer.from('Gr\xfc\xdfe', 'latin1'))],
      { coverPageText: 'Grüße' },
      [['letter.txt', 'text/plain', 'Dear Sir or Madam']],
    ],
  ])('%s', async (_, parts, order, expected) => {
    expect(await send(recipient, ...parts)).toEqual(accepted);
    expect(sent()).toEqual({ to, ...order });
    expect(documents()).toEqual(expected);
  });
});

describe('Resolution and Sendtime', () => {
  test.each<[string, string, object]>([
    ['Resolution', 'Low', { faxResolution: 'Low' }],
    ['Resolution', 'HIGH', { faxResolution: 'High' }],
    ['Resolution', '', {}],
    ['Resolution', 'Fine', {}],
    ['Sendtime', '01:02:30 03:04', { sendTime: '2030-02-01T03:04:00.000Z' }],
    ['sendtime', '1:2:30 3:4', { sendTime: '2030-02-01T03:04:00.000Z' }],
    ['Sendtime', '01:02:03 03:04', {}],
    ['Sendtime', '31:02:30 03:04', {}],
    ['Sendtime', '2030-02-01', {}],
    ['Sendtime', 'tomorrow', {}],
    ['Sendtime', '', {}],
  ])('%s=%s', async (name, value, order) => {
    expect(await send(recipient, letter, field(name, value))).toEqual(accepted);
    expect(sent()).toEqual({ to, ...order });
  });
});

describe('attachments', () => {
  const part = (disposition: string, ...more: readonly string[]): WirePart => ({
    headers: [`Content-Disposition: ${disposition}`, ...more],
    bytes: 'x',
  });
  test.each<[string, WirePart, readonly string[]]>([
    ['a Windows path', file('C:\\temp\\new\\report.doc', 'x'), ['report.doc', 'application/msword']],
    ['a Unix path', file('/var/spool/fax/1.tif', 'x'), ['1.tif', 'image/tiff']],
    ['a share', file('\\\\server\\share\\a b.xls', 'x'), ['a b.xls', 'application/vnd.ms-excel']],
    ['no content type', file('scan.PDF', 'x'), ['scan.PDF', 'application/pdf']],
    [
      'a content type that says nothing',
      file('scan.pdf', 'x', 'application/octet-stream'),
      ['scan.pdf', 'application/pdf'],
    ],
    ['its own content type', file('scan.pdf', 'x', 'image/tiff'), ['scan.pdf', 'image/tiff']],
    [
      'a content type with parameters',
      file('a.txt', 'x', 'text/plain; charset=ISO-8859-1'),
      ['a.txt', 'text/plain; charset=iso-8859-1'],
    ],
    ['an empty file name', file('', 'x', 'application/pdf'), ['attachment.pdf', 'application/pdf']],
    ['no file name', part('form-data; name="Attachment"'), ['attachment.txt', 'text/plain']],
    ['no quotes', part('form-data; name=Attachment; filename=a.pdf'), ['a.pdf', 'application/pdf']],
    ['Attachment[0]', file('a.pdf', 'x', undefined, 'Attachment[0]'), ['a.pdf', 'application/pdf']],
    ['attachment[]', file('a.pdf', 'x', undefined, 'attachment[]'), ['a.pdf', 'application/pdf']],
    [
      'filename*',
      part(`form-data; name="Attachment"; filename="x.pdf"; filename*=UTF-8''na%C3%AFve.pdf`),
      ['naïve.pdf', 'application/pdf'],
    ],
    [
      'a name in Windows-1252',
      {
        headers: [Buffer.from('Content-Disposition: form-data; name="Attachment"; filename="na\xefve.pdf"', 'latin1')],
        bytes: 'x',
      },
      ['naïve.pdf', 'application/pdf'],
    ],
    ['a quote inside', file('a "b".pdf', 'x'), ['a _b_.pdf', 'application/pdf']],
    [
      'signs RingCentral asks not to use',
      file('R&D #1 50% @ $9^*.pdf', 'x'),
      ['R_D _1 50_ _ _9__.pdf', 'application/pdf'],
    ],
    ['a very long name', file(`${'n'.repeat(400)}.pdf`, 'x'), [`${'n'.repeat(246)}.pdf`, 'application/pdf']],
    [
      'header names in any case, folded',
      { headers: ['CONTENT-DISPOSITION: form-data;', '  name="attachment"; filename="a.pdf"'], bytes: 'x' },
      ['a.pdf', 'application/pdf'],
    ],
  ])('%s', async (_, attachment, [name, type]) => {
    expect(await send(recipient, attachment)).toEqual(accepted);
    expect(documents()).toEqual([[name, type, 'x']]);
  });

  test('every byte arrives unchanged, in any kind of event body', async () => {
    const bytes = Buffer.concat([
      Buffer.from(Uint8Array.from({ length: 256 }, (_, value) => value)),
      Buffer.from('\r\n--demo-boundaryx\r\n--demo-boundar\r\n\r'),
    ]);
    expect(await send(recipient, file('all.bin.tif', bytes))).toEqual(accepted);
    expect(product.simulator.faxes[0]?.documents[0]?.bytes.equals(bytes)).toBe(true);
  });

  test('a document of several megabytes arrives unchanged', async () => {
    const bytes = Buffer.alloc(4_000_000, 'PDF \r\n--demo');
    expect(await send(recipient, file('big.pdf', bytes))).toEqual(accepted);
    const digest = (value: Uint8Array): string => createHash('sha256').update(value).digest('hex');
    expect(digest(product.simulator.faxes[0]?.documents[0]?.bytes ?? Buffer.alloc(0))).toBe(digest(bytes));
  });

  test('several keep their order; an empty one is left out', async () => {
    expect(await send(file('1.txt', 'one'), recipient, file('2.txt', ''), file('3.txt', 'three'))).toEqual(accepted);
    expect(documents()).toEqual([
      ['1.txt', 'text/plain', 'one'],
      ['3.txt', 'text/plain', 'three'],
    ]);
  });
});

describe('the shape of the body', () => {
  const parts = [...faxCredentials, recipient, letter];
  const type = { 'Content-Type': 'multipart/form-data; boundary=demo-boundary' };
  const post = (body: Buffer, headers: Readonly<Record<string, string>> = type, path = faxPath): EventOptions => ({
    method: 'POST',
    path,
    headers,
    body,
  });
  test.each<[string, EventOptions]>([
    ['bare line feeds', post(multipart(parts, { lineEnd: '\n' }))],
    ['a preamble', post(multipart(parts, { preamble: 'This is a message in MIME format.\r\n' }))],
    ['an epilogue', post(Buffer.concat([multipart(parts), Buffer.from('\r\nbye')]))],
    ['no line end after the last boundary', post(multipart(parts).subarray(0, -2))],
    ['a quoted boundary', post(multipart(parts), { 'Content-Type': 'multipart/form-data; boundary="demo-boundary"' })],
    [
      'a type in any case',
      post(multipart(parts), { 'content-type': 'Multipart/Form-Data; Charset=utf-8; BOUNDARY=demo-boundary' }),
    ],
    ['/faxout.asp', post(multipart(parts), type, '/faxout.asp')],
    ['fields in the query as well', { ...post(multipart(parts)), query: { Username: 'x', Recipient: '6505550191' } }],
    ['credentials in the query', { ...post(multipart([recipient, letter])), query: credentials }],
    ['the right length', post(multipart(parts), { ...type, 'Content-Length': String(multipart(parts).length) })],
  ])('%s', async (_, event) => {
    expect(await product.send(event)).toEqual(accepted);
    expect(sent()).toEqual({ to });
    expect(documents()).toEqual([['letter.txt', 'text/plain', 'Dear Sir or Madam']]);
  });

  test.each<[string, EventOptions]>([
    ['multipart', multipartPost(parts)],
    ['url-encoded', formPost({ ...credentials, Recipient: '6505550190', Attachment: 'Dear Sir or Madam' }, faxPath)],
  ])('%s in an event that is not base64', async (_, event) => {
    expect(await product.sendEvent(asText({ ...event, body: event.body ?? '' }))).toEqual(accepted);
    expect(sent()).toEqual({ to });
  });

  test('url-encoded with escape() of JavaScript', async () => {
    const fields = {
      Recipient: '6505550190%7CM%FCller%20%uD83D',
      Coverpagetext: 'M%FCller%20%u2013%205%u20AC%20%uD83D%uDE00',
      Attachment: '%u0417%0D%0A%uDE00%0D%0A',
    };
    const body = Object.entries({ Username: '18889363711*101', Password: '1234', ...fields });
    const written = body.map((pair) => pair.join('=')).join('&');
    expect(await product.send(formPost(`${written}\0\0`, faxPath))).toEqual(accepted);
    expect(sent()).toEqual({
      to: [{ phoneNumber: '+16505550190', name: 'Müller \uFFFD' }],
      coverPageText: 'Müller – 5€ 😀',
    });
    expect(documents()).toEqual([['attachment.txt', 'text/plain; charset=utf-8', 'З\r\n\uFFFD\r\n']]);
  });

  test('url-encoded, with the text of a document in Attachment', async () => {
    const fields = {
      ...credentials,
      Recipient: '6505550190|Ann',
      Attachment: '  Line 1\r\nLine 2 & more',
      Coverpage: 'None',
    };
    expect(await product.send(formPost(fields, faxPath))).toEqual(accepted);
    expect(sent()).toEqual({ to: [{ ...to[0], name: 'Ann' }], coverIndex: 0 });
    expect(documents()).toEqual([['attachment.txt', 'text/plain; charset=utf-8', '  Line 1\r\nLine 2 & more']]);
  });
});

describe('what is answered when nothing is sent', () => {
  const none = field('Coverpage', 'None');
  const wrong = [field('Username', '18889363711*101'), field('Password', 'wrong')];
  const whole = multipart([...faxCredentials, recipient, letter]);
  const type = 'multipart/form-data; boundary=demo-boundary';
  const post = (body: Uint8Array | string, contentType: string): EventOptions => ({
    method: 'POST',
    path: faxPath,
    headers: { 'Content-Type': contentType },
    body,
  });
  test.each<[string, EventOptions, string]>([
    ['a wrong password', multipartPost([...wrong, recipient, letter]), '1'],
    ['no credentials', multipartPost([recipient, letter]), '1'],
    ['1 before 3 before 4', multipartPost([...wrong, none]), '1'],
    ['no recipient', multipartPost([...faxCredentials, letter]), '3'],
    ['an empty recipient', multipartPost([...faxCredentials, field('Recipient', ' '), letter]), '3'],
    ['3 before 4', multipartPost([...faxCredentials, none]), '3'],
    ['no document and no text', multipartPost([...faxCredentials, recipient]), '4'],
    ['a cover page without text', multipartPost([...faxCredentials, recipient, field('Coverpage', 'Modern')]), '4'],
    [
      'a text, but no cover page for it',
      multipartPost([...faxCredentials, recipient, none, field('Coverpagetext', 'Hi')]),
      '4',
    ],
    ['an empty document', multipartPost([...faxCredentials, recipient, file('a.pdf', '')]), '4'],
    ['4 before a bad number', multipartPost([...faxCredentials, field('Recipient', 'Ann')]), '4'],
    ['a bad number', multipartPost([...faxCredentials, field('Recipient', 'Ann'), letter]), '5'],
    ['GET', { path: faxPath, query: { ...credentials, Recipient: '6505550190', Coverpagetext: 'Hi' } }, '5'],
    ['GET with nothing', { path: faxPath }, '5'],
    ['an empty POST', { method: 'POST', path: faxPath }, '1'],
    ['an empty POST of multipart', post('', type), '5'],
    ['an empty POST of a form', post('', formType), '1'],
    ['JSON', post(JSON.stringify(credentials), 'application/json'), '5'],
    ['another type', post('Hi', 'text/plain'), '5'],
    ['multipart of another kind', post(whole, type.replace('form-data', 'mixed')), '5'],
    ['no boundary', post(whole, 'multipart/form-data'), '5'],
    ['another boundary', post(whole, `${type}x`), '5'],
    ['a body cut in the last boundary', multipartPost(whole.subarray(0, -6)), '5'],
    ['a body cut in the document', multipartPost(whole.subarray(0, -30)), '5'],
    ['a body cut in a header', multipartPost(whole.subarray(0, 60)), '5'],
    [
      'a form shorter than announced',
      {
        ...post('Recipient=6505550190&Attachment=x', formType),
        headers: { 'Content-Type': formType, 'Content-Length': '99' },
      },
      '5',
    ],
    [
      'a whole multipart body shorter than announced',
      { ...post(whole, type), headers: { 'Content-Type': type, 'Content-Length': '99999' } },
      '5',
    ],
  ])('%s', async (_, event, digit) => {
    expect(await product.send(event)).toEqual(text(digit));
    expect(product.received()).toEqual([]);
  });

  test('format=json means nothing to the fax endpoint', async () => {
    expect(await product.send({ ...multipartPost([...wrong, letter]), query: { format: 'json' } })).toEqual(text('1'));
  });

  test('a multipart POST to the other endpoint is a ringout request', async () => {
    const parts = [...faxCredentials, field('cmd', 'list'), field('format', 'json'), recipient, letter];
    expect((await product.send(multipartPost(parts, ringoutPath))).statusCode).toBe(200);
    expect(product.simulator.faxes).toEqual([]);
    expect(
      await product.send(multipartPost([...wrong, field('cmd', 'list'), field('format', 'json')], ringoutPath)),
    ).toEqual(json(401, { errorCode: 'CREDENTIALS', message: 'Invalid User or Password' }));
  });
});
