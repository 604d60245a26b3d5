import { Buffer } from 'node:buffer';
import type { SimulatedFax } from '../../infra/local/simulator/fax.ts';
import { field, file, type WirePart } from '../multipart.ts';
import { boundary, formType, httpRequest, multipart, multipartType } from './requests.ts';
import { send } from './wire.ts';
import { faxPost, formPost, localTest, plain, users, type World } from './world.ts';

const who = users.dana;
const credentials = [field('Username', `${who.Username}*${who.Ext}`), field('Password', who.Password)];
const recipient = field('Recipient', '6505550100|Demo Recipient');
const attachment = file('order.txt', 'Twelve crates\r\n', 'text/plain');
/** Every byte there is, with line ends and boundary look-alikes in between. */
const bytes = Buffer.concat([
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
  /** The faxes RingCentral has accepted, without what only RingCentral knows. */
  const sent = () => world().simulator.faxes.map(({ id: _id, acceptedAtMs: _acceptedAtMs, ...fax }) => fax);
  const expectFax = async (parts: readonly WirePart[], fax: Partial<Omit<SimulatedFax, 'id'>>) => {
    expect(await post(parts)).toEqual(plain('0'));
    expect(sent()).toEqual([{ ...plainFax, ...fax }]);
  };

  localTest('that is accepted is answered with 0 alone', async () => {
    await expectFax([...credentials, recipient, attachment], {});
  });

  localTest('goes out with everything it was ordered with', async () => {
    await expectFax(
      [
        file('C:\\My Documents\\example.doc', bytes),
        ...credentials,
        field('Recipient', '(650) 555-0101 | Döner & Söhne '),
        field('Recipient', '+442071838750'),
        field('Coverpage', 'Contempo'),
        field('Coverpagetext', 'This is a test fax'),
        field('Resolution', 'High'),
        field('Sendtime', '31:12:99 23:59'),
        file('/home/demo/logo.png', 'not really a picture'),
      ],
      {
        to: [
          { phoneNumber: '+16505550101', name: 'Döner & Söhne' },
          { phoneNumber: '+442071838750', name: undefined },
        ],
        coverIndex: 7,
        coverPageText: 'This is a test fax',
        faxResolution: 'High',
        sendTime: '2099-12-31T23:59:00.000Z',
        documents: [
          { fileName: 'example.doc', contentType: 'application/msword', bytes },
          { fileName: 'logo.png', contentType: 'image/png', bytes: Buffer.from('not really a picture') },
        ],
      },
    );
  });

  localTest.each([
    ['Recipient[0] and Recipient[1], as PHP sends arrays', ['Recipient[0]', 'Recipient[1]']],
    ['recipient[], as Ruby sends them', ['recipient[]', 'recipient[]']],
    ['RECIPIENT twice', ['RECIPIENT', 'RECIPIENT']],
  ])('to several recipients: %s', async (_name, names) => {
    const recipients = names.map((name, index) => field(name, `650555010${index}`));
    await expectFax([...credentials, ...recipients, attachment], {
      to: [
        { phoneNumber: '+16505550100', name: undefined },
        { phoneNumber: '+16505550101', name: undefined },
      ],
    });
  });

  localTest('to the same number twice goes out once', async () => {
    await expectFax([...credentials, recipient, field('Recipient', '+1 650-555-0100'), attachment], {});
  });

  describe('who sends it', () => {
    localTest.each([
      ['number*extension', [field('Username', '18889363711*101'), field('Password', '1234')]],
      ['Ext', [field('Username', '18889363711'), field('Ext', '101'), field('Password', '1234')]],
      ['Extension', [field('username', '8889363711'), field('extension', '101'), field('password', '1234')]],
    ])('is read from %s', async (_name, fields) => {
      await expectFax([...fields, recipient, attachment], {});
    });

    localTest('may have no password where none is stored', async () => {
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
      ['a name nobody knows', [field('Coverpage', 'Baroque')], undefined],
    ])('%s', async (_name, fields, coverIndex) => {
      await expectFax([...credentials, recipient, ...fields, attachment], { coverIndex });
    });

    localTest('with text and no attachment goes out as a text document too', async () => {
      const text = 'Grüße, ☎';
      await expectFax([...credentials, recipient, field('Coverpagetext', text)], {
        coverPageText: text,
        documents: [
          { fileName: 'cover-page-text.txt', contentType: 'text/plain; charset=utf-8', bytes: Buffer.from(text) },
        ],
      });
    });

    localTest('with text in Windows-1252 is read as that', async () => {
      const text = field('Coverpagetext', Buffer.from('Grüße', 'latin1'));
      await expectFax([...credentials, recipient, text, attachment], { coverPageText: 'Grüße' });
    });

    localTest('with text in the encoding that its part declares is read as that', async () => {
      const [disposition = ''] = field('Coverpagetext', '').headers;
      const text = {
        headers: [disposition, 'Content-Type: text/plain; charset=windows-1251'],
        bytes: Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]),
      };
      await expectFax([...credentials, recipient, text, attachment], { coverPageText: 'Привет' });
    });

    localTest('with more text than fits has it cut, and sent whole as the first document', async () => {
      const text = 'x'.repeat(1025);
      await expectFax([...credentials, recipient, field('Coverpagetext', text), attachment], {
        coverPageText: 'x'.repeat(1024),
        documents: [
          { fileName: 'cover-page-text.txt', contentType: 'text/plain; charset=utf-8', bytes: Buffer.from(text) },
          ...plainFax.documents,
        ],
      });
    });
  });

  describe('details that are never an error', () => {
    localTest.each([
      ['a Sendtime that does not exist', field('Sendtime', '31:02:99 10:00')],
      ['a Sendtime in the past', field('Sendtime', '01:01:20 00:00')],
      ['an empty Sendtime', field('Sendtime', '')],
      ['an empty Resolution', field('Resolution', '')],
      ['a Resolution nobody knows', field('Resolution', 'Fine')],
      ['a field nobody knows', field('X-Demo', 'demo')],
    ])('%s', async (_name, part) => {
      await expectFax([...credentials, recipient, part, attachment], {});
    });
  });

  describe('documents', () => {
    localTest.each([
      ['a Windows path', file('C:\\fax\\new\\order.txt', 'a'), { fileName: 'order.txt', contentType: 'text/plain' }],
      ['a Unix path', file('/var/fax/order.pdf', 'a'), { fileName: 'order.pdf', contentType: 'application/pdf' }],
      [
        'Attachment[0]',
        { headers: ['Content-Disposition: form-data; name="Attachment[0]"; filename="a.doc"'], bytes: 'a' },
        { fileName: 'a.doc', contentType: 'application/msword' },
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
      [
        'no file name',
        { headers: ['Content-Disposition: form-data; name="Attachment"'], bytes: 'a' },
        { fileName: 'attachment.txt', contentType: 'text/plain' },
      ],
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
        multipart([...credentials, recipient, file('a.doc', bytes)], { lineEnd: '\n', closing: `--${boundary}--\r\n` }),
      ],
      [
        'LF before and CRLF behind every delimiter',
        multipart([...credentials, recipient, file('a.doc', bytes)], { payloadEnd: '\n' }),
      ],
      [
        'CRLF before and LF behind every delimiter',
        multipart([...credentials, recipient, file('a.doc', bytes)], { lineEnd: '\n', payloadEnd: '\r\n' }),
      ],
      [
        'one delimiter line that ends in LF',
        Buffer.concat([
          multipart(credentials, { closing: '' }),
          multipart([recipient], { lineEnd: '\n', payloadEnd: '\r\n', closing: '' }),
          multipart([file('a.doc', bytes)]),
        ]),
      ],
      ['a preamble', multipart([...credentials, recipient, file('a.doc', bytes)], { preamble: 'This is MIME.\r\n' })],
      ['a byte order mark first', multipart([...credentials, recipient, file('a.doc', bytes)], { preamble: '\uFEFF' })],
      [
        'NULs behind the last boundary',
        multipart([...credentials, recipient, file('a.doc', bytes)], { closing: `--${boundary}--\0\0` }),
      ],
      [
        'no line end after the last boundary',
        multipart([...credentials, recipient, file('a.doc', bytes)], { closing: `--${boundary}--` }),
      ],
    ])('keep every byte in a body with %s', async (_name, body) => {
      expect(await world().ask({ ...faxPost([]), body })).toEqual(plain('0'));
      expect(sent()).toEqual([
        { ...plainFax, documents: [{ fileName: 'a.doc', contentType: 'application/msword', bytes }] },
      ]);
    });

    localTest('keep every byte when the content type of the request is in mixed case', async () => {
      const headers = { 'Content-Type': `Multipart/Form-Data; boundary="${boundary}"` };
      expect(await world().ask({ ...faxPost([...credentials, recipient, file('a.doc', bytes)]), headers })).toEqual(
        plain('0'),
      );
      expect(sent().map(({ documents }) => documents[0]?.bytes)).toEqual([bytes]);
    });

    localTest('keep every byte of the largest body that always fits, sent in chunks', async () => {
      const rest = multipart([...credentials, recipient, file('a.tif', '')]).length;
      const large = Buffer.alloc(4_700_000 - rest, bytes);
      const body = multipart([...credentials, recipient, file('a.tif', large)]);
      const chunked = Buffer.concat([
        Buffer.from('100000\r\n'),
        body.subarray(0, 0x100000),
        Buffer.from(`\r\n${(body.length - 0x100000).toString(16)}\r\n`),
        body.subarray(0x100000),
        Buffer.from('\r\n0\r\n\r\n'),
      ]);
      const headers = { 'Content-Type': multipartType, 'Transfer-Encoding': 'chunked' };
      expect(await world().ask({ ...faxPost([]), headers, body: chunked })).toEqual(plain('0'));
      expect(sent().map(({ documents }) => documents[0]?.bytes.equals(large))).toEqual([true]);
    });

    localTest('go out as what they are, whatever their names and types say', async () => {
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

    localTest('may come as url-encoded text', async () => {
      const text = 'Order 12\r\n100% Käse + Brot\r\n';
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

  describe('that cannot be sent is a digit other than 0, and nothing is sent', () => {
    const wrongPassword = [credentials[0] ?? recipient, field('Password', 'not the password')];
    test.each([
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
      [
        'one recipient of two that is no number',
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

    test.each([
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
    ])('%s is 5', async (_name, parts) => {
      expect(await world().ask(parts)).toEqual(plain('5'));
      world().expectNothingPlaced();
    });

    test.each([
      ['multipart', { 'Content-Type': multipartType }],
      ['url-encoded', { 'Content-Type': formType }],
      ['untyped', {}],
    ])('an empty %s POST is not 0', async (_name, headers) => {
      const { status, text } = await world().ask({ method: 'POST', target: '/faxapi.asp', headers, body: '' });
      expect([status, text]).toEqual([200, expect.stringMatching(/^[1-5]$/)]);
      world().expectNothingPlaced();
    });

    localTest('an upload that breaks off sends nothing', async () => {
      const whole = httpRequest(world().host, faxPost([...credentials, recipient, attachment]));
      await send(world().baseUrl, whole.subarray(0, whole.length - 40), { hangUp: true });
      expect(await post([...credentials, field('Recipient', '6505550101'), attachment])).toEqual(plain('0'));
      expect(sent().map(({ to }) => to)).toEqual([[{ phoneNumber: '+16505550101', name: undefined }]]);
    });

    localTest.each([
      ['a missing permission of the application', { status: 403, body: { errorCode: 'CMN-401' } }, '2'],
      ['a missing permission of the user', { status: 403, body: { errorCode: 'CMN-408' } }, '2'],
      ['fax being prohibited', { status: 403, body: { errorCode: 'MSG-340' } }, '2'],
      ['a plan without fax', { status: 403, body: { errorCode: 'BIL-103' } }, '2'],
      ['a plan without this feature', { status: 403, body: { errorCode: 'CMN-403' } }, '2'],
      ['a request that is too large', { status: 413, body: { errorCode: 'CMN-401' } }, '5'],
      ['a document it cannot render', { status: 415, body: { errorCode: 'MSG-348' } }, '5'],
    ] as const)('%s at RingCentral, asked once', async (_name, fault, digit) => {
      world().simulator.failNext('fax', fault);
      expect(await post([...credentials, recipient, attachment])).toEqual(plain(digit));
      expect(world().simulator.requests.filter(({ kind }) => kind === 'fax')).toHaveLength(1);
    });

    localTest('a fax that RingCentral may have is 0, asked once: the outbox finds out', async () => {
      const { Username, Ext } = users.open;
      world().simulator.failNext('fax', 'reset-after');
      expect(await post([field('Username', `${Username}*${Ext}`), recipient, attachment])).toEqual(plain('0'));
      expect(world().simulator.requests.filter(({ kind }) => kind === 'fax')).toHaveLength(1);
    });
  });
}
