import * as fc from 'fast-check';
import { findCharset } from '../../lib/legacy/text-encoding.ts';
import { maxFields, parseUrlEncoded } from '../../lib/legacy/url-encoded.ts';
import type { FieldPair } from '../../lib/legacy/fields.ts';
import { concat, latin1, utf16, utf8 } from './bytes.ts';
import { charactersOf } from './encodings.ts';

describe('url-encoded parameters', () => {
  test.each<[string, Uint8Array, FieldPair[]]>([
    ['nothing', utf8(''), []],
    [
      'pairs in the order sent',
      utf8('cmd=call&To=1&cmd=list'),
      [
        ['cmd', 'call'],
        ['To', '1'],
        ['cmd', 'list'],
      ],
    ],
    [
      'a bare name has an empty value',
      utf8('ws&To='),
      [
        ['ws', ''],
        ['To', ''],
      ],
    ],
    ['a value may hold an equals sign', utf8('a=b=c'), [['a', 'b=c']]],
    ['empty pairs are left out', utf8('&&a=b&'), [['a', 'b']]],
    ['a plus is a space', utf8('a+b=c+d'), [['a b', 'c d']]],
    ['an escaped plus is a plus', utf8('To=%2B16505551230'), [['To', '+16505551230']]],
    ['an escaped ampersand is text', utf8('a=%26b%3d'), [['a', '&b=']]],
    [
      'a bad escape stays as it is',
      utf8('a=100%&b=%zz%4'),
      [
        ['a', '100%'],
        ['b', '%zz%4'],
      ],
    ],
    ['escaped UTF-8', utf8('n=%C3%84nne'), [['n', 'Änne']]],
    ['raw UTF-8', utf8('n=Änne'), [['n', 'Änne']]],
    ['escaped Windows-1252', utf8('n=%C4nne+%80'), [['n', 'Änne €']]],
    ['raw Windows-1252', latin1('n=\xc4nne'), [['n', 'Änne']]],
    [
      'each value has its own encoding',
      utf8('a=%C3%84&b=%C4'),
      [
        ['a', 'Ä'],
        ['b', 'Ä'],
      ],
    ],
    ['prototype names are names', utf8('__proto__=1'), [['__proto__', '1']]],
    ['a byte order mark is no part of the first name', utf8('\uFEFFcmd=list'), [['cmd', 'list']]],
    ['a byte order mark alone is nothing', utf8('\uFEFF'), []],
    [
      'NULs behind the last value are no part of it',
      utf8('a=1&b=2\0\0\0'),
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['NULs behind the last ampersand are no field', utf8('a=1&\0\0'), [['a', '1']]],
    [
      'other NULs stay',
      utf8('a=1\0&b=\0x%00'),
      [
        ['a', '1\0'],
        ['b', '\0x\0'],
      ],
    ],
  ])('%s', (_, bytes, expected) => {
    expect(parseUrlEncoded(bytes)).toEqual(expected);
  });

  test('what URLSearchParams writes is read back', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), text)), (pairs) => {
        expect(parseUrlEncoded(utf8(new URLSearchParams(pairs).toString()))).toEqual(pairs);
      }),
    );
  });

  test.each(['UTF-8', 'windows-1251', 'utf-16', 'x-nobody-knows'])('any bytes are read, declared as %s', (label) => {
    const charset = findCharset(label);
    const pieces = fc.constantFrom(
      '%u',
      '%uD83D',
      '%uDE00',
      '%u20AC',
      '%FC',
      '%C3',
      '%',
      '&',
      '=',
      '\0',
      '\xef\xbb\xbf',
    );
    const hostile = fc.array(fc.oneof(pieces.map(latin1), fc.uint8Array({ maxLength: 5 })), { maxLength: 50 });
    fc.assert(
      fc.property(hostile, (bytes) => {
        for (const pair of parseUrlEncoded(concat(...bytes), charset) ?? []) {
          expect(pair.map((text) => text.isWellFormed())).toEqual([true, true]);
        }
      }),
    );
  });

  test('a large value of escapes is read', () => {
    expect(parseUrlEncoded(utf8(`a=${'%41'.repeat(100_000)}`))?.[0]?.[1]).toHaveLength(100_000);
    expect(parseUrlEncoded(utf8(`a=${'%u20AC%FC'.repeat(20_000)}`))?.[0]?.[1]).toBe('€ü'.repeat(20_000));
  });
});

describe('the escapes of JavaScript’s escape()', () => {
  const valueOf = (text: string, label?: string): string | undefined =>
    parseUrlEncoded(latin1(`a=${text}`), findCharset(label))?.[0]?.[1];

  test.each([
    ['M%FCller%20%u2013%205%u20AC%20%uD83D%uDE00', 'Müller – 5€ 😀'],
    ['%u0031', '1'],
    ['%u20ac+%u20AC', '€ €'],
    ['%u00', '%u00'],
    ['%u20', '%u20'],
    ['%uXYZW%u20AC', '%uXYZW€'],
    ['%u%u20AC', '%u€'],
    ['%U20AC', '%U20AC'],
    ['100%u', '100%u'],
    ['%25u20AC', '%u20AC'],
    // Lone surrogates: single, in the wrong order, and with something between.
    ['%uD83D', '\uFFFD'],
    ['%uDE00%uD83D', '\uFFFD\uFFFD'],
    ['%uD83D+%uDE00', '\uFFFD \uFFFD'],
    // Bytes between two units are decoded by themselves: valid UTF-8 as UTF-8, anything else as Windows-1252.
    ['%C3%BC%u2013%FC', 'ü–ü'],
    ['%C3%u2013%BC', 'Ã–¼'],
    ['%80%u2013', '€–'],
  ])('%s is %s', (escaped, text) => {
    expect(valueOf(escaped)).toBe(text);
  });

  test('may have bytes of the declared encoding between them', () => {
    expect(valueOf('%CF%u2013%CF', 'windows-1251')).toBe('П–П');
  });

  test('are decoded in names', () => {
    expect(parseUrlEncoded(utf8('%u0063md=list'))).toEqual([['cmd', 'list']]);
  });

  test('every text is read back', () => {
    // No Latin-1 characters that could form valid UTF-8, and no plus, which escape() does not escape.
    const character = fc.constantFrom(...Array.from('aZ09 %&=-ÄÖÜßéñÿ€–„“ŁПЖ日本語😀𝄞'));
    fc.assert(
      fc.property(fc.array(character), (characters) => {
        const text = characters.join('');
        // oxlint-disable-next-line typescript/no-deprecated -- the test is about the function that old programs call
        expect(valueOf(escape(text))).toBe(text);
      }),
    );
  });
});

describe('a declared encoding', () => {
  const parse = (label: string, ...body: readonly (string | Uint8Array)[]): readonly FieldPair[] | undefined =>
    parseUrlEncoded(concat(...body), findCharset(label));

  test.each<[string, string, string | Uint8Array, FieldPair[]]>([
    ['windows-1251', 'escaped', 'n=%CF%F0%E8%E2%E5%F2', [['n', 'Привет']]],
    ['windows-1251', 'raw', latin1('n=\xcf\xf0\xe8'), [['n', 'При']]],
    ['windows-1251', 'behind a byte order mark', latin1('\xef\xbb\xbfn=\xcf'), [['n', 'П']]],
    ['shift_jis', 'escaped', 'n=%93%FA%96%7B', [['n', '日本']]],
    ['shift_jis', 'escaped in part, as browsers do', 'n=%93%FA%96{', [['n', '日本']]],
    ['gb18030', 'escaped', 'n=%D6%D0', [['n', '中']]],
    ['utf-8', 'that it is not', 'n=Gr%FCn', [['n', 'Grün']]],
    [
      'x-nobody-knows',
      'like none',
      'n=Gr%C3%BCn&m=Gr%FCn',
      [
        ['n', 'Grün'],
        ['m', 'Grün'],
      ],
    ],
    [
      'utf-16le',
      'raw',
      utf16('cmd=list&n=Grün 日 😀'),
      [
        ['cmd', 'list'],
        ['n', 'Grün 日 😀'],
      ],
    ],
    ['utf-16le', 'raw and padded', concat(utf16('cmd=list'), new Uint8Array(4)), [['cmd', 'list']]],
    ['utf-16le', 'raw and padded to an odd length', concat(utf16('cmd=list'), new Uint8Array(3)), [['cmd', 'list']]],
    ['utf-16be', 'raw', utf16('cmd=list', 'big-endian'), [['cmd', 'list']]],
    ['utf-16', 'raw, big-endian without a mark', utf16('cmd=list', 'big-endian'), [['cmd', 'list']]],
    ['utf-16', 'raw, behind its mark', utf16('\uFEFFcmd=list'), [['cmd', 'list']]],
    ['utf-16', 'raw, with escapes', utf16('n=Gr%FCn+%u20AC'), [['n', 'Grün €']]],
    [
      'utf-16',
      'that is ASCII with escapes',
      'n=Gr%FCn&m=Gr%C3%BCn&o=%u20AC',
      [
        ['n', 'Grün'],
        ['m', 'Grün'],
        ['o', '€'],
      ],
    ],
  ])('%s, %s, is used as far as the bytes allow', (label, _, body, expected) => {
    expect(parse(label, body)).toEqual(expected);
  });

  test.each(['windows-1251', 'iso-8859-7', 'shift_jis', 'gb18030', 'euc-kr'])('every text in %s is read', (label) => {
    const characters = charactersOf(label);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...characters)), fc.boolean(), (text, escapesAll) => {
        const bytes = concat(...text.map(([, sequence]) => sequence));
        const isPlain = (byte: number): boolean => !escapesAll && byte >= 0x80;
        const written = [...bytes].map((byte) =>
          isPlain(byte) ? Uint8Array.of(byte) : `%${byte.toString(16).padStart(2, '0')}`,
        );
        expect(parse(label, 'n=', ...written)).toEqual([['n', text.map(([character]) => character).join('')]]);
      }),
    );
  });
});

describe('very many fields', () => {
  test.each([
    ['fields', 'a=b&', maxFields],
    ['empty fields', '&', 0],
  ])('%s are read up to a limit', (_, field, expected) => {
    expect(parseUrlEncoded(utf8(field.repeat(maxFields)))).toHaveLength(expected);
    expect(parseUrlEncoded(utf8(`${field.repeat(maxFields)}a=b`))).toBeUndefined();
  });

  test('nothing is decoded beyond the limit, and no decoder throws below it', () => {
    const decode = jest.spyOn(TextDecoder.prototype, 'decode');
    try {
      expect(parseUrlEncoded(latin1('\x80=\x80&'.repeat(100_000)))).toBeUndefined();
      expect(decode).not.toHaveBeenCalled();
      expect(parseUrlEncoded(latin1('\x80=\x80&'.repeat(1000)))).toHaveLength(1000);
      expect(decode.mock.results.map(({ type }) => type)).toEqual(Array(2000).fill('return'));
    } finally {
      decode.mockRestore();
    }
  });
});
