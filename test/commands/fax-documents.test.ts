import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { text as textAnswer } from '../answer.ts';
import { credentials, faxCredentials } from '../demo.ts';
import { faxPath, formPost, formType, multipartPost } from '../gateway-event.ts';
import { field, file, type WirePart } from '../multipart.ts';
import { compoundFiles, officeZips, zipOf } from '../office-files.ts';
import { startProduct, type Product } from '../product.ts';

/*
 * The documents that RingCentral is sent for the attachments of a program: name, content type and every byte.
 * RingCentral may use the type or the name, so both have to be right.
 */

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
beforeEach(() => product.nextTest());
afterAll(() => product.close());

const latin1 = (content: string): Buffer => Buffer.from(content, 'latin1');
const pdf = latin1('%PDF-1.4\r\n%\xe2\xe3\xcf\xd3\r\n1 0 obj\0\xff\r\n%%EOF\r\n');
const jpeg = latin1('\xff\xd8\xff\xe0\0\x10JFIF\0\x01');
const tiff = latin1('II*\0\b\0\0\0');
const rtf = Buffer.from('{\\rtf1\\ansi Dear Sir}');
const text = Buffer.from('Dear Sir or Madam\r\n\f');
const page = Buffer.from('<html><body>Order</body></html>');
const junk = Buffer.from([0, 1, 2, 3, 0xfe, 0xff]);
const byteOrderMark = Buffer.from('\ufeff');
const octets = 'application/octet-stream';
const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

const bare = (bytes: Uint8Array, contentType?: string): WirePart => ({
  headers: [
    'Content-Disposition: form-data; name="Attachment"',
    ...(contentType === undefined ? [] : [`Content-Type: ${contentType}`]),
  ],
  bytes,
});
const named = (disposition: string, bytes: Uint8Array): WirePart => ({
  headers: [`Content-Disposition: form-data; name="Attachment"; ${disposition}`],
  bytes,
});

/** Sends a fax of one attachment. Returns the answer and the document that RingCentral was sent. */
async function attach(part: WirePart): Promise<{ answer: unknown; name: unknown; type: unknown; bytes: unknown }> {
  product.simulator.reset();
  const answer = await product.send(multipartPost([...faxCredentials, field('Recipient', '6505550190'), part]));
  const parts = product.received()[0]?.body as { fileName: string; contentType: string; content: Buffer }[] | undefined;
  const document = parts?.[1];
  return { answer, name: document?.fileName, type: document?.contentType, bytes: document?.content };
}

type Row = readonly [title: string, part: WirePart, name: string, type: string];

const arrives = async (_: string, part: WirePart, name: string, type: string): Promise<void> => {
  const bytes = Buffer.from(part.bytes as Uint8Array);
  expect(await attach(part)).toEqual({ answer: textAnswer('0'), name, type, bytes });
};

describe('a document without a name gets its type from its bytes or its declared type', () => {
  test.each<Row>([
    ['PDF, octet-stream, no name', bare(pdf, octets), 'attachment.pdf', 'application/pdf'],
    ['PDF, no type, no name', bare(pdf), 'attachment.pdf', 'application/pdf'],
    ['PDF as text/plain, no name', bare(pdf, 'text/plain'), 'attachment.pdf', 'application/pdf'],
    ['Word, no type, no name', bare(compoundFiles.word), 'attachment.doc', 'application/msword'],
    ['Excel, no type, no name', bare(compoundFiles.excel), 'attachment.xls', 'application/vnd.ms-excel'],
    ['a compound file of unknown kind', bare(compoundFiles.unknown), 'attachment.doc', 'application/msword'],
    ['TIFF as an invented type, no name', bare(tiff, 'application/fax'), 'attachment.tif', 'image/tiff'],
    ['RTF as text/plain, no name', bare(rtf, 'text/plain'), 'attachment.rtf', 'application/rtf'],
    ['HTML, no type, no name', bare(page), 'attachment.html', 'text/html'],
    [
      'HTML as .NET types a text',
      bare(page, 'text/plain; charset=utf-8'),
      'attachment.html',
      'text/html; charset=utf-8',
    ],
    ['text, no type, no name', bare(text), 'attachment.txt', 'text/plain'],
    ['text in Windows-1252', bare(latin1('Gr\xfc\xdfe')), 'attachment.txt', 'text/plain'],
    ['text in UTF-16', bare(Buffer.from('\ufeffGrüße', 'utf16le')), 'attachment.txt', 'text/plain'],
    ['text, octet-stream, no name', bare(text, octets), 'attachment.txt', 'text/plain'],
    ['text of a charset', bare(text, 'text/plain; charset=koi8-r'), 'attachment.txt', 'text/plain; charset=koi8-r'],
    ['an empty name', file('', pdf, octets), 'attachment.pdf', 'application/pdf'],
  ])('%s', arrives);
});

describe('a name without a known extension gets the right one', () => {
  test.each<Row>([
    ['a temporary file of PHP', file('php1A2B.tmp', pdf, octets), 'php1A2B.tmp.pdf', 'application/pdf'],
    ['a name with a version', file('Report v1.2', pdf, octets), 'Report v1.2.pdf', 'application/pdf'],
    ['a name with a date', file('Order 12.05.2010', jpeg), 'Order 12.05.2010.jpg', 'image/jpeg'],
    ['Word under a name without extension', file('Order', compoundFiles.word), 'Order.doc', 'application/msword'],
    ['new Word under a name without extension', file('Order', officeZips.docx), 'Order.docx', docx],
    ['new Word as a zip', file('Order', officeZips.docx, 'application/zip'), 'Order.docx', docx],
    ['Publisher', file('flyer', compoundFiles.publisher), 'flyer.pub', 'application/vnd.ms-publisher'],
    ['a declared type', file('order.out', junk, 'image/tiff'), 'order.out.tif', 'image/tiff'],
  ])('%s', arrives);
});

describe('a PDF is recognised behind other bytes', () => {
  test.each<Row>([
    ['a byte order mark', bare(Buffer.concat([byteOrderMark, pdf])), 'attachment.pdf', 'application/pdf'],
    ['a line end', bare(Buffer.concat([latin1('\r\n'), pdf])), 'attachment.pdf', 'application/pdf'],
    [
      'both, and a name',
      file('a.txt', Buffer.concat([byteOrderMark, latin1('\n'), pdf])),
      'a.txt.pdf',
      'application/pdf',
    ],
    [
      'a warning of a script',
      bare(Buffer.concat([latin1('<b>Warning</b>: x\n'), pdf])),
      'attachment.pdf',
      'application/pdf',
    ],
  ])('%s', arrives);
});

describe('an encoded file name is decoded', () => {
  test.each<Row>([
    [
      'a name of .NET',
      named('filename="=?utf-8?B?w4RuZGVydW5nLmRvYw==?="', junk),
      'Änderung.doc',
      'application/msword',
    ],
    [
      'both names of .NET',
      named(`filename="=?utf-8?Q?x?="; filename*=utf8''%C3%84.doc`, junk),
      'Ä.doc',
      'application/msword',
    ],
    [
      'a name in segments',
      named("filename*0*=utf-8''%C3; filename*1*=%84; filename*2=.doc", junk),
      'Ä.doc',
      'application/msword',
    ],
    [
      'an encoded Windows path',
      named('filename="=?utf-8?B?QzpcZmF4XMOELmRvYw==?="', junk),
      'Ä.doc',
      'application/msword',
    ],
  ])('%s', arrives);
});

describe('a type that says nothing is ignored, and an alias is understood', () => {
  test.each<Row>([
    ['application/x-download', file('order.pdf', junk, 'application/x-download'), 'order.pdf', 'application/pdf'],
    [
      'application/force-download',
      file('order.pdf', pdf, 'application/force-download'),
      'order.pdf',
      'application/pdf',
    ],
    ['image/pjpeg', file('photo.jpg', jpeg, 'image/pjpeg'), 'photo.jpg', 'image/jpeg'],
    ['image/x-png', file('logo.png', junk, 'image/x-png'), 'logo.png', 'image/png'],
    ['application/x-pdf', file('order.pdf', pdf, 'application/x-pdf'), 'order.pdf', 'application/pdf'],
  ])('%s', arrives);
});

describe('a text type is accepted for text only', () => {
  test.each<Row>([
    ['PDF as text/plain', file('order.pdf', pdf, 'text/plain'), 'order.pdf', 'application/pdf'],
    ['PDF named and declared as text', file('page.txt', pdf, 'text/plain'), 'page.txt.pdf', 'application/pdf'],
    ['PDF named as a page', file('page.html', pdf), 'page.html.pdf', 'application/pdf'],
    ['bytes named and declared as text', file('page.txt', junk, 'text/plain'), 'page.txt', octets],
    ['bytes declared as text, with another name', file('scan.tga', junk, 'text/plain'), 'scan.tga', 'image/x-tga'],
  ])('%s', arrives);
});

describe('a declared type counts before the name, and the name before the bytes', () => {
  test.each<Row>([
    ['a declared type before the name', file('scan.pdf', junk, 'image/tiff'), 'scan.pdf', 'image/tiff'],
    ['a name before the bytes', file('order.pdf', jpeg), 'order.pdf', 'application/pdf'],
    ['text under a name of text', file('order.log', text), 'order.log', 'text/plain'],
  ])('%s', arrives);
});

describe('bytes of unknown kind that are not text are sent as application/octet-stream', () => {
  test.each<[string, WirePart, string]>([
    ['bytes of unknown kind, no name', bare(junk), 'attachment'],
    ['the same as text/plain', bare(junk, 'text/plain'), 'attachment'],
    ['the same as an invented type', bare(junk, 'application/save'), 'attachment'],
    ['the same under a meaningless name', file('php1A2B.tmp', junk), 'php1A2B.tmp'],
    ['a zip of other files', file('order', zipOf('order.pdf')), 'order'],
    ['PostScript', bare(Buffer.from('%!PS-Adobe-3.0\n'), 'text/plain'), 'attachment'],
  ])('%s', async (_, part, name) => {
    const bytes = Buffer.from(part.bytes as Uint8Array);
    expect(await attach(part)).toEqual({ answer: textAnswer('5'), name, type: octets, bytes });
  });
});

describe('a url-encoded Attachment', () => {
  const send = (attachment: string) =>
    product.send(formPost({ ...credentials, Recipient: '6505550190', Attachment: attachment }, faxPath));
  const documents = () =>
    product.simulator.faxes.map(({ documents: [document] }) => ({ ...document, bytes: document?.bytes.toString() }));

  test.each([
    ['HTML', '<!DOCTYPE html>\r\n<p>Größe', 'attachment.html', 'text/html; charset=utf-8'],
    ['HTML behind blanks', '\r\n  <HTML>', 'attachment.html', 'text/html; charset=utf-8'],
    ['text', 'Größe < 5', 'attachment.txt', 'text/plain; charset=utf-8'],
    ['RTF', '{\\rtf1 Order}', 'attachment.rtf', 'application/rtf'],
  ])('%s', async (_, attachment, fileName, contentType) => {
    expect(await send(attachment)).toEqual(textAnswer('0'));
    expect(documents()).toEqual([{ fileName, contentType, bytes: attachment }]);
  });

  test('that is a file is refused, because the program has read it as text', async () => {
    const escaped = pdf
      .toString('latin1')
      .replaceAll(/[^]/g, (byte) => `%${Buffer.from(byte, 'latin1').toString('hex')}`);
    const body = `${new URLSearchParams({ ...credentials, Recipient: '6505550190' }).toString()}&Attachment=${escaped}`;
    const event = { method: 'POST', path: faxPath, headers: { 'Content-Type': formType }, body };
    expect(await product.send(event)).toEqual(textAnswer('5'));
    expect(product.received()).toEqual([]);
    expect(product.lines.join('')).toContain('a file was sent as url-encoded text');
  });
});

test('bytes arrive unchanged, and bytes that are not text never as text', async () => {
  const beginning = fc.constantFrom(
    '',
    'Dear Sir\r\n',
    '\ufeff',
    '<html>',
    '%PDF-1.4\n',
    '{\\rtf',
    'PK\x03\x04',
    'BM',
    'GIF89a',
  );
  const content = fc.oneof(
    fc.uint8Array({ minLength: 1 }),
    fc.string({ minLength: 1 }).map((sent) => Buffer.from(sent)),
  );
  const bytes = fc.tuple(beginning, content).map(([start, rest]) => Buffer.concat([Buffer.from(start), rest]));
  const type = fc.constantFrom(
    undefined,
    'text/plain',
    'text/html; charset=utf-8',
    'text/xml',
    octets,
    'image/png',
    'x/y',
  );
  const name = fc.constantFrom('', 'a', 'a.txt', 'a.html', 'a.csv', 'a.pdf', 'a.tmp', 'php1A2B');
  await fc.assert(
    fc.asyncProperty(name, type, bytes, async (fileName, contentType, sent) => {
      const document = await attach(file(fileName, sent, contentType));
      expect(document.bytes).toEqual(sent);
      if (
        /[\0-\x08\x0e-\x1f]/.test(sent.toString('latin1')) &&
        !/^(?:\xff\xfe|\xfe\xff)/.test(sent.toString('latin1'))
      ) {
        expect(document.type).not.toMatch(/^text\//);
      }
    }),
    { numRuns: 60 },
  );
});
