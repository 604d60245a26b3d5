import { findCharset } from './text-encoding.ts';

/**
 * Returns whether all bytes are text: no control characters but tabs, line ends and form feeds. That covers UTF-8 and
 * every encoding of one byte per character. Other encodings are read if the text begins with a byte order mark, or if
 * `charset` declares them. Looks at each byte once.
 */
export function isText(bytes: Uint8Array, charset?: string): boolean {
  if (!hasControlByte(bytes)) return true;
  const label = utf16Label(bytes) ?? charset;
  const text = label === undefined ? undefined : findCharset(label)?.decode(bytes);
  return text !== undefined && !/[\0-\x08\x0e-\x1f\x7f\ufffd]/.test(text);
}

/** Returns the bytes of a file from the first that is neither white space nor part of a UTF-8 byte order mark. */
export function withoutBlanks(file: Buffer): Buffer {
  let at = 0;
  for (;;) {
    if (isWhiteSpace(file[at])) at += 1;
    else if (file[at] === 0xef && file[at + 1] === 0xbb && file[at + 2] === 0xbf) at += 3;
    else return file.subarray(at);
  }
}

/** Returns whether a byte is a space, tab, line end, vertical tab or form feed; false past the end. */
export function isWhiteSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

const sampleBytes = 1024;

/**
 * Recognises HTML as browsers do (MIME Sniffing Standard, section 7.1), with more of the tags that a page may begin
 * with.
 */
const htmlBeginning =
  /^(?:<\?xml\s[^>]*>\s*)?<(?:!doctype html|html)[\s>]|^<(?:!--|head|meta|link|script|style|title|body|iframe|div|span|font|center|table|form|h[1-6]|p|a|b|br|hr|img|pre|ul|ol)[\s>]/i;

/** Returns whether a text is an HTML page or a part of one. */
export function isHtml(text: Buffer): boolean {
  const label = utf16Label(text);
  const beginning =
    label === undefined
      ? withoutBlanks(text).toString('latin1', 0, sampleBytes)
      : (findCharset(label)?.decode(text.subarray(0, sampleBytes)).trimStart() ?? '');
  return htmlBeginning.test(beginning);
}

function utf16Label(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

/** Loops with an index, because iterating over megabytes takes five times as long. */
function hasControlByte(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === 0x7f || (byte !== undefined && byte < 0x20 && !isWhiteSpace(byte))) return true;
  }
  return false;
}
