import * as fc from 'fast-check';
import { percentDecode } from '../../lib/legacy/percent-decoding.ts';
import { latin1, utf8 } from './bytes.ts';

describe('percent-decoding', () => {
  test.each([
    ['a%20b', 'a b'],
    ['%C3%84', '\xc3\x84'],
    ['%c4', '\xc4'],
    ['%00', '\0'],
    ['%2525', '%25'],
    ['100%', '100%'],
    ['%4', '%4'],
    ['%zz', '%zz'],
    ['%4g', '%4g'],
    ['%%41', '%A'],
    ['%u0041', '%u0041'],
  ])('%s', (escaped, decoded) => {
    expect(percentDecode(utf8(escaped), false)).toEqual(latin1(decoded));
  });

  test('a plus is a space only when requested', () => {
    expect(percentDecode(utf8('a+%2B'), true)).toEqual(utf8('a +'));
    expect(percentDecode(utf8('a+%2B'), false)).toEqual(utf8('a++'));
  });

  test('returns the same view when there is nothing to decode', () => {
    const bytes = utf8('plain');
    expect(percentDecode(bytes, true)).toBe(bytes);
  });

  test('all bytes survive being escaped', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const escaped = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
        expect(percentDecode(utf8(escaped), true)).toEqual(new Uint8Array(bytes));
      }),
    );
  });
});
