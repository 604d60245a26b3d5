import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { isHtml, isText } from '../../lib/legacy/text-file.ts';
import { concat, latin1, utf8 } from './bytes.ts';

const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'));
const bigEndian = (text: string): Uint8Array => new Uint8Array(Buffer.from(utf16(text)).swap16());

describe('bytes are text', () => {
  test.each<[string, Uint8Array, string | undefined]>([
    ['nothing', utf8(''), undefined],
    ['ASCII with tabs, line ends and form feeds', utf8('a\tb\r\nc\v\fd'), undefined],
    ['UTF-8', utf8('Grüße ☎ 😀'), undefined],
    ['UTF-8 behind a byte order mark', utf8('\ufeffGrüße'), undefined],
    ['Windows-1252', latin1('Gr\xfc\xdfe \x80 \x93quoted\x94'), undefined],
    ['another encoding of one byte per character', latin1('\x81\x8d\x8f\x90\x9d'), undefined],
    ['UTF-16 behind a byte order mark', utf16('Grüße\r\n'), undefined],
    ['UTF-16 of the other byte order', bigEndian('Grüße\r\n'), undefined],
    ['UTF-16 without a mark, declared', utf16('Grüße\r\n').subarray(2), 'utf-16le'],
    ['ISO-2022-JP, declared', latin1('\x1b$B$"\x1b(B'), 'ISO-2022-JP'],
  ])('%s', (_, bytes, charset) => {
    expect(isText(bytes, charset)).toBe(true);
  });

  test.each<[string, Uint8Array, string | undefined]>([
    ['NUL', utf8('Dear Sir\0'), undefined],
    ['a control character at the end', utf8(`${'x'.repeat(100_000)}\x01`), undefined],
    ['a control character after the line ends', utf8('\x0e'), undefined],
    ['a control character before the tab', utf8('\b'), undefined],
    ['DEL', utf8('\x7f'), undefined],
    ['escape', utf8('\x1b%-12345X@PJL'), undefined],
    ['UTF-16 without a mark', utf16('Dear Sir').subarray(2), undefined],
    ['a mark of UTF-16 before NULs', latin1('\xff\xfe\0\0\0\0'), undefined],
    ['a mark of UTF-16 before half a character', latin1('\xff\xfea\0b'), undefined],
    ['a mark of UTF-16 before half a surrogate pair', latin1('\xff\xfe\x00\xd8a\0'), undefined],
    ['control characters in a declared encoding', latin1('\x01\0'), 'utf-16le'],
    ['control characters in an unknown encoding', latin1('\0a'), 'x-unheard-of'],
  ])('unless there is %s', (_, bytes, charset) => {
    expect(isText(bytes, charset)).toBe(false);
  });

  test('only without control characters', () => {
    const control = fc.integer({ min: 0, max: 0x1f }).filter((byte) => byte < 0x09 || byte > 0x0d);
    const letters = fc.uint8Array().map((bytes) => bytes.map((byte) => (byte < 0x20 || byte === 0x7f ? 0x20 : byte)));
    fc.assert(
      fc.property(letters, control, letters, (before, byte, after) => {
        expect(isText(concat('x', before, after))).toBe(true);
        expect(isText(concat('x', before, Uint8Array.of(byte), after))).toBe(false);
      }),
    );
  });
});

describe('a text is HTML', () => {
  test.each([
    '<!DOCTYPE html>',
    '<!doctype HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">',
    '<html>',
    '<HTML lang="en">',
    '\r\n\t <html>',
    '\ufeff<html>',
    '<!-- a comment --><html>',
    '<?xml version="1.0" encoding="utf-8"?>\r\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">',
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">',
    '<head>',
    '<body bgcolor=white>',
    '<table border=1>',
    '<p>Dear Sir</p>',
    '<h1>Order</h1>',
    '<b>Order</b>',
    '<meta http-equiv="Content-Type" content="text/html">',
  ])('%j', (text) => {
    expect(isHtml(Buffer.from(text))).toBe(true);
  });

  test('also in UTF-16', () => {
    expect(isHtml(Buffer.from(utf16(`\r\n<html>${'x'.repeat(2000)}`)))).toBe(true);
    expect(isHtml(Buffer.from(bigEndian('<html>')))).toBe(true);
    expect(isHtml(Buffer.from(utf16('Dear Sir')))).toBe(false);
  });

  test.each([
    '',
    'Dear Sir',
    '<dear@example.com> wrote:',
    'Dear <b>Sir</b>',
    '<htmlx>',
    '<',
    '<?xml version="1.0"?><order>',
    '<?xml version="1.0"?><p>',
    '<?xml version="1.0"',
    '<bold>',
  ])('but not %j', (text) => {
    expect(isHtml(Buffer.from(text))).toBe(false);
  });
});
