import * as fc from 'fast-check';
import { decodeText, decodeWindows1252 } from '../../lib/legacy/text-encoding.ts';
import { latin1, utf8 } from './bytes.ts';

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

  test('any bytes are read, one character per byte in Windows-1252', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(typeof decodeText(bytes)).toBe('string');
        expect(decodeWindows1252(bytes)).toHaveLength(bytes.length);
      }),
    );
  });
});
