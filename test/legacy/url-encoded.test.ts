import * as fc from 'fast-check';
import { parseUrlEncoded } from '../../lib/legacy/url-encoded.ts';
import type { FieldPair } from '../../lib/legacy/fields.ts';
import { latin1, utf8 } from './bytes.ts';

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

  test('any bytes are read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const [name, value] of parseUrlEncoded(bytes)) expect(typeof name + typeof value).toBe('stringstring');
      }),
    );
  });

  test('a large value of escapes, and very many pairs, are read', () => {
    expect(parseUrlEncoded(utf8(`a=${'%41'.repeat(500_000)}`))[0]?.[1]).toHaveLength(500_000);
    expect(parseUrlEncoded(utf8('a=b&'.repeat(200_000)))).toHaveLength(200_000);
  });
});
