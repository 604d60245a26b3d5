import * as fc from 'fast-check';
import type { FaxOrder } from '../../lib/domain/fax.ts';
import { LegacyFailure, type FailureCode } from '../../lib/domain/failure.ts';
import { faxAccepted, maxRecipientLength, maxRecipients, parseFax } from '../../lib/legacy/fax.ts';
import { mergeFields } from '../../lib/legacy/fields.ts';
import type { FieldPair } from '../../lib/legacy/fields.ts';
import type { MultipartPart } from '../../lib/legacy/multipart.ts';
import { latin1, utf8 } from './bytes.ts';

const nowMs = Date.UTC(2026, 10, 23, 12, 0);

interface Sent {
  readonly body?: readonly FieldPair[];
  readonly query?: readonly FieldPair[];
  readonly parts?: readonly MultipartPart[];
}

function parse({ body = [], query = [], parts = [] }: Sent): ReturnType<typeof parseFax> {
  return parseFax({ fields: mergeFields(body, query), parts, nowMs, homeCountry: 'US' });
}

function attachment(overrides: Partial<MultipartPart> = {}): MultipartPart {
  return { name: 'Attachment', fileName: 'order.pdf', contentType: undefined, bytes: utf8('%PDF'), ...overrides };
}

function text(value: string, fileName: string) {
  return { fileName, contentType: 'text/plain; charset=utf-8', bytes: utf8(value) };
}

const recipient: FieldPair = ['Recipient', '6505551230'];
const order: FaxOrder = {
  recipients: [{ number: '+16505551230', name: undefined }],
  documents: [{ fileName: 'order.pdf', contentType: 'application/pdf', bytes: utf8('%PDF') }],
  cover: { kind: 'default' },
  coverText: undefined,
  resolution: undefined,
  sendAtMs: undefined,
};

/** The code of the failure that a request throws. */
function failureOf(sent: Sent): LegacyFailure | undefined {
  try {
    parse(sent);
  } catch (error) {
    if (error instanceof LegacyFailure) return error;
    throw error;
  }
  return undefined;
}

const codeOf = (sent: Sent): string => failureOf(sent)?.code ?? 'none';

test('an accepted fax is answered with 0', () => {
  expect(faxAccepted).toBe('0');
});

describe('a fax', () => {
  test('of one document to one recipient', () => {
    expect(parse({ body: [recipient], parts: [attachment()] })).toEqual({ order, remarks: [] });
  });

  test('with every field', () => {
    const body: FieldPair[] = [
      ['Recipient', '6505551230|Anna | Bob'],
      ['Coverpage', 'Urgent'],
      ['Coverpagetext', 'Hello\r\nthere'],
      ['Resolution', 'HIGH'],
      ['Sendtime', '24:12:26 18:30'],
    ];
    expect(parse({ body, parts: [attachment()] })).toEqual({
      order: {
        ...order,
        recipients: [{ number: '+16505551230', name: 'Anna | Bob' }],
        cover: { kind: 'index', index: 13 },
        coverText: 'Hello\r\nthere',
        resolution: 'High',
        sendAtMs: Date.UTC(2026, 11, 24, 18, 30),
      },
      remarks: [],
    });
  });
});

describe('recipients', () => {
  test('under the keys of an array are all read, or the fax is refused', () => {
    const keyed: FieldPair[] = [
      ['Recipient[first]', '6505551230'],
      ['Recipient[1][number]', '6505551231'],
    ];
    expect(parse({ body: keyed, parts: [attachment()] }).order.recipients.map(({ number }) => number)).toEqual([
      '+16505551230',
      '+16505551231',
    ]);
    expect(codeOf({ body: [...keyed, ['Recipient[1][name]', 'Anna']], parts: [attachment()] })).toBe(
      'recipient_invalid',
    );
  });

  test.each<[string, Sent, FaxOrder['recipients']]>([
    [
      'in the order sent',
      {
        body: [
          ['Recipient[1]', '6505551232'],
          ['recipient[]', '6505551231|A'],
        ],
      },
      [
        { number: '+16505551232', name: undefined },
        { number: '+16505551231', name: 'A' },
      ],
    ],
    ['from the query', { query: [recipient] }, order.recipients],
    ['from the body alone', { body: [recipient], query: [['Recipient', '6505551231']] }, order.recipients],
    ['with an empty name', { body: [['Recipient', '6505551230|']] }, order.recipients],
    ['with blanks', { body: [['Recipient', ' 650 555 1230 | Anna ']] }, [{ number: '+16505551230', name: 'Anna' }]],
    [
      'with line ends in the name',
      { body: [['Recipient', '6505551230|A\r\nB\0']] },
      [{ number: '+16505551230', name: 'A  B' }],
    ],
    [
      'empty ones beside others',
      { body: [['Recipient', '|'], ['Recipient', '| ||'], ['Recipient', ''], recipient] },
      order.recipients,
    ],
  ])('%s', (_, sent, recipients) => {
    expect(parse({ ...sent, parts: [attachment()] })).toEqual({ order: { ...order, recipients }, remarks: [] });
  });

  test('the same number is faxed once, whatever its spelling', () => {
    const body: FieldPair[] = [recipient, ['Recipient', '+1 (650) 555-1230|Anna'], ['Recipient', '16505551230|Bob']];
    expect(parse({ body, parts: [attachment()] })).toEqual({
      order: { ...order, recipients: [{ number: '+16505551230', name: 'Anna' }] },
      remarks: ['a recipient given more than once is faxed once'],
    });
  });

  const numbered = (count: number) =>
    Array.from({ length: count }, (_, index): FieldPair => ['Recipient', `650555${String(index).padStart(4, '0')}`]);
  const named = (length: number): FieldPair => ['Recipient', '6505551230|'.padEnd(length, 'n')];

  test('of the maximum number and length are accepted', () => {
    const { recipients } = parse({ body: numbered(maxRecipients), parts: [attachment()] }).order;
    expect(recipients).toHaveLength(maxRecipients);
    const [longest] = parse({ body: [named(maxRecipientLength)], parts: [attachment()] }).order.recipients;
    expect(longest?.name).toHaveLength(maxRecipientLength - '6505551230|'.length);
  });

  test.each<[string, readonly FieldPair[]]>([
    ['more than the maximum', numbered(maxRecipients + 1)],
    ['others and one over the maximum length', [recipient, named(maxRecipientLength + 1)]],
  ])('%s are refused before any is read', (_, body) => {
    const normalize = jest.spyOn(String.prototype, 'normalize');
    try {
      expect(codeOf({ body, parts: [attachment()] })).toBe('malformed');
      expect(normalize).not.toHaveBeenCalled();
    } finally {
      normalize.mockRestore();
    }
  });
});

describe('documents', () => {
  test.each<[string, MultipartPart[], [string, string, string][]]>([
    [
      'in the order sent',
      [attachment({ name: 'attachment[1]' }), attachment({ name: 'ATTACHMENT', fileName: 'b.tif' })],
      [
        ['order.pdf', 'application/pdf', '%PDF'],
        ['b.tif', 'image/tiff', '%PDF'],
      ],
    ],
    ['of a type of their own', [attachment({ contentType: 'image/gif' })], [['order.pdf', 'image/gif', '%PDF']]],
    [
      'of the type octet-stream',
      [attachment({ contentType: 'application/octet-stream' })],
      [['order.pdf', 'application/pdf', '%PDF']],
    ],
    [
      'with an empty name',
      [attachment({ fileName: '', contentType: 'application/pdf' })],
      [['attachment.pdf', 'application/pdf', '%PDF']],
    ],
    ['with an empty name and no type', [attachment({ fileName: '' })], [['attachment.txt', 'text/plain', '%PDF']]],
    [
      'several with an empty name',
      [attachment({ fileName: '' }), attachment({ fileName: '' })],
      [
        ['attachment.txt', 'text/plain', '%PDF'],
        ['attachment-2.txt', 'text/plain', '%PDF'],
      ],
    ],
    ['without a name', [attachment({ fileName: undefined })], [['attachment.txt', 'text/plain', '%PDF']]],
    [
      'without a name, with a type',
      [attachment({ fileName: undefined, contentType: 'text/plain; charset=utf-16' })],
      [['attachment.txt', 'text/plain; charset=utf-16', '%PDF']],
    ],
    [
      'without a name, of another type',
      [attachment({ fileName: undefined, contentType: 'text/html' })],
      [['attachment.html', 'text/html', '%PDF']],
    ],
    [
      'without a name, of an unknown type',
      [attachment({ fileName: undefined, contentType: 'application/x-unheard-of' })],
      [['attachment.txt', 'text/plain', '%PDF']],
    ],
    [
      'of names that become equal, numbered before the last dot',
      [attachment({ fileName: ' a.b.pdf' }), attachment({ fileName: 'a.b.pdf ' })],
      [
        ['a.b.pdf', 'application/pdf', '%PDF'],
        ['a.b-2.pdf', 'application/pdf', '%PDF'],
      ],
    ],
    [
      'of names that get the same extension, numbered before it',
      [attachment({ fileName: 'a', bytes: utf8('{\\rtf') }), attachment({ fileName: 'a', bytes: utf8('{\\rtf') })],
      [
        ['a.rtf', 'application/rtf', '{\\rtf'],
        ['a-2.rtf', 'application/rtf', '{\\rtf'],
      ],
    ],
    [
      'several without a name',
      [attachment({ fileName: undefined }), attachment({ fileName: undefined }), attachment({ fileName: undefined })],
      [
        ['attachment.txt', 'text/plain', '%PDF'],
        ['attachment-2.txt', 'text/plain', '%PDF'],
        ['attachment-3.txt', 'text/plain', '%PDF'],
      ],
    ],
    [
      'of equal names',
      [attachment(), attachment()],
      [
        ['order.pdf', 'application/pdf', '%PDF'],
        ['order.pdf', 'application/pdf', '%PDF'],
      ],
    ],
    [
      'of a control character',
      [attachment({ fileName: undefined, bytes: utf8('\u0001') })],
      [['attachment', 'application/octet-stream', '\u0001']],
    ],
    ['with white space alone in a file', [attachment({ bytes: utf8('\n') })], [['order.pdf', 'application/pdf', '\n']]],
  ])('%s', (_, parts, documents) => {
    expect(parse({ body: [recipient], parts })).toEqual({
      order: {
        ...order,
        documents: documents.map(([fileName, contentType, bytes]) => ({ fileName, contentType, bytes: utf8(bytes) })),
      },
      remarks: [],
    });
  });

  test('keep their bytes as the same view, without a copy', () => {
    for (const fileName of ['a.pdf', '', undefined]) {
      const part = attachment({ fileName, bytes: new Uint8Array([0, 13, 10, 255]) });
      expect(parse({ body: [recipient], parts: [part] }).order.documents[0]?.bytes).toBe(part.bytes);
    }
  });

  test.each([
    ['an empty field of a browser', attachment({ fileName: '', bytes: utf8('') })],
    ['an empty text', attachment({ fileName: undefined, bytes: utf8(' \t\r\n') })],
    ['an empty field that a library gave a file name', attachment({ fileName: 'Attachment', bytes: utf8('') })],
  ])('%s is left out', (_, empty) => {
    expect(parse({ body: [recipient], parts: [empty, attachment()] })).toEqual({
      order,
      remarks: ['an attachment with nothing in it is left out'],
    });
    expect(codeOf({ body: [recipient], parts: [empty] })).toBe('fax_data_missing');
  });

  test.each<[string, FailureCode, MultipartPart]>([
    ['an attached file has nothing in it', 'fax_data_missing', attachment({ bytes: utf8('') })],
    ['a file is in a field other than Attachment', 'malformed', attachment({ name: 'Attachment2' })],
    [
      'a file is in the field of the cover page text',
      'malformed',
      attachment({ name: 'Coverpagetext', bytes: utf8('%PDF-1.4\n') }),
    ],
    [
      'a file without a known extension is in another field',
      'malformed',
      attachment({ name: 'document', fileName: 'blob', bytes: latin1('%PDF-1.4\n\x00') }),
    ],
  ])('where %s, nothing is sent, whatever else there is to fax', (_, code, lost) => {
    const hintOf = (parts: readonly MultipartPart[]): string | undefined =>
      failureOf({ body: [recipient], parts })?.detail.hint;
    expect(hintOf([lost])).toBe(hintOf([attachment(), lost]));
    expect(hintOf([lost])).toMatch(/file/);
    const coverText: FieldPair = ['Coverpagetext', 'Hello'];
    expect(codeOf({ body: [recipient], parts: [attachment(), lost] })).toBe(code);
    expect(codeOf({ body: [recipient, coverText], parts: [lost] })).toBe(code);
    expect(codeOf({ body: [recipient], parts: [lost] })).toBe('fax_data_missing');
    expect(codeOf({ body: [], parts: [lost] })).toBe('recipient_missing');
  });

  test.each([
    [
      'an unknown text, to which a library gave a file name',
      attachment({ name: 't', fileName: 't', bytes: utf8('1') }),
    ],
    ['an unused file field', attachment({ name: 'document', fileName: '', bytes: utf8('') })],
    ['an empty file', attachment({ name: 'document', bytes: utf8('') })],
    ['text', attachment({ name: 'Username', fileName: undefined })],
  ])('another field does not matter with %s', (_, part) => {
    expect(parse({ body: [recipient], parts: [attachment(), part] })).toEqual({ order, remarks: [] });
  });

  test('a text field with a file name does not count as a file in another field', () => {
    expect(parse({ body: [recipient], parts: [attachment(), attachment({ name: 'Recipient' })] })).toEqual({
      order,
      remarks: [],
    });
  });

  test('url-encoded text is a text document with its white space', () => {
    const body: FieldPair[] = [recipient, ['Attachment', ' Änne\n']];
    expect(parse({ body })).toEqual({
      order: { ...order, documents: [text(' Änne\n', 'attachment.txt')] },
      remarks: [],
    });
  });

  test('url-encoded HTML is an HTML document', () => {
    const body: FieldPair[] = [recipient, ['Attachment', '\r\n<html>Änne']];
    expect(parse({ body }).order.documents).toEqual([
      { fileName: 'attachment.html', contentType: 'text/html; charset=utf-8', bytes: utf8('\r\n<html>Änne') },
    ]);
  });

  test('NULs behind url-encoded text are padding', () => {
    expect(parse({ body: [recipient, ['Attachment', 'a\0\0']] }).order.documents).toEqual([
      text('a', 'attachment.txt'),
    ]);
  });

  test.each([
    ['a PDF', '%PDF-1.4\n\u0000\u00e2'],
    ['a PDF whose only bytes beyond ASCII are those of its second line', '%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n'],
    ['RTF with letters beyond ASCII', String.raw`{\rtf1 Änne}`],
  ])('%s in url-encoded text is refused, because its bytes have changed', (_, value) => {
    const body: FieldPair[] = [recipient, ['Attachment', value]];
    expect(codeOf({ body })).toBe('malformed');
    expect(codeOf({ body: body.slice(1) })).toBe('recipient_missing');
  });

  test('a file of ASCII alone in url-encoded text keeps its bytes', () => {
    expect(parse({ body: [recipient, ['Attachment', '%PDF-1.4\nASCII']] }).order.documents).toEqual([
      { fileName: 'attachment.pdf', contentType: 'application/pdf', bytes: utf8('%PDF-1.4\nASCII') },
    ]);
  });

  test('several url-encoded texts have numbered names', () => {
    const body: FieldPair[] = [recipient, ['Attachment[0]', 'a'], ['Attachment[1]', 'b'], ['Attachment[2]', ' ']];
    expect(parse({ body }).order.documents).toEqual([text('a', 'attachment.txt'), text('b', 'attachment-2.txt')]);
  });

  test('a part that is also a field is one document', () => {
    const parts = [attachment({ fileName: undefined, bytes: utf8('a') })];
    expect(
      parse({ body: [recipient, ['Attachment', 'a']], query: [['Attachment', 'b']], parts }).order.documents,
    ).toEqual([{ fileName: 'attachment.txt', contentType: 'text/plain', bytes: utf8('a') }]);
  });
});

describe('cover text', () => {
  const longest = 'x'.repeat(1024);
  const long = `${longest}y`;
  const tooLong = 'the cover page text is too long for the cover page and also sent as a document';

  test.each<[string, string, Partial<FaxOrder>, string[]]>([
    ['as long as allowed', longest, { coverText: longest }, []],
    [
      'longer',
      long,
      { coverText: longest, documents: [text(long, 'cover-page-text.txt'), ...order.documents] },
      [tooLong],
    ],
    [
      'longer with a surrogate pair at the limit',
      `${'x'.repeat(1023)}😀`,
      {
        coverText: 'x'.repeat(1023),
        documents: [text(`${'x'.repeat(1023)}😀`, 'cover-page-text.txt'), ...order.documents],
      },
      [tooLong],
    ],
    ['ending in a surrogate pair at the limit', `${'x'.repeat(1022)}😀`, { coverText: `${'x'.repeat(1022)}😀` }, []],
  ])('%s beside a document', (_, coverText, expected, remarks) => {
    const sent = parse({ body: [recipient, ['Coverpagetext', coverText]], parts: [attachment()] });
    expect(sent).toEqual({ order: { ...order, ...expected }, remarks });
  });

  test('alone is also a document', () => {
    expect(parse({ body: [recipient, ['Coverpagetext', 'Hello']] })).toEqual({
      order: { ...order, coverText: 'Hello', documents: [text('Hello', 'cover-page-text.txt')] },
      remarks: [],
    });
  });

  test('alone and too long is one document', () => {
    expect(parse({ body: [recipient, ['Coverpagetext', long]] })).toEqual({
      order: { ...order, coverText: longest, documents: [text(long, 'cover-page-text.txt')] },
      remarks: [tooLong],
    });
  });

  test.each(['None', '0'])('is not sent when the cover page is %s', (coverpage) => {
    const body: FieldPair[] = [recipient, ['Coverpage', coverpage], ['Coverpagetext', long]];
    expect(parse({ body, parts: [attachment()] })).toEqual({
      order: { ...order, cover: { kind: 'index', index: 0 } },
      remarks: ['the cover page text is left out because no cover page is wanted'],
    });
    expect(codeOf({ body })).toBe('fax_data_missing');
  });
});

describe('resolution', () => {
  test.each<[string, FaxOrder['resolution'], string[]]>([
    ['High', 'High', []],
    ['low', 'Low', []],
    ['', undefined, []],
    ['Fine', undefined, ['Resolution is neither Low nor High and is left out']],
  ])('%j', (value, resolution, remarks) => {
    const sent = parse({ body: [recipient, ['Resolution', value]], parts: [attachment()] });
    expect(sent).toEqual({ order: { ...order, resolution }, remarks });
  });
});

test.each(['31:02:27 10:00', '01:01:20 00:00', 'soon'])('Sendtime %s means now', (sendTime) => {
  expect(parse({ body: [recipient, ['Sendtime', sendTime]], parts: [attachment()] })).toEqual({
    order,
    remarks: ['Sendtime is past or unreadable: the fax goes out now'],
  });
});

test("an unknown cover name is kept for RingCentral's dictionary", () => {
  const { cover } = parse({ body: [recipient, ['Coverpage', 'Ours']], parts: [attachment()] }).order;
  expect(cover).toEqual({ kind: 'named', name: 'ours' });
});

describe('a fax that cannot be sent', () => {
  test.each<[string, string, Sent]>([
    ['nothing at all', 'recipient_missing', {}],
    ['an empty recipient', 'recipient_missing', { body: [['Recipient', ' ']], parts: [attachment()] }],
    ['a recipient of bars', 'recipient_missing', { body: [['Recipient', ' | ']], parts: [attachment()] }],
    ['no data', 'fax_data_missing', { body: [recipient] }],
    ['no data and an unreadable recipient', 'fax_data_missing', { body: [['Recipient', 'x']] }],
    ['only a cover page', 'fax_data_missing', { body: [recipient, ['Coverpage', 'Urgent']] }],
    ['an unreadable recipient', 'recipient_invalid', { body: [['Recipient', '101']], parts: [attachment()] }],
    ['a name without a number', 'recipient_invalid', { body: [['Recipient', '|Anna']], parts: [attachment()] }],
    [
      'one unreadable recipient of two',
      'recipient_invalid',
      { body: [recipient, ['Recipient', 'x']], parts: [attachment()] },
    ],
  ])('%s', (_, code, sent) => {
    expect(codeOf(sent)).toBe(code);
  });
});

test('every order is complete, and its remarks contain nothing that was sent', () => {
  const name = fc.constantFrom(
    'Recipient',
    'Attachment',
    'Coverpage',
    'Coverpagetext',
    'Resolution',
    'Sendtime',
    '__proto__',
  );
  const value = fc.oneof(
    fc.constantFrom('6505551230', '+442079460000|A', 'None', 'zzz'),
    fc.string({ unit: 'binary' }),
  );
  const part = fc.record({
    name,
    fileName: fc.oneof(fc.constant(undefined), fc.string({ unit: 'binary' })),
    contentType: fc.oneof(fc.constant(undefined), fc.string()),
    bytes: fc.uint8Array(),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), fc.array(part), (body, parts) => {
      try {
        const { order: parsed, remarks } = parse({ body: [recipient, ...body], parts });
        expect(parsed.documents.length).toBeGreaterThan(0);
        expect((parsed.coverText ?? '').length).toBeLessThanOrEqual(1024);
        for (const { number } of parsed.recipients) expect(number).toMatch(/^\+\d+$/);
        for (const document of parsed.documents) {
          expect(document.fileName).not.toMatch(/^$|\p{Cc}/u);
          expect(document.contentType).toMatch(/^[\x20-\x7e]+\/[\x20-\x7e]+$/);
          if (document.fileName !== 'cover-page-text.txt' && document.bytes.some((byte) => byte < 9)) {
            expect(document.contentType).not.toMatch(/^text\//);
          }
        }
        for (const remark of remarks) expect(remark).not.toContain('zzz');
      } catch (error) {
        if (!(error instanceof LegacyFailure)) throw error;
        expect(['recipient_invalid', 'fax_data_missing', 'malformed']).toContain(error.code);
      }
    }),
  );
});
