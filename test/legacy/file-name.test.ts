import * as fc from 'fast-check';
import { readFileName } from '../../lib/legacy/file-name.ts';
import { parseMediaType } from '../../lib/legacy/media-type.ts';

/** The file name in a header with these parameters. */
function fileName(parameters: string): string | undefined {
  return readFileName(parseMediaType(`form-data; ${parameters}`)?.parameters ?? new Map());
}

describe('encoded words (RFC 2047)', () => {
  test.each([
    ['of .NET', '"=?utf-8?B?w4RuZGVydW5nLmRvYw==?="', 'Änderung.doc'],
    ['without quotes', '=?utf-8?B?w4RuZGVydW5nLmRvYw==?=', 'Änderung.doc'],
    ['in other cases', '"=?UTF-8?b?w4RuZGVydW5nLmRvYw==?="', 'Änderung.doc'],
    ['without padding', '"=?utf-8?B?w4RuZGVydW5nLmRvYw?="', 'Änderung.doc'],
    ['in quoted-printable', '"=?iso-8859-1?Q?=C4nderung_2=2Edoc?="', 'Änderung 2.doc'],
    ['with an underscore of their own', '"=?utf-8?q?a=5Fb.doc?="', 'a_b.doc'],
    ['with a language', '"=?utf-8*de?Q?=C3=84.doc?="', 'Ä.doc'],
    ['in Cyrillic', '"=?windows-1251?B?z/Do4uXyLmRvYw==?="', 'Привет.doc'],
    ['in KOI8-R', '"=?koi8-r?Q?=F0=D2=C9=D7=C5=D4.doc?="', 'Привет.doc'],
    ['in Japanese', '"=?iso-2022-jp?B?GyRCJCIbKEIuZG9j?="', 'あ.doc'],
    ['declared as UTF-8 that are Windows-1252', '"=?utf-8?Q?=C4.doc?="', 'Ä.doc'],
    ['between other text', '"1 =?utf-8?Q?=C3=84?= 2.doc"', '1 Ä 2.doc'],
    ['joined', '"=?utf-8?Q?=C3=84nder?= \t=?utf-8?Q?ung.doc?="', 'Änderung.doc'],
    ['joined without white space', '"=?utf-8?Q?=C3=84nder?==?utf-8?Q?ung.doc?="', 'Änderung.doc'],
    ['of several charsets', '"=?utf-8?Q?=C3=84?= =?iso-8859-1?Q?=D6?= =?utf-8?B?LmRvYw==?="', 'ÄÖ.doc'],
    ['that divide a character', '"=?utf-8?Q?=C3?= =?utf-8?Q?=84.doc?="', 'Ä.doc'],
    ['of a Windows path', '"=?utf-8?B?QzpcZmF4XMOELmRvYw==?="', 'Ä.doc'],
    ['of a quoted name', '"=?utf-8?B?IsOELmRvYyI=?="', 'Ä.doc'],
    ['of nothing', '"=?utf-8?Q??="', ''],
  ])('%s', (_, value, expected) => {
    expect(fileName(`filename=${value}`)).toBe(expected);
  });

  test.each([
    '=?utf-8?B?w4Q!?=.doc',
    '=?utf-8?B?w?=.doc',
    '=?utf-8?Q?=C?=.doc',
    '=?x-unheard-of?B?w4Q=?=.doc',
    '=?utf-8?X?w4Q=?=.doc',
    '=?utf-8?B?w4Q=.doc',
    '=??B?w4Q=?=.doc',
    '=?utf-8?B5paw5bu65?=.doc',
    '=?utf-8?Q?=C3=84?= =?x-unheard-of?Q?x?=.doc',
    '=?utf-8?Q?Ä?=.doc',
  ])('that cannot be read stay as they are: %s', (name) => {
    expect(fileName(`filename="${name}"`)).toBe(name);
  });
});

describe('segments (RFC 2231)', () => {
  test.each<[string, string, string | undefined]>([
    ['with a charset', "filename*0*=UTF-8''%C3%84nder; filename*1*=ung.doc", 'Änderung.doc'],
    ['without one', 'filename*0="order "; filename*1="12;.pdf"', 'order 12;.pdf'],
    ['in any order', 'filename*1=b.doc; filename*0=a', 'ab.doc'],
    ['one only', 'filename*0=a.doc', 'a.doc'],
    ['escaped and plain', "filename*0*=utf-8''a%20; filename*1=%20b; filename*2*=%C3%84.doc", 'a %20bÄ.doc'],
    ['plain and escaped', 'filename*0=a; filename*1*=%C3%84.doc', 'aÄ.doc'],
    ['that divide a character', "filename*0*=UTF-8''%C3; filename*1*=%84.doc", 'Ä.doc'],
    ['in Windows-1251', "filename*0*=windows-1251''%CF%F0; filename*1*=%E8.doc", 'При.doc'],
    ['with a language', "filename*0*=UTF-8'de'%C3%84.doc", 'Ä.doc'],
    ['of a charset that is empty', "filename*0*=''%C4; filename*1=.doc", 'Ä.doc'],
    ['of an unknown charset', "filename*0*=x-unheard-of''%C3%84.doc", 'Ä.doc'],
    ['of a charset with an empty first segment', "filename*0*=UTF-8''; filename*1*=%C3%84.doc", 'Ä.doc'],
    ['whose charset is missing', 'filename*0*=%C3%84; filename*1*=.doc', 'Ä.doc'],
    ['with an encoded word divided among them', 'filename*0="=?utf-8?Q?=C3"; filename*1="=84?=.doc"', 'Ä.doc'],
    ['of a Windows path', String.raw`filename*0="C:\fax"; filename*1="\a.doc"`, 'a.doc'],
    ['before filename', 'filename=x.doc; filename*0=a.doc', 'a.doc'],
    ['after filename*', "filename*0=a.doc; filename*=UTF-8''b.doc", 'b.doc'],
    ['up to the first that is missing', 'filename*0=a; filename*2=b', 'a'],
    ['without the first there are none', 'filename*1=a.doc', undefined],
  ])('%s', (_, parameters, expected) => {
    expect(fileName(parameters)).toBe(expected);
  });
});

describe('filename* (RFC 5987)', () => {
  test.each([
    ['in UTF-8, as .NET calls it', "filename*=utf8''%C3%84.doc; filename=x.doc", 'Ä.doc'],
    ['in Windows-1251', "filename*=windows-1251''%CF%F0%E8.doc", 'При.doc'],
    ['declared as UTF-8 that is Windows-1252', "filename*=UTF-8''%C4.doc", 'Ä.doc'],
    ['before an encoded word', `filename="=?utf-8?Q?x?="; filename*=UTF-8''a.doc`, 'a.doc'],
    ['that is empty is skipped', "filename*=UTF-8''; filename=a.doc", 'a.doc'],
  ])('%s', (_, parameters, expected) => {
    expect(fileName(parameters)).toBe(expected);
  });
});

test('any name is read, and none has a path', () => {
  const piece = fc.constantFrom(
    '=?',
    '?=',
    '?',
    'utf-8',
    'B',
    'Q',
    '=C3',
    'w4Q=',
    "''",
    '%C3',
    '/',
    '\\',
    ' ',
    '"',
    'a',
  );
  const key = fc.constantFrom('filename', 'filename*', 'filename*0', 'filename*0*', 'filename*1', 'filename*1*');
  const parameters = fc.array(
    fc.tuple(
      key,
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    ),
  );
  fc.assert(
    fc.property(parameters, (all) => {
      expect(readFileName(new Map(all)) ?? '').not.toMatch(/[/\\]/);
    }),
  );
});

test.each([
  ['words', '=?utf-8?Q?=C3=84?= '],
  ['words of two charsets', '=?utf-8?Q?=C3=84?= =?koi8-r?Q?=C1?= '],
  ['beginnings of words', '=?'],
  ['words without an end', '=?utf-8?B?'],
  ['quotes', '"'],
  ['blanks', ' '],
])('a name of many %s is read', (_, piece) => {
  expect(typeof readFileName(new Map([['filename', piece.repeat(50_000)]]))).toBe('string');
});
