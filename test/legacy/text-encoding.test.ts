import { isUtf8 } from 'node:buffer';
import * as fc from 'fast-check';
import { decodeRawUtf16, decodeText, findCharset, skipByteOrderMark } from '../../lib/legacy/text-encoding.ts';
import { concat, latin1, utf16, utf8 } from './bytes.ts';
import { charactersOf } from './encodings.ts';

describe('text of unknown encoding', () => {
  test.each([
    ['nothing', new Uint8Array(), ''],
    ['ASCII', utf8('Anna'), 'Anna'],
    ['UTF-8', utf8('Änne 日本 😀'), 'Änne 日本 😀'],
    ['UTF-8 with a byte order mark, which is kept', utf8('\uFEFFa'), '\uFEFFa'],
    ['Windows-1252 letters', latin1('\xc4nne'), 'Änne'],
    ['Windows-1252 signs between 80 and 9f', latin1('\x80 5 \x96 \x99'), '€ 5 – ™'],
    ['a UTF-8 sequence cut short', latin1('\xe2\x82'), 'â‚'],
    ['an overlong UTF-8 sequence', latin1('\xc0\xaf'), 'À¯'],
    ['Windows-1252 behind a byte order mark of UTF-8', latin1('\xef\xbb\xbfM\xfcller'), 'Müller'],
  ])('%s', (_, bytes, text) => {
    expect(decodeText(bytes)).toBe(text);
  });

  test('every text survives UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeText(utf8(text))).toBe(text);
      }),
    );
  });

  test('any bytes are read, one character per byte unless they are UTF-8', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        fc.pre(!isUtf8(bytes));
        expect(decodeText(bytes)).toHaveLength(skipByteOrderMark(bytes).length);
      }),
    );
  });
});

describe('text of a declared encoding', () => {
  test.each<[string, Uint8Array, string]>([
    ['windows-1251', latin1('\xcf\xf0\xe8\xe2\xe5\xf2'), 'Привет'],
    [' Windows-1251 ', latin1('\xcf'), 'П'],
    ['koi8-r', latin1('\xf0'), 'П'],
    ['iso-8859-2', latin1('\xb3\xf3d\xbc'), 'łódź'],
    ['shift_jis', latin1('\x93\xfa\x96\x7b'), '日本'],
    ['gb18030', latin1('\xd6\xd0\xce\xc4'), '中文'],
    ['big5', latin1('\xa4\xa4'), '中'],
    ['euc-kr', latin1('\xc7\xd1'), '한'],
    ['utf-16le', utf16('Zoë 😀'), 'Zoë 😀'],
    ['utf-16be', utf16('Zoë 😀', 'big-endian'), 'Zoë 😀'],
    ['utf-16', concat(latin1('\xfe\xff'), utf16('Zoë', 'big-endian')), 'Zoë'],
    ['utf-16be', concat(latin1('\xff\xfe'), utf16('Zoë')), 'Zoë'],
    ['utf-16le', concat(utf16('1'), latin1('\0\0\0')), '1\0'],
    // The declared encoding applies even to bytes that are valid UTF-8.
    ['iso-8859-1', utf8('ü'), 'Ã¼'],
    // A byte order mark of UTF-8 overrides the declaration.
    ['windows-1251', utf8('\uFEFFü'), '\uFEFFü'],
    ['utf-16le', utf8('\uFEFFü'), '\uFEFFü'],
    ['windows-1251', latin1('\xef\xbb\xbf\xcf'), 'П'],
  ])('%s', (label, bytes, text) => {
    expect(decodeText(bytes, findCharset(label))).toBe(text);
  });

  test.each(['utf-8', 'UTF8', 'x-nobody-knows', 'utf-7', 'hz-gb-2312', '', 'windows-1252; x', undefined])(
    '%j is the same as no declaration: valid UTF-8 is UTF-8, anything else Windows-1252',
    (label) => {
      const charset = findCharset(label);
      expect(decodeText(utf8('Grün 日'), charset)).toBe('Grün 日');
      expect(decodeText(latin1('Gr\xfcn \x80'), charset)).toBe('Grün €');
    },
  );

  test.each(['windows-1251', 'koi8-u', 'iso-8859-15', 'windows-874', 'macintosh', 'shift_jis', 'gb18030', 'big5'])(
    'every text in %s is read back',
    (label) => {
      const charset = findCharset(label);
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...charactersOf(label))), (characters) => {
          const bytes = concat(...characters.map(([, sequence]) => sequence));
          expect(decodeText(bytes, charset)).toBe(characters.map(([character]) => character).join(''));
        }),
      );
    },
  );

  test('one decoder is made for each label, however it is written', () => {
    const [first, ...others] = ['windows-1253', ' Windows-1253', 'WINDOWS-1253\n', 'windows-1253'].map((label) =>
      findCharset(label),
    );
    expect(first).toBeInstanceOf(TextDecoder);
    for (const other of others) expect(other).toBe(first);
  });

  test('hostile bytes are decoded and do not affect the next text', () => {
    const labels = ['utf-8', 'utf-16le', 'utf-16be', 'shift_jis', 'gb18030', 'big5', 'euc-kr', 'iso-2022-jp'];
    fc.assert(
      fc.property(fc.constantFrom(...labels), fc.uint8Array(), (label, bytes) => {
        const charset = findCharset(label);
        expect(decodeText(bytes, charset).isWellFormed()).toBe(true);
        const next = label.startsWith('utf-16')
          ? utf16('a', label === 'utf-16le' ? undefined : 'big-endian')
          : utf8('a');
        expect(decodeText(next, charset)).toBe('a');
      }),
    );
  });
});

test.each<[string, Uint8Array, string | undefined]>([
  ['little-endian by its first letter', utf16('cmd'), 'cmd'],
  ['big-endian by its first letter', utf16('cmd', 'big-endian'), 'cmd'],
  ['little-endian by its mark', concat(latin1('\xff\xfe'), utf16('日')), '日'],
  ['big-endian by its mark', concat(latin1('\xfe\xff'), utf16('日', 'big-endian')), '日'],
  ['not UTF-16', utf8('cmd'), undefined],
  ['not UTF-16', latin1('\0\0c'), undefined],
  ['not UTF-16', utf8('c'), undefined],
  ['not UTF-16', new Uint8Array(), undefined],
])('bytes are %s', (_, bytes, text) => {
  expect(decodeRawUtf16(bytes)).toBe(text);
});
