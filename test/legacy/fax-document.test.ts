import * as fc from 'fast-check';
import { cutText, documentName, documentType, nameByType } from '../../lib/legacy/fax-document.ts';

describe('the name of a document', () => {
  test.each([
    ['order.pdf', undefined, 'order.pdf'],
    ['größe 1.PDF', undefined, 'größe 1.PDF'],
    ['.pdf', undefined, '.pdf'],
    [' a\r\nb\0\x7f\x85.pdf ', undefined, 'ab.pdf'],
    ['a"b;c.pdf', undefined, 'a"b;c.pdf'],
    ['\ud800a.pdf', undefined, '\ufffda.pdf'],
    ['', 'application/pdf', 'attachment.pdf'],
    ['', 'IMAGE/TIFF; x=y', 'attachment.tif'],
    ['', 'image/jpeg', 'attachment.jpg'],
    ['', 'text/plain', 'attachment.txt'],
    ['', 'application/octet-stream', 'attachment'],
    ['', 'application/x-unheard-of', 'attachment'],
    ['', undefined, 'attachment'],
    ['\r\n', 'text/html', 'attachment.html'],
    ['..', 'application/pdf', 'attachment.pdf'],
    ['a'.repeat(250), undefined, 'a'.repeat(250)],
    [`${'a'.repeat(246)}.pdf`, undefined, `${'a'.repeat(246)}.pdf`],
    [`${'a'.repeat(247)}.pdf`, undefined, `${'a'.repeat(246)}.pdf`],
    [`${'a'.repeat(245)}😀.pdf`, undefined, `${'a'.repeat(245)}.pdf`],
    ['a'.repeat(251), undefined, 'a'.repeat(250)],
    [`a.${'b'.repeat(300)}`, undefined, `a.${'b'.repeat(248)}`],
  ])('%j of type %j', (fileName, contentType, expected) => {
    expect(documentName(fileName, contentType)).toBe(expected);
  });

  test('falls back to an extension of choice', () => {
    expect(nameByType('application/x-unheard-of', '.txt')).toBe('attachment.txt');
    expect(nameByType('application/pdf', '.txt')).toBe('attachment.pdf');
  });

  test('is never empty, too long or able to break a header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400, size: 'max' }), (fileName) => {
        const name = documentName(fileName, undefined);
        expect(name.length).toBeGreaterThan(0);
        expect(name.length).toBeLessThanOrEqual(250);
        expect(name).not.toMatch(/[\p{Cc}\p{Cs}]/u);
      }),
    );
  });
});

describe('the content type of a document', () => {
  test.each([
    ['application/pdf', 'a.txt', 'application/pdf'],
    ['text/plain; charset=windows-1252', 'a.pdf', 'text/plain; charset=windows-1252'],
    ['application/x-unheard-of', 'a.pdf', 'application/x-unheard-of'],
    ['text/plain ; charset=utf-16', 'a.pdf', 'text/plain ; charset=utf-16'],
    [undefined, 'a.pdf', 'application/pdf'],
    [undefined, 'A.PDF', 'application/pdf'],
    [undefined, 'a.b.tiff', 'image/tiff'],
    [undefined, 'a.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['application/octet-stream', 'a.pdf', 'application/pdf'],
    ['Application/Octet-Stream; charset=binary', 'a.pdf', 'application/pdf'],
    ['application/octet-stream', 'a.exe', 'application/octet-stream'],
    [undefined, 'a.awd', 'application/octet-stream'],
    [undefined, 'a', 'application/octet-stream'],
    [undefined, 'a.', 'application/octet-stream'],
    [undefined, 'a.__proto__', 'application/octet-stream'],
    ['pdf', 'a.pdf', 'application/pdf'],
    ['text/plain\r\nX: y', 'a.pdf', 'application/pdf'],
    ['X: y\r\ntext/plain', 'a.pdf', 'application/pdf'],
    ['text/plain; x=\ry', 'a.pdf', 'application/pdf'],
    ['text/plain; x=é', 'a.pdf', 'application/pdf'],
    ['text/"plain"', 'a.pdf', 'application/pdf'],
  ])('%j of %s', (contentType, fileName, expected) => {
    expect(documentType(contentType, fileName, Uint8Array.of(0))).toBe(expected);
  });

  test.each(
    'pdf psd doc docx dot mcw xls xlsx xlsb ppt pptx vsd vdx pub wps wri tif tiff gif jpg jpeg bmp png pcx tga rtf txt log h cpp c err hpp wk1 wk3 wk4 wq1 xml html htm csv'.split(
      ' ',
    ),
  )('is known for .%s', (extension) => {
    expect(documentType(undefined, `a.${extension}`, Uint8Array.of(0))).not.toBe('application/octet-stream');
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
    // Halves of a pair that stand alone are no pair to keep whole.
    ['ab\ud83dc😀', 3, 'ab\ud83d'],
    ['😀b\ude00c', 3, '😀b'],
  ])('%j to %d', (text, maxLength, expected) => {
    expect(cutText(text, maxLength)).toBe(expected);
  });

  test('keeps whole characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, maxLength) => {
        const cut = cutText(text, maxLength);
        expect(cut.isWellFormed()).toBe(true);
        expect(text.startsWith(cut)).toBe(true);
        expect(cut.length).toBeLessThanOrEqual(maxLength);
        expect(cut.length).toBeGreaterThanOrEqual(Math.min(text.length, maxLength) - 1);
      }),
    );
  });

  test.each([
    ['%PDF-1.7\n', 'application/pdf'],
    ['II*\0\b', 'image/tiff'],
    ['MM\0*\0', 'image/tiff'],
    ['\x89PNG\r\n\x1a\n', 'image/png'],
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['GIF89a', 'image/gif'],
    ['{\\rtf1', 'application/rtf'],
    ['Order 17\r\n\tThanks', 'text/plain'],
    ['PK\x03\x04', 'application/octet-stream'],
    ['text and then \0', 'application/octet-stream'],
    ['text and then \x0e', 'application/octet-stream'],
    ['text and then \x08', 'application/octet-stream'],
  ])('is read from the bytes %j when the name has no extension', (bytes, expected) => {
    expect(documentType(undefined, 'phpA1B2C3', Buffer.from(bytes, 'latin1'))).toBe(expected);
  });
});
