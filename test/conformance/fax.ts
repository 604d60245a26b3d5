import { Buffer } from 'node:buffer';
import type { SimulatedFax } from '../../infra/local/simulator/fax.ts';
import { field, file, type WirePart } from '../multipart.ts';
import { boundary, formType, multipart, multipartType, query, type RequestParts } from './requests.ts';
import { severalRecipientsExtensions as several, users } from './users.ts';
import { faxPost, formPost, json, localTest, plain, type World } from './world.ts';

const who = users.dana;
export const credentials = [field('Username', `${who.Username}*${who.Ext}`), field('Password', who.Password)];
const senderOf = (extension: string): readonly WirePart[] => [
  field('Username', `${who.Username}*${extension}`),
  field('Password', '1234'),
];
export const recipient = field('Recipient', '6505550100|Demo Recipient');
export const attachment = file('order.txt', 'Twelve crates\r\n', 'text/plain');
/** Every byte value, then line ends and text that looks like a boundary. */
export const everyByte = Buffer.concat([
  Buffer.from(Array.from({ length: 256 }, (_, index) => index)),
  Buffer.from(`\r\n--${boundary}x\r\n--\r\n\r\n\n\r`),
]);

const plainFax = {
  user: '18889363711*101',
  layout: 'multipart/form-data',
  to: [{ phoneNumber: '+16505550100', name: 'Demo Recipient' }],
  faxResolution: undefined,
  sendTime: undefined,
  isoCode: undefined,
  coverIndex: undefined,
  coverPageText: undefined,
  documents: [{ fileName: 'order.txt', contentType: 'text/plain', bytes: Buffer.from('Twelve crates\r\n') }],
} as const satisfies Omit<SimulatedFax, 'id' | 'acceptedAtMs'>;

/** `faxapi.asp`. */
export function describeFax(world: () => World): void {
  const post = (parts: readonly WirePart[]) => world().ask(faxPost(parts));
  /** The faxes that RingCentral accepted, without the id and the time that it gave them. */
  const sent = () => world().simulator.faxes.map(({ id: _id, acceptedAtMs: _acceptedAtMs, ...fax }) => fax);
  const expectFax = async (parts: readonly WirePart[], fax: Partial<Omit<SimulatedFax, 'id'>>) => {
    expect(await post(parts)).toEqual(plain('0'));
    expect(sent()).toEqual([{ ...plainFax, ...fax }]);
  };

  localTest('that is accepted is answered with only 0', async () => {
    await expectFax([...credentials, recipient, attachment], {});
  });

  localTest('is sent with every recipient, option and document of the request', async () => {
    await expectFax(
      [
        file('C:\\My Documents\\example.doc', everyByte),
        ...senderOf(several[0]),
        field('Recipient', '(650) 555-0101 | Döner & Söhne '),
        field('Recipient', '+442071838750'),
        field('Coverpage', 'Contempo'),
        field('Coverpagetext', 'This is a test fax'),
        field('Resolution', 'High'),
        field('Sendtime', '31:12:99 23:59'),
        file('/home/demo/logo.png', 'not really a picture'),
      ],
      {
        user: `18889363711*${several[0]}`,
        to: [
          { phoneNumber: '+16505550101', name: 'Döner & Söhne' },
          { phoneNumber: '+442071838750', name: undefined },
        ],
        coverIndex: 7,
        coverPageText: 'This is a test fax',
        faxResolution: 'High',
        sendTime: '2099-12-31T23:59:00.000Z',
        documents: [
          { fileName: 'example.doc', contentType: 'application/msword', bytes: everyByte },
          { fileName: 'logo.png', contentType: 'image/png', bytes: Buffer.from('not really a picture') },
        ],
      },
    );
  });

  localTest.each([
    ['Recipient[0] and Recipient[1], as PHP sends arrays', ['Recipient[0]', 'Recipient[1]'], several[1]],
    ['recipient[], as Ruby sends them', ['recipient[]', 'recipient[]'], several[2]],
    ['the field in two cases', ['RECIPIENT', 'recipient'], several[3]],
  ])('to several recipients: %s', async (_name, names, extension) => {
    const recipients = names.map((name, index) => field(name, `650555010${index}`));
    await expectFax([...senderOf(extension), ...recipients, attachment], {
      user: `18889363711*${extension}`,
      to: [
        { phoneNumber: '+16505550100', name: undefined },
        { phoneNumber: '+16505550101', name: undefined },
      ],
    });
  });

  localTest('to the same number twice is sent once', async () => {
    await expectFax([...credentials, recipient, field('Recipient', '+1 650-555-0100'), attachment], {});
  });

  const to = { phoneNumber: '+16505550100', name: undefined };
  localTest.each<[string, readonly WirePart[], SimulatedFax['to']]>([
    [
      'names, one with a bar in it',
      [field('Recipient', '6505550100|Ann'), field('Recipient', '6505550101 | Bob | Co ')],
      [
        { ...to, name: 'Ann' },
        { phoneNumber: '+16505550101', name: 'Bob | Co' },
      ],
    ],
    ['an empty name', [field('Recipient', '6505550100|')], [to]],
    [
      'an empty one beside a good one',
      [field('Recipient', ''), field('Recipient', '6505550100'), field('Recipient', ' | ')],
      [to],
    ],
    [
      'a name in Windows-1252',
      [field('Recipient', Buffer.from('6505550100|J\xf6rg', 'latin1'))],
      [{ ...to, name: 'Jörg' }],
    ],
    ['a name in UTF-8', [field('Recipient', '6505550100|Jörg 北')], [{ ...to, name: 'Jörg 北' }]],
  ])('to recipients with %s', async (_name, recipients, expected) => {
    const isOne = expected.length === 1;
    const sender = isOne ? credentials : senderOf(several[4]);
    await expectFax([...sender, ...recipients, attachment], {
      to: expected,
      ...(isOne ? {} : { user: `18889363711*${several[4]}` }),
    });
  });

  localTest("to a national number is sent to the user's home country", async () => {
    const british = [field('Username', '18889363711*104'), field('Password', '1234')];
    await expectFax([...british, field('Recipient', '020 7183 8750'), attachment], {
      user: '18889363711*104',
      to: [{ phoneNumber: '+442071838750', name: undefined }],
    });
  });

  describe('the sender', () => {
    localTest.each([
      ['number*extension', [field('Username', '18889363711*101'), field('Password', '1234')]],
      ['Ext', [field('Username', '18889363711'), field('Ext', '101'), field('Password', '1234')]],
      ['Extension', [field('username', '8889363711'), field('EXTENSION', '101'), field('password', ' 1234 ')]],
    ])('is read from %s', async (_name, fields) => {
      await expectFax([...fields, recipient, attachment], {});
    });

    localTest('is the main line without an extension', async () => {
      const main = [field('Username', '18889363711'), field('Password', 'demo-main-line')];
      await expectFax([...main, recipient, attachment], { user: '18889363711' });
    });

    localTest('needs no password when none is stored', async () => {
      await expectFax([field('Username', '18889363711*102'), recipient, attachment], { user: '18889363711*102' });
    });
  });

  describe('cover page', () => {
    localTest.each([
      ['absent', [], undefined],
      ['empty', [field('Coverpage', '')], undefined],
      ['Default', [field('Coverpage', 'default')], undefined],
      ['None', [field('Coverpage', 'NONE')], 0],
      ['ClasMod', [field('Coverpage', 'ClasMod')], 4],
      ['a number, as a widely used client sends it', [field('Coverpage', '13')], 13],
      ["a name that is only in RingCentral's dictionary", [field('Coverpage', 'demo letterhead')], 104],
      ['an unknown name', [field('Coverpage', 'Baroque')], undefined],
    ])('%s', async (_name, fields, coverIndex) => {
      await expectFax([...credentials, recipient, ...fields, attachment], { coverIndex });
    });

    localTest('text without an attachment is also sent as a text document', async () => {
      const text = 'Grüße, ☎';
      await expectFax([...credentials, recipient, field('Coverpagetext', text)], {
        coverPageText: text,
        documents: [
          { fileName: 'cover-page-text.txt', contentType: 'text/plain; charset=utf-8', bytes: Buffer.from(text) },
        ],
      });
    });

    localTest('text in Windows-1252 is decoded', async () => {
      const text = field('Coverpagetext', Buffer.from('Grüße', 'latin1'));
      await expectFax([...credentials, recipient, text, attachment], { coverPageText: 'Grüße' });
    });

    localTest('text is decoded by the charset that its part declares', async () => {
      const [disposition = ''] = field('Coverpagetext', '').headers;
      const text = {
        headers: [disposition, 'Content-Type: text/plain; charset=windows-1251'],
        bytes: Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]),
      };
      await expectFax([...credentials, recipient, text, attachment], { coverPageText: 'Привет' });
    });

    localTest('text of 1,024 characters is sent whole', async () => {
      const coverPageText = 'x'.repeat(1024);
      await expectFax([...credentials, recipient, field('Coverpagetext', coverPageText), attachment], {
        coverPageText,
      });
    });

    localTest('None drops its text', async () => {
      const parts = [field('Coverpage', 'None'), field('Coverpagetext', 'Hello')];
      await expectFax([...credentials, recipient, ...parts, attachment], { coverIndex: 0 });
    });

    localTest.each([
      ['x'.repeat(1025), 'x'.repeat(1024)],
      [`${'x'.repeat(1023)}😀`, 'x'.repeat(1023)],
    ])('text over 1,024 characters is cut, and the whole text is the first document', async (text, coverPageText) => {
      await expectFax([...credentials, recipient, field('Coverpagetext', text), attachment], {
        coverPageText,
        documents: [
          { fileName: 'cover-page-text.txt', contentType: 'text/plain; charset=utf-8', bytes: Buffer.from(text) },
          ...plainFax.documents,
        ],
      });
    });
  });

  describe('unknown or invalid options never fail a fax', () => {
    localTest.each([
      ['a Sendtime in another format', field('Sendtime', '2030-02-01')],
      ['a Sendtime that does not exist', field('Sendtime', '31:02:99 10:00')],
      ['a Sendtime in the past', field('Sendtime', '01:01:20 00:00')],
      ['an empty Sendtime', field('Sendtime', '')],
      ['an empty Resolution', field('Resolution', '')],
      ['an unknown Resolution', field('Resolution', 'Fine')],
      ['an unknown field', field('X-Demo', 'demo')],
    ])('%s', async (_name, part) => {
      await expectFax([...credentials, recipient, part, attachment], {});
    });
  });

  localTest.each<[string, string, Partial<SimulatedFax>]>([
    ['Resolution', 'Low', { faxResolution: 'Low' }],
    ['Resolution', 'HIGH', { faxResolution: 'High' }],
    ['sendtime', '1:2:30 3:4', { sendTime: '2030-02-01T03:04:00.000Z' }],
  ])('is sent with %s=%s', async (name, value, fax) => {
    await expectFax([...credentials, recipient, field(name, value), attachment], fax);
  });

  describe('documents', () => {
    const named = (disposition: string): WirePart => ({
      headers: [`Content-Disposition: form-data; ${disposition}`],
      bytes: 'a',
    });
    localTest.each<[string, WirePart, { readonly fileName: string; readonly contentType: string }]>([
      ['a Windows path', file('C:\\fax\\new\\order.txt', 'a'), { fileName: 'order.txt', contentType: 'text/plain' }],
      ['a Unix path', file('/var/fax/order.pdf', 'a'), { fileName: 'order.pdf', contentType: 'application/pdf' }],
      [
        'a share',
        file('\\\\server\\share\\a b.xls', 'a'),
        { fileName: 'a b.xls', contentType: 'application/vnd.ms-excel' },
      ],
      [
        'Attachment[0]',
        file('a.doc', 'a', undefined, 'Attachment[0]'),
        { fileName: 'a.doc', contentType: 'application/msword' },
      ],
      [
        'attachment[]',
        file('a.pdf', 'a', undefined, 'attachment[]'),
        { fileName: 'a.pdf', contentType: 'application/pdf' },
      ],
      [
        'a content type that says nothing',
        file('scan.PDF', 'a', 'application/octet-stream'),
        { fileName: 'scan.PDF', contentType: 'application/pdf' },
      ],
      [
        'a content type with parameters',
        file('a.txt', 'a', 'text/plain; charset=ISO-8859-1'),
        { fileName: 'a.txt', contentType: 'text/plain; charset=iso-8859-1' },
      ],
      [
        'an empty file name',
        file('', 'a', 'application/pdf'),
        { fileName: 'attachment.pdf', contentType: 'application/pdf' },
      ],
      [
        'filename* beside filename',
        named(`name="Attachment"; filename="x.pdf"; filename*=UTF-8''na%C3%AFve.pdf`),
        { fileName: 'naïve.pdf', contentType: 'application/pdf' },
      ],
      [
        'a name in Windows-1252',
        {
          headers: [
            Buffer.from('Content-Disposition: form-data; name="Attachment"; filename="na\xefve.pdf"', 'latin1'),
          ],
          bytes: 'a',
        },
        { fileName: 'naïve.pdf', contentType: 'application/pdf' },
      ],
      ['a quote inside', file('a "b".pdf', 'a'), { fileName: 'a _b_.pdf', contentType: 'application/pdf' }],
      [
        'characters that RingCentral asks not to use',
        file('R&D #1 50% @ $9^*.pdf', 'a'),
        { fileName: 'R_D _1 50_ _ _9__.pdf', contentType: 'application/pdf' },
      ],
      [
        'a very long name',
        file(`${'n'.repeat(400)}.pdf`, 'a'),
        { fileName: `${'n'.repeat(246)}.pdf`, contentType: 'application/pdf' },
      ],
      [
        'header names in any case, folded',
        { headers: ['CONTENT-DISPOSITION: form-data;', '  name="attachment"; filename="a.pdf"'], bytes: 'a' },
        { fileName: 'a.pdf', contentType: 'application/pdf' },
      ],
      [
        'unquoted names, as .NET writes them',
        {
          headers: [
            'Content-Type: application/octet-stream',
            "Content-Disposition: form-data; name=attachment; filename=a.pdf; filename*=utf-8''%C3%A4.pdf",
          ],
          bytes: 'a',
        },
        { fileName: 'ä.pdf', contentType: 'application/pdf' },
      ],
      ['no file name', named('name="Attachment"'), { fileName: 'attachment.txt', contentType: 'text/plain' }],
      [
        'its own content type',
        file('scan.dat', 'a', 'image/tiff'),
        { fileName: 'scan.dat.tif', contentType: 'image/tiff' },
      ],
    ])('with %s', async (_name, part, document) => {
      await expectFax([...credentials, recipient, part], { documents: [{ ...document, bytes: Buffer.from('a') }] });
    });

    localTest.each([
      [
        'line feeds alone',
        multipart([...credentials, recipient, file('a.doc', everyByte)], {
          lineEnd: '\n',
          closing: `--${boundary}--\r\n`,
        }),
      ],
      [
        'LF before and CRLF behind every delimiter',
        multipart([...credentials, recipient, file('a.doc', everyByte)], { payloadEnd: '\n' }),
      ],
      [
        'CRLF before and LF behind every delimiter',
        multipart([...credentials, recipient, file('a.doc', everyByte)], { lineEnd: '\n', payloadEnd: '\r\n' }),
      ],
      [
        'one delimiter line that ends in LF',
        Buffer.concat([
          multipart(credentials, { closing: '' }),
          multipart([recipient], { lineEnd: '\n', payloadEnd: '\r\n', closing: '' }),
          multipart([file('a.doc', everyByte)]),
        ]),
      ],
      [
        'a preamble',
        multipart([...credentials, recipient, file('a.doc', everyByte)], { preamble: 'This is MIME.\r\n' }),
      ],
      [
        'a byte order mark first',
        multipart([...credentials, recipient, file('a.doc', everyByte)], { preamble: '\uFEFF' }),
      ],
      [
        'NULs behind the last boundary',
        multipart([...credentials, recipient, file('a.doc', everyByte)], { closing: `--${boundary}--\0\0` }),
      ],
      [
        'no line end after the last boundary',
        multipart([...credentials, recipient, file('a.doc', everyByte)], { closing: `--${boundary}--` }),
      ],
    ])('keep every byte in a body with %s', async (_name, body) => {
      expect(await world().ask({ ...faxPost([]), body })).toEqual(plain('0'));
      expect(sent()).toEqual([
        { ...plainFax, documents: [{ fileName: 'a.doc', contentType: 'application/msword', bytes: everyByte }] },
      ]);
    });

    localTest('keep every byte before an epilogue', async () => {
      const body = Buffer.concat([multipart([...credentials, recipient, attachment]), Buffer.from('\r\nbye')]);
      expect(await world().ask({ ...faxPost([]), body })).toEqual(plain('0'));
      expect(sent()).toEqual([plainFax]);
    });

    localTest('keep their order without an unused file field', async () => {
      const three = [file('1.txt', 'one'), file('', ''), file('3.txt', 'three')];
      await expectFax([three[0] ?? attachment, ...credentials, recipient, ...three.slice(1)], {
        documents: [
          { fileName: '1.txt', contentType: 'text/plain', bytes: Buffer.from('one') },
          { fileName: '3.txt', contentType: 'text/plain', bytes: Buffer.from('three') },
        ],
      });
    });

    localTest.each([
      ['one of them has nothing in it', file('2.txt', ''), '4'],
      ['another file is in a field of another name', file('2.txt', 'two', undefined, 'Attachment2'), '5'],
      [
        'one of them has parts of its own',
        {
          headers: [
            'Content-Disposition: form-data; name="Attachment"',
            'Content-Type: multipart/mixed; boundary="in"',
          ],
          bytes: '--in\r\nContent-Disposition: file; filename="2.txt"\r\n\r\ntwo\r\n--in--',
        },
        '5',
      ],
      [
        'one of them is uuencoded',
        {
          headers: [
            'Content-Disposition: form-data; name="Attachment"; filename="2.txt"',
            'Content-Transfer-Encoding: x-uuencode',
          ],
          bytes: 'begin 644 2.txt\n#0V%T\n`\nend\n',
        },
        '5',
      ],
    ])('are not sent without all of them: %s', async (_name, part, digit) => {
      expect(await world().ask(faxPost([...credentials, recipient, file('1.txt', 'one'), part]))).toEqual(plain(digit));
      expect(sent()).toEqual([]);
    });

    localTest.each([
      [
        'other fields in the query, which lose against the body',
        { Username: 'x', Recipient: '6505550191' },
        [...credentials, recipient, attachment],
      ],
      ['the credentials in the query', who, [recipient, attachment]],
    ] as const)('are sent with %s', async (_name, fields, parts) => {
      expect(await world().ask({ ...faxPost(parts), target: `/faxapi.asp?${query(fields)}` })).toEqual(plain('0'));
      expect(sent()).toEqual([plainFax]);
    });

    localTest("keep every byte when the request's content type is in mixed case", async () => {
      const headers = { 'Content-Type': `Multipart/Form-Data; boundary="${boundary}"` };
      expect(await world().ask({ ...faxPost([...credentials, recipient, file('a.doc', everyByte)]), headers })).toEqual(
        plain('0'),
      );
      expect(sent().map(({ documents }) => documents[0]?.bytes)).toEqual([everyByte]);
    });

    localTest("get the right type and name when the program's are wrong", async () => {
      const pdf = Buffer.from('\ufeff%PDF-1.4\r\n');
      const word = Buffer.from('d0cf11e0a1b11ae1', 'hex');
      const encodedName = {
        headers: ['Content-Disposition: form-data; name="Attachment"; filename="=?utf-8?B?w4QuZG9j?="'],
      };
      await expectFax(
        [
          ...credentials,
          recipient,
          { headers: ['Content-Disposition: form-data; name="Attachment"', 'Content-Type: text/plain'], bytes: pdf },
          file('php1A2B.tmp', pdf, 'application/octet-stream'),
          file('Report v1.2', word, 'application/x-download'),
          { ...encodedName, bytes: 'a' },
        ],
        {
          documents: [
            { fileName: 'attachment.pdf', contentType: 'application/pdf', bytes: pdf },
            { fileName: 'php1A2B.tmp.pdf', contentType: 'application/pdf', bytes: pdf },
            { fileName: 'Report v1.2.doc', contentType: 'application/msword', bytes: word },
            { fileName: 'Ä.doc', contentType: 'application/msword', bytes: Buffer.from('a') },
          ],
        },
      );
    });

    localTest('may be url-encoded text', async () => {
      const text = '  Order 12\r\n100% Käse + Brot\r\n';
      const fields = { Username: '18889363711*101', Password: '1234', Recipient: '6505550100', Attachment: text };
      expect(await world().ask(formPost(fields, '/faxapi.asp'))).toEqual(plain('0'));
      expect(sent()).toEqual([
        {
          ...plainFax,
          to: [{ phoneNumber: '+16505550100', name: undefined }],
          documents: [
            { fileName: 'attachment.txt', contentType: 'text/plain; charset=utf-8', bytes: Buffer.from(text) },
          ],
        },
      ]);
    });
  });

  localTest("may be escaped by JavaScript's escape()", async () => {
    const fields = {
      Username: '18889363711*101',
      Password: '1234',
      Recipient: '6505550100%7CM%FCller%20%uD83D',
      Coverpagetext: 'M%FCller%20%u2013%205%u20AC%20%uD83D%uDE00',
      Attachment: '%u0417%0D%0A%uDE00%0D%0A',
    };
    const written = Object.entries(fields)
      .map((pair) => pair.join('='))
      .join('&');
    expect(await world().ask(formPost(`${written}\0\0`, '/faxapi.asp'))).toEqual(plain('0'));
    expect(sent()).toEqual([
      {
        ...plainFax,
        to: [{ phoneNumber: '+16505550100', name: 'Müller \uFFFD' }],
        coverPageText: 'Müller – 5€ 😀',
        documents: [
          {
            fileName: 'attachment.txt',
            contentType: 'text/plain; charset=utf-8',
            bytes: Buffer.from('З\r\n\uFFFD\r\n'),
          },
        ],
      },
    ]);
  });

  test('format=json is ignored', async () => {
    const parts = faxPost([recipient, attachment, field('Ext', '987654')]);
    expect(await world().ask({ ...parts, target: '/faxapi.asp?format=json' })).toEqual(plain('1'));
  });

  test('a multipart POST to the other endpoint is a ringout request', async () => {
    const wrong = [field('Username', '18889363711*101'), field('Password', 'not the password')];
    const parts = faxPost([...wrong, field('cmd', 'list'), field('format', 'json'), recipient, attachment]);
    expect(await world().ask({ ...parts, target: '/ringout.asp' })).toEqual(
      json(401, { errorCode: 'CREDENTIALS', message: 'Invalid User or Password' }),
    );
    world().expectNothingPlaced();
  });

  localTest(
    'that RingCentral may have received is answered with 0 after one request, because the outbox settles it',
    async () => {
      const { Username, Ext } = users.open;
      world().simulator.failNext('fax', 'reset-after');
      expect(await post([field('Username', `${Username}*${Ext}`), recipient, attachment])).toEqual(plain('0'));
      expect(world().simulator.requests.filter(({ kind }) => kind === 'fax')).toHaveLength(1);
    },
  );
  describe('that cannot be sent gets a digit other than 0, and nothing is sent', () => {
    const wrongPassword = [credentials[0] ?? recipient, field('Password', 'not the password')];
    test.each<readonly [string, readonly WirePart[], string]>([
      ['wrong credentials', [...wrongPassword, recipient, attachment], '1'],
      ['no credentials', [recipient, attachment, field('Ext', '987654')], '1'],
      ['wrong credentials and nothing else', wrongPassword, '1'],
      ['no recipient', [...credentials, attachment], '3'],
      ['an empty recipient', [...credentials, field('Recipient', ' | '), attachment], '3'],
      ['no recipient and no document', credentials, '3'],
      ['no document', [...credentials, recipient], '4'],
      [
        'no document and no cover page',
        [...credentials, recipient, field('Coverpage', 'None'), field('Coverpagetext', 'x')],
        '4',
      ],
      ['an empty document', [...credentials, recipient, file('a.pdf', '')], '4'],
      ['a cover page without text', [...credentials, recipient, field('Coverpage', 'Modern')], '4'],
      ['no document and a recipient that is not a number', [...credentials, field('Recipient', 'Ann')], '4'],
      ...['Ann', '*67 6505550190', '6505550190,,1', '0'].map(
        (bad) =>
          [
            `one recipient of two that is ${bad}`,
            [...credentials, recipient, field('Recipient', bad), attachment],
            '5',
          ] as const,
      ),
      [
        'one recipient of two that is an extension number',
        [...credentials, recipient, field('Recipient', '101'), attachment],
        '5',
      ],
      [
        'one recipient of two that might be a stranger abroad',
        [...credentials, recipient, field('Recipient', '9-1-650-555-0100|Demo'), attachment],
        '5',
      ],
      ['a recipient with an extension', [...credentials, field('Recipient', '6505550100101'), attachment], '5'],
    ])('%s', async (_name, parts, digit) => {
      expect(await post(parts)).toEqual(plain(digit));
      world().expectNothingPlaced();
    });

    test.each<readonly [string, RequestParts]>([
      ['a GET', { target: '/faxapi.asp' }],
      [
        'a GET with everything in its query',
        { target: '/faxapi.asp?Username=18889363711*101&Password=1234&Recipient=6505550100&Attachment=a' },
      ],
      [
        'a POST of another type',
        { method: 'POST', target: '/faxapi.asp', headers: { 'Content-Type': 'application/json' }, body: '{}' },
      ],
      [
        'a GET with a text and no body',
        { target: `/faxapi.asp?${query({ ...who, Recipient: '6505550100', Coverpagetext: 'x' })}` },
      ],
      [
        'a multipart POST of another kind',
        {
          ...faxPost([...credentials, recipient, attachment]),
          headers: { 'Content-Type': multipartType.replace('form-data', 'mixed') },
        },
      ],
      [
        'a multipart POST of another boundary',
        { ...faxPost([...credentials, recipient, attachment]), headers: { 'Content-Type': `${multipartType}x` } },
      ],
      ...[-6, -60, 60].map(
        (end) =>
          [
            `a body that is cut at ${end}`,
            { ...faxPost([]), body: multipart([...credentials, recipient, attachment]).subarray(0, end) },
          ] as const,
      ),
      [
        'a multipart POST without a boundary',
        { ...faxPost([...credentials, recipient, attachment]), headers: { 'Content-Type': 'multipart/form-data' } },
      ],
      [
        'a body without its last boundary',
        { ...faxPost([]), body: multipart([...credentials, recipient, attachment], { closing: '' }) },
      ],
      [
        'a body with a letter before its first delimiter',
        { ...faxPost([]), body: multipart([...credentials, recipient, attachment], { preamble: 'x' }) },
      ],
      [
        'a body with a delimiter that follows LF, where the others follow CRLF',
        {
          ...faxPost([]),
          body: Buffer.concat([
            multipart(credentials, { closing: '' }),
            multipart([recipient], { payloadEnd: '\n', closing: '' }),
            multipart([attachment]),
          ]),
        },
      ],
      [
        'a body with no line end before a delimiter',
        {
          ...faxPost([]),
          body: Buffer.concat([
            multipart([...credentials, recipient], { payloadEnd: '', closing: '' }),
            multipart([attachment]),
          ]),
        },
      ],
      [
        'a body with a part that has no name',
        faxPost([...credentials, recipient, attachment, { headers: ['Content-Disposition: form-data'], bytes: 'x' }]),
      ],
    ])('%s gets 5', async (_name, parts) => {
      expect(await world().ask(parts)).toEqual(plain('5'));
      world().expectNothingPlaced();
    });

    test.each([
      ['multipart', { 'Content-Type': multipartType }],
      ['url-encoded', { 'Content-Type': formType }],
      ['untyped', {}],
    ])('an empty %s POST does not get 0', async (_name, headers) => {
      const { status, text } = await world().ask({ method: 'POST', target: '/faxapi.asp', headers, body: '' });
      expect([status, text]).toEqual([200, expect.stringMatching(/^[1-5]$/)]);
      world().expectNothingPlaced();
    });

    localTest.each([
      ['a missing permission of the application', { status: 403, body: { errorCode: 'CMN-401' } }, '2'],
      ['a missing permission of the user', { status: 403, body: { errorCode: 'CMN-408' } }, '2'],
      ['fax being prohibited', { status: 403, body: { errorCode: 'MSG-340' } }, '2'],
      ['a plan without fax', { status: 403, body: { errorCode: 'BIL-103' } }, '2'],
      ['a plan without this feature', { status: 403, body: { errorCode: 'CMN-403' } }, '2'],
      ['a request that is too large', { status: 413, body: { errorCode: 'CMN-401' } }, '5'],
      ['a document it cannot render', { status: 415, body: { errorCode: 'MSG-348' } }, '5'],
      ['an invalid number', { status: 400, body: { errorCode: 'MSG-344' } }, '5'],
    ] as const)('%s at RingCentral gets its digit after one request', async (_name, fault, digit) => {
      world().simulator.failNext('fax', fault);
      expect(await post([...credentials, recipient, attachment])).toEqual(plain(digit));
      expect(world().simulator.requests.filter(({ kind }) => kind === 'fax')).toHaveLength(1);
      expect(world().simulator.faxes).toEqual([]);
    });
  });
}
