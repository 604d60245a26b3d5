import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { extensionBySignature } from '../../lib/legacy/file-signature.ts';
import { compoundFiles, officeZips, zipOf } from '../office-files.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const byteOrderMark = '\xef\xbb\xbf';

test.each<[string, string, string | undefined]>([
  ['PDF', '%PDF-1.7\n', 'pdf'],
  ['PDF behind a byte order mark', `${byteOrderMark}%PDF-1.7\n`, 'pdf'],
  ['PDF behind line ends', '\r\n\n%PDF-1.7\n', 'pdf'],
  ['PDF behind line ends and byte order marks', `${byteOrderMark}\r\n${byteOrderMark} %PDF-1.7\n`, 'pdf'],
  ['PDF behind thousands of line ends', `${'\r\n'.repeat(5000)}%PDF-1.7\n`, 'pdf'],
  ['PDF behind a warning', '<br />\nWarning: x in y.php on line 3\n%PDF-1.4\n\xe2\xe3\0', 'pdf'],
  ['PDF of nothing but text behind a warning', `Warning: x\n%PDF-1.4\n${'x\n'.repeat(2000)}%%EOF\n`, 'pdf'],
  ['text about PDF', 'A file begins with %PDF-1.4, mostly', undefined],
  ['half a byte order mark', '\xef\xbb{\\rtf1', undefined],
  ['an archive that holds a PDF', 'order.pdf\0\0\0%PDF-1.4\n%%EOF\n', undefined],
  ['a PDF too far from the beginning', `${'x'.repeat(1020)}%PDF-1.4\n\0%%EOF`, undefined],
  ['TIFF', 'II*\0\b', 'tif'],
  ['TIFF of the other byte order', 'MM\0*\0', 'tif'],
  ['PNG', '\x89PNG\r\n\x1a\n\0', 'png'],
  ['JPEG', '\xff\xd8\xff\xe0\0', 'jpg'],
  ['GIF of 1987', 'GIF87a\x01\0', 'gif'],
  ['GIF of 1989', 'GIF89a\x01\0', 'gif'],
  ['BMP', 'BM\x36\x10\0\0\0\0\0\0\x36\0\0\0', 'bmp'],
  ['BMP with line feeds in its size', 'BM\n\n\n\n\0\0\0\0\x36\0\0\0', 'bmp'],
  ['RTF', '{\\rtf1\\ansi', 'rtf'],
  ['RTF behind a byte order mark', `${byteOrderMark}{\\rtf1`, 'rtf'],
  ['PostScript', '%!PS-Adobe-3.0\n', 'ps'],
  ['Word 2', '\xdb\xa5-\0\0', 'doc'],
  ['records of Excel 2', '\t\0\x04\0\x02\0\x10\0', 'xls'],
  ['records of Excel 3', '\t\x02\x06\0', 'xls'],
  ['records of Excel 4', '\t\x04\x06\0', 'xls'],
  ['records of Excel 5, as PHP scripts write them', '\t\x08\x08\0\0\0\x10\0', 'xls'],
  ['records of Excel 97', '\t\x08\x10\0\0\x06\x05\0', 'xls'],
  ['a compound file of its signature alone', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'doc'],
  ['nothing', '', undefined],
  ['text', 'Dear Sir', undefined],
  ['text that begins like a bitmap', 'BMW 320, offer of today', undefined],
  ['text that begins like a TIFF', 'II. Terms', undefined],
  ['text that begins like a GIF', 'GIF8 files', undefined],
  ['text that begins like a zip', 'PK and others', undefined],
  ['text that begins like a record', '\tTotal', undefined],
  ['other bytes', '\0\x01\x02', undefined],
])('%s', (_, content, extension) => {
  expect(extensionBySignature(bytes(content))).toBe(extension);
});

describe('an old Office file', () => {
  test.each<[keyof typeof compoundFiles, string]>([
    ['word', 'doc'],
    ['excel', 'xls'],
    ['excel95', 'xls'],
    ['powerPoint', 'ppt'],
    ['visio', 'vsd'],
    ['publisher', 'pub'],
    ['works', 'wps'],
    ['unknown', 'doc'],
    ['wordWithWorkbook', 'doc'],
    ['workbookWithWord', 'xls'],
  ])('%s', (name, extension) => {
    expect(extensionBySignature(compoundFiles[name])).toBe(extension);
  });

  test('that is cut short counts as Word unless its own kind is found', () => {
    for (let length = 8; length < compoundFiles.visio.length; length += 1) {
      expect(extensionBySignature(compoundFiles.visio.subarray(0, length))).toMatch(/^(?:doc|vsd)$/);
    }
  });

  test('with sectors of 4 KB is read', () => {
    const { word } = compoundFiles;
    const sector = 4096;
    const file = Buffer.alloc(3 * sector);
    word.copy(file, 0, 0, 512);
    file.writeUInt16LE(12, 30);
    file.writeUInt32LE(1, 48);
    const directory = 512 * (1 + word.readUInt32LE(48));
    word.copy(file, 2 * sector, directory, directory + 512);
    const table = { start: sector, next: 0xfffffffe };
    file.writeUInt32LE(0, 76);
    file.writeUInt32LE(table.next, table.start + 4);
    expect(extensionBySignature(file)).toBe(extensionBySignature(word));
  });

  test('is identified by the names in it when its directory cannot be read', () => {
    const directory = Buffer.concat([bytes('\xd0\xcf\x11\xe0'), Buffer.alloc(600)]);
    expect(extensionBySignature(Buffer.concat([directory, Buffer.from('Workbook', 'utf16le')]))).toBe('xls');
  });

  test('is read whatever its links are', () => {
    const damage = fc.array(fc.tuple(fc.nat(3071), fc.nat(255)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(compoundFiles)), damage, (whole, changes) => {
        const file = Buffer.from(whole);
        for (const [at, byte] of changes) if (at >= 8 && at < file.length) file[at] = byte;
        expect(extensionBySignature(file)).toMatch(/^[a-z]{3}$/);
      }),
    );
  });

  test('is read once when its sectors and entries form a cycle', () => {
    const file = Buffer.alloc(4_000_000);
    bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1').copy(file);
    file.writeUInt16LE(9, 30);
    // All links are 0: sector 0 follows sector 0, and every entry's neighbours are entry 0.
    expect(extensionBySignature(file)).toBe('doc');
  });
});

describe('a zip', () => {
  test.each(Object.entries(officeZips))('of %s is recognised', (extension, file) => {
    expect(extensionBySignature(file)).toBe(extension);
  });

  test('with a comment behind it is recognised', () => {
    const file = Buffer.concat([officeZips.docx, Buffer.from('PK and a comment\r\n')]);
    expect(extensionBySignature(file)).toBe('docx');
  });

  test.each<[string, Buffer]>([
    ['whose list is cut off', officeZips.docx.subarray(0, -30)],
    ['of its main file alone', zipOf('word/document.xml')],
    ['without a list', bytes('PK\x03\x04\x14\0\x06\0word/document.xml<w:document>')],
  ])('%s is identified by its main file', (_, file) => {
    expect(extensionBySignature(file)).toBe('docx');
  });

  test.each<[string, Buffer]>([
    ['of other files', zipOf('order.pdf', 'word/readme.txt')],
    ['of an unknown Office program', zipOf('[Content_Types].xml', 'visio/document.xml')],
    ['of OpenDocument', zipOf('mimetype', 'content.xml')],
    ['with nothing in it', Buffer.concat([bytes('PK\x03\x04'), zipOf()])],
    ['that is cut short', zipOf('order.pdf', 'xl/readme.txt').subarray(0, -30)],
    ['of its signature alone', bytes('PK\x03\x04')],
    ['whose list is elsewhere', Buffer.concat([bytes('PK\x03\x04'), bytes('PK\x05\x06'), Buffer.alloc(18, 0xff)])],
  ])('%s is not a document', (_, file) => {
    expect(extensionBySignature(file)).toBeUndefined();
  });
});

test('any bytes give an extension or undefined', () => {
  const beginning = fc.constantFrom('', 'PK\x03\x04', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'BM', 'PK\x05\x06', '%PDF-');
  fc.assert(
    fc.property(beginning, fc.uint8Array({ maxLength: 2000 }), beginning, (start, content, end) => {
      const extension = extensionBySignature(Buffer.concat([bytes(start), content, bytes(end)]));
      expect(extension ?? 'none').toMatch(/^[a-z]+$/);
    }),
  );
});
