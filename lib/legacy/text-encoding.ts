import { isUtf8 } from 'node:buffer';

/** A text encoding that a `Content-Type` declares. */
export type Charset = TextDecoder;

// Keeps a byte order mark: inside a document it is part of the bytes, and elsewhere trimming removes it.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const windows1252 = new TextDecoder('windows-1252');
const utf16LittleEndian = new TextDecoder('utf-16le');
const utf16BigEndian = new TextDecoder('utf-16be');

/** Cache of decoders by label. The Encoding Standard has some 230 labels, so this stays small. */
const charsets = new Map<string, Charset>();

/**
 * Returns the encoding that a `charset` parameter names, by any label of the Encoding Standard (`windows-1251`,
 * `shift_jis`, `utf-16`). Returns undefined without a label and for unknown ones.
 *
 * Decoders are cached by label, because making one takes longer than decoding a word of a file name with it.
 */
export function findCharset(label: string | undefined): Charset | undefined {
  if (label === undefined) return undefined;
  const key = label.trim().toLowerCase();
  const known = charsets.get(key);
  if (known !== undefined) return known;
  try {
    const charset = new TextDecoder(key);
    charsets.set(key, charset);
    return charset;
  } catch {
    return undefined;
  }
}

/**
 * Decodes text in the declared encoding. Without one, valid UTF-8 is read as UTF-8, and all else as Windows-1252. The
 * programs date from before UTF-8 was usual on Windows, and Windows-1252 text with a character beyond ASCII is
 * practically never valid UTF-8. Declared UTF-8 counts as undeclared, because it is checked in the same way. A UTF-8
 * byte order mark overrides any other declaration, as in browsers. Never throws.
 */
export function decodeText(bytes: Uint8Array, declared?: Charset): string {
  const charset = declared?.encoding === 'utf-8' ? undefined : declared;
  const content = skipByteOrderMark(bytes);
  if ((charset === undefined || content !== bytes) && isUtf8(bytes)) return utf8.decode(bytes);
  if (charset === undefined) return windows1252.decode(content);
  return isUtf16(charset) ? decodeUtf16(content, markedByteOrder(content) ?? charset) : charset.decode(content);
}

/** Returns the bytes after a UTF-8 byte order mark, or the given view itself where there is none. */
export function skipByteOrderMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Returns whether an encoding takes two bytes for each ASCII character. */
export function isUtf16({ encoding }: Charset): boolean {
  return encoding === 'utf-16le' || encoding === 'utf-16be';
}

/**
 * Decodes bytes that begin as UTF-16: with a byte order mark, or with an ASCII character, which is one NUL and one
 * other byte. Returns undefined for other bytes.
 */
export function decodeRawUtf16(bytes: Uint8Array): string | undefined {
  const charset = markedByteOrder(bytes) ?? byteOrderOfAscii(bytes);
  return charset && decodeUtf16(bytes, charset);
}

function decodeUtf16(bytes: Uint8Array, charset: Charset): string {
  // Padding with an odd number of NULs ends in half a character.
  const isHalfPadded = bytes.length % 2 === 1 && bytes.at(-1) === 0;
  return charset.decode(isHalfPadded ? bytes.subarray(0, -1) : bytes);
}

function markedByteOrder(bytes: Uint8Array): Charset | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16LittleEndian;
  return bytes[0] === 0xfe && bytes[1] === 0xff ? utf16BigEndian : undefined;
}

function byteOrderOfAscii([first, second]: Uint8Array): Charset | undefined {
  if (first === undefined || second === undefined || (first === 0) === (second === 0)) return undefined;
  return second === 0 ? utf16LittleEndian : utf16BigEndian;
}
