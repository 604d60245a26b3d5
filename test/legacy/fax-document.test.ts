import * as fc from 'fast-check';
import { cutText, describeDocument } from '../../lib/legacy/fax-document.ts';
import { compoundFiles, officeZips } from '../office-files.ts';
import { latin1, utf8 } from './bytes.ts';

const pdf = latin1('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n');
const jpeg = latin1('\xff\xd8\xff\xe0\0\x10JFIF\0');
const tiff = latin1('II*\0\b\0\0\0');
const junk = Uint8Array.of(0, 1, 2, 0xff);
const text = utf8('Dear Sir or Madam');
const page = utf8('<!DOCTYPE html><title>Order</title>');
const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** The name and type that RingCentral is sent for a document, as `name: type`. */
function described(fileName: string | undefined, contentType: string | undefined, bytes: Uint8Array): string {
  const document = describeDocument({ fileName, contentType, bytes });
  expect(document.bytes).toBe(bytes);
  return `${document.fileName}: ${document.contentType}`;
}

describe('the type of a document', () => {
  test.each<[string, string | undefined, string, Uint8Array, string]>([
    ['declared', 'application/pdf', 'scan.dat', junk, 'application/pdf'],
    ['declared, before the name', 'image/tiff', 'scan.pdf', junk, 'image/tiff'],
    ['declared, before the bytes', 'application/msword', 'letter.doc', pdf, 'application/msword'],
    ['declared in any case', 'Application/PDF', 'scan.dat', junk, 'Application/PDF'],
    ['declared under another name', 'image/pjpeg', 'photo.dat', jpeg, 'image/jpeg'],
    ['declared under another name, before the name', 'application/x-pdf', 'scan.doc', pdf, 'application/pdf'],
    ['declared as octet-stream: by the name', 'application/octet-stream', 'scan.pdf', junk, 'application/pdf'],
    ['declared as an invented type: by the name', 'application/x-download', 'scan.pdf', junk, 'application/pdf'],
    ['declared as a type that cannot be faxed: by the name', 'application/zip', 'letter.docx', officeZips.docx, docx],
    ['not declared: by the name', undefined, 'A.TIFF', junk, 'image/tiff'],
    ['by the name, before the bytes', undefined, 'order.pdf', jpeg, 'application/pdf'],
    ['by the bytes when the name has no extension', undefined, 'order', jpeg, 'image/jpeg'],
    [
      'by the bytes when the extension is unknown',
      undefined,
      'php1A2B.tmp',
      compoundFiles.excel,
      'application/vnd.ms-excel',
    ],
    ['by the bytes when RingCentral does not know the extension', undefined, 'a.__proto__', pdf, 'application/pdf'],
    [
      'unknown to this service, with an extension that RingCentral knows',
      undefined,
      'fax.awd',
      compoundFiles.unknown,
      'application/octet-stream',
    ],
    ['unknown', 'application/x-unheard-of', 'order.xyz', junk, 'application/octet-stream'],
    [
      'PostScript, which would be faxed as source code',
      'text/plain',
      'order',
      utf8('%!PS-Adobe-3.0\n'),
      'application/octet-stream',
    ],
  ])('%s', (_, contentType, fileName, bytes, expected) => {
    expect(describeDocument({ fileName, contentType, bytes }).contentType).toBe(expected);
  });

  test.each(
    'pdf psd doc docx dot mcw xls xlsx xlsb ppt pptx vsd vdx pub wps wri tif tiff gif jpg jpeg bmp png pcx tga rtf wk1 wk3 wk4 wq1'.split(
      ' ',
    ),
  )('is known for .%s, whatever the bytes', (extension) => {
    expect(described(`a.${extension}`, undefined, junk)).not.toContain('octet-stream');
  });

  test.each('txt log h cpp c err hpp xml html htm csv'.split(' '))('is known for .%s, if it is text', (extension) => {
    expect(described(`a.${extension}`, undefined, text)).not.toContain('octet-stream');
    expect(described(`a.${extension}`, undefined, junk)).toBe(`a.${extension}: application/octet-stream`);
  });

  test.each([
    ['application/pdf', 'application/x-pdf application/acrobat text/pdf text/x-pdf'],
    ['application/msword', 'application/x-msword application/vnd.ms-word'],
    ['application/vnd.ms-excel', 'application/x-msexcel application/excel'],
    ['application/vnd.ms-powerpoint', 'application/mspowerpoint application/powerpoint'],
    ['application/rtf', 'text/rtf application/x-rtf'],
    ['image/jpeg', 'image/pjpeg image/jpg'],
    ['image/png', 'image/x-png'],
    ['image/tiff', 'image/tif image/x-tiff'],
    ['image/bmp', 'image/x-bmp image/x-ms-bmp'],
  ])('%s has also been called %s', (type, names) => {
    for (const name of names.split(' ')) expect(described('order.dat', name, junk)).toMatch(new RegExp(`: ${type}$`));
  });

  test.each(
    'application/octet-stream binary/octet-stream application/x-download application/force-download application/save application/unknown multipart/form-data multipart/mixed */* image/* file pdf'.split(
      ' ',
    ),
  )('%s counts as no type', (type) => {
    expect(described('order.pdf', type, junk)).toBe('order.pdf: application/pdf');
    expect(described(undefined, type, jpeg)).toBe('attachment.jpg: image/jpeg');
    expect(described(undefined, type, junk)).toBe('attachment: application/octet-stream');
  });
});

describe('a text type', () => {
  test.each<[string, string | undefined, string | undefined, Uint8Array, string]>([
    ['is kept for text', 'text/csv', 'a.txt', text, 'a.txt: text/csv'],
    ['from the name is kept for text', undefined, 'a.csv', text, 'a.csv: text/csv'],
    ['declared yields to a signature', 'text/plain', 'order.pdf', pdf, 'order.pdf: application/pdf'],
    ['declared as HTML yields to a signature', 'text/html', 'order', pdf, 'order.pdf: application/pdf'],
    ['from the name yields to a signature', undefined, 'page.txt', pdf, 'page.txt.pdf: application/pdf'],
    ['from both yields to a signature', 'text/plain', 'page.txt', pdf, 'page.txt.pdf: application/pdf'],
    [
      'yields to a signature before a name of another type',
      'text/plain',
      'order.doc',
      pdf,
      'order.doc.pdf: application/pdf',
    ],
    [
      'from the name yields to a declared type that the bytes have',
      'application/pdf',
      'page.txt',
      pdf,
      'page.txt.pdf: application/pdf',
    ],
    [
      'from the name yields to a declared type',
      'application/vnd.ms-excel',
      'list.csv',
      text,
      'list.csv: application/vnd.ms-excel',
    ],
    [
      'declared yields to the name if the bytes are not text',
      'text/plain',
      'order.pdf',
      junk,
      'order.pdf: application/pdf',
    ],
    ['is never given to other bytes', 'text/plain', 'order.txt', junk, 'order.txt: application/octet-stream'],
    [
      'is never given to other bytes without a name',
      'text/plain',
      undefined,
      junk,
      'attachment: application/octet-stream',
    ],
    ['of XML yields to a signature', 'text/xml', 'a.xml', pdf, 'a.xml.pdf: application/pdf'],
    ['declared as plain text may be HTML', 'text/plain', undefined, page, 'attachment.html: text/html'],
    [
      'declared as plain text is not HTML if the name is one of plain text',
      'text/plain',
      'page.txt',
      page,
      'page.txt: text/plain',
    ],
    ['from a name of plain text is not HTML', undefined, 'page.txt', page, 'page.txt: text/plain'],
    ['declared as plain text stays so under another name', 'text/plain', 'order.pdf', text, 'order.pdf: text/plain'],
    ['declared as plain text stays so for other text', 'text/plain', 'list.csv', text, 'list.csv: text/plain'],
    ['declared as HTML overrides the name', 'text/html', 'page.txt', page, 'page.txt.html: text/html'],
  ])('%s', (_, contentType, fileName, bytes, expected) => {
    expect(described(fileName, contentType, bytes)).toBe(expected);
  });

  test.each<[string, string, Uint8Array, string]>([
    ['is kept with its charset', 'text/plain; charset=windows-1252', text, 'text/plain; charset=windows-1252'],
    ['is kept as written', 'text/plain ; charset="utf-8"', text, 'text/plain ; charset="utf-8"'],
    ['passes its charset on', 'text/plain; charset=utf-8', page, 'text/html; charset=utf-8'],
    ['under another name passes its charset on', 'text/xml; charset=koi8-r', text, 'application/xml; charset=koi8-r'],
    [
      'that RingCentral cannot fax passes its charset on',
      'text/markdown; charset=koi8-r',
      text,
      'text/plain; charset=koi8-r',
    ],
    ['takes no parameter over from another type', 'application/octet-stream; charset=binary', text, 'text/plain'],
    ['passes no charset on to other types', 'text/plain; charset=utf-8', pdf, 'application/pdf'],
    [
      'loses parameters that could break a header',
      'text/plain; charset=utf-8; x=\ré',
      text,
      'text/plain; charset=utf-8',
    ],
    ['loses a charset that could break a header', 'text/plain; charset=utf-8\r\nX: y', text, 'text/plain'],
    ['that is malformed is ignored', 'text/plain\r\nX: y', text, 'text/plain'],
    [
      'in declared UTF-16 is text',
      'text/plain; charset=utf-16le',
      utf8('D\0e\0a\0r\0'),
      'text/plain; charset=utf-16le',
    ],
    [
      'in declared ISO-2022-JP is text',
      'text/plain; charset=iso-2022-jp',
      latin1('\x1b$B$"\x1b(B'),
      'text/plain; charset=iso-2022-jp',
    ],
  ])('%s', (_, contentType, bytes, expected) => {
    expect(describeDocument({ fileName: undefined, contentType, bytes }).contentType).toBe(expected);
  });
});

describe('the name of a document', () => {
  test.each<[string, string | undefined, Uint8Array, string]>([
    ['is kept', 'order.pdf', pdf, 'order.pdf'],
    ['is kept in its case', 'größe 1.PDF', pdf, 'größe 1.PDF'],
    ['may be an extension alone', '.pdf', pdf, '.pdf'],
    ['loses control characters and blanks at its ends', ' a\r\nb\0\x7f\x85.pdf ', pdf, 'ab.pdf'],
    ['loses invisible characters', 'order.pdf\u200e\ufeff', pdf, 'order.pdf'],
    ['keeps quotes and semicolons', 'a"b;c.pdf', pdf, 'a"b;c.pdf'],
    ['is well-formed', '\ud800a.pdf', pdf, '\ufffda.pdf'],
    ['that is missing is made from the type', undefined, tiff, 'attachment.tif'],
    ['that is empty is made from the type', '', jpeg, 'attachment.jpg'],
    ['of dots is made from the type', '..', text, 'attachment.txt'],
    ['of control characters is made from the type', '\r\n', page, 'attachment.html'],
    ['that is missing gets no extension if the type is unknown', undefined, junk, 'attachment'],
    ['of a temporary file gets an extension', 'php1A2B.tmp', pdf, 'php1A2B.tmp.pdf'],
    ['with a version gets an extension', 'Report v1.2', pdf, 'Report v1.2.pdf'],
    ['with a date gets an extension', 'Order 12.05.2010', compoundFiles.word, 'Order 12.05.2010.doc'],
    ['without an extension gets one', 'pdf', officeZips.pptx, 'pdf.pptx'],
    ['without an extension gets that of text', 'order', text, 'order.txt'],
    ['gets no extension if the type is unknown', 'order', junk, 'order'],
    ['of the maximum length is kept', 'a'.repeat(250), junk, 'a'.repeat(250)],
    ['of the maximum length with its extension is kept', `${'a'.repeat(246)}.pdf`, pdf, `${'a'.repeat(246)}.pdf`],
    ['is cut before its extension', `${'a'.repeat(247)}.pdf`, pdf, `${'a'.repeat(246)}.pdf`],
    ['is cut before a character of two units', `${'a'.repeat(245)}😀.pdf`, pdf, `${'a'.repeat(245)}.pdf`],
    ['is cut to make room for an added extension', 'a'.repeat(250), pdf, `${'a'.repeat(246)}.pdf`],
    ['is cut inside a suffix that is too long for an extension', `a.${'b'.repeat(300)}`, junk, `a.${'b'.repeat(248)}`],
  ])('%s', (_, fileName, bytes, expected) => {
    expect(describeDocument({ fileName, contentType: undefined, bytes }).fileName).toBe(expected);
  });

  test('is never empty, too long or able to break a header', () => {
    const bytes = fc.constantFrom(pdf, text, junk);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400, size: 'max' }), bytes, (fileName, content) => {
        const name = describeDocument({ fileName, contentType: undefined, bytes: content }).fileName;
        expect(name.length).toBeGreaterThan(0);
        expect(name.length).toBeLessThanOrEqual(250);
        expect(name).not.toMatch(/[\p{Cc}\p{Cs}]/u);
      }),
    );
  });
});

describe('cutting a text', () => {
  test.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'abc'],
    ['ab😀', 4, 'ab😀'],
    ['ab😀', 3, 'ab'],
    ['a😀b', 3, 'a😀'],
    ['', 3, ''],
    // Lone surrogates are not kept together as a pair.
    ['ab\ud83dc😀', 3, 'ab\ud83d'],
    ['😀b\ude00c', 3, '😀b'],
  ])('%j to %d', (whole, maxLength, expected) => {
    expect(cutText(whole, maxLength)).toBe(expected);
  });

  test('keeps whole characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (whole, maxLength) => {
        const cut = cutText(whole, maxLength);
        expect(cut.isWellFormed()).toBe(true);
        expect(whole.startsWith(cut)).toBe(true);
        expect(cut.length).toBeLessThanOrEqual(maxLength);
        expect(cut.length).toBeGreaterThanOrEqual(Math.min(whole.length, maxLength) - 1);
      }),
    );
  });
});
