import { bufferView } from './buffer-view.ts';
import type { FieldPair } from './fields.ts';
import { readHexadecimal } from './hexadecimal.ts';
import { percentDecode } from './percent-decoding.ts';
import { decodeRawUtf16, decodeText, isUtf16, skipByteOrderMark, type Charset } from './text-encoding.ts';

const ampersand = 0x26;
const equalsSign = 0x3d;

/**
 * Most fields of one body, empty ones included. Programs send some dozen fields, and one for each recipient. Web
 * servers of their time refused more than 1,000. Each field costs some microseconds before the sender is known, and a
 * body has room for millions.
 */
export const maxFields = 20_000;

/**
 * Reads the bytes of an `application/x-www-form-urlencoded` body, in the order sent. Never throws: a bare name has an
 * empty value, and a bad escape stays unchanged. Each name and value is unescaped to bytes first and decoded to text
 * afterwards, because old programs escape Windows-1252 bytes. The built-in URLSearchParams decodes only UTF-8 and
 * replaces all other bytes by U+FFFD. Drops a byte order mark before the first name and NULs after the last value.
 *
 * A body that is declared as UTF-16 but begins like ASCII is ASCII, and its escapes count as undeclared.
 *
 * Returns undefined for a body of more than {@link maxFields}, before any field is decoded.
 */
export function parseUrlEncoded(body: Uint8Array, charset?: Charset): readonly FieldPair[] | undefined {
  if (charset !== undefined && isUtf16(charset)) {
    const text = decodeRawUtf16(body);
    return parseFields(text === undefined ? body : Buffer.from(text));
  }
  return parseFields(body, charset);
}

function parseFields(body: Uint8Array, charset?: Charset): readonly FieldPair[] | undefined {
  const bytes = bufferView(withoutPadding(skipByteOrderMark(body)));
  const written: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    if (written.length === maxFields) return undefined;
    const ampersandAt = bytes.indexOf(ampersand, start);
    const end = ampersandAt === -1 ? bytes.length : ampersandAt;
    written.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return written.filter(({ length }) => length > 0).map((field) => parseField(field, charset));
}

function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, end);
}

function parseField(bytes: Buffer, charset: Charset | undefined): FieldPair {
  const equalsAt = bytes.indexOf(equalsSign);
  if (equalsAt === -1) return [decode(bytes, charset), ''];
  return [decode(bytes.subarray(0, equalsAt), charset), decode(bytes.subarray(equalsAt + 1), charset)];
}

/**
 * Decodes both kinds of escapes: `%NN` for a byte, and `%uNNNN` for a UTF-16 unit, as JavaScript's `escape()` writes
 * them and IIS reads them. The bytes between two units are decoded on their own, as UTF-8, Windows-1252 or the declared
 * encoding. Half a surrogate pair becomes U+FFFD.
 */
function decode(bytes: Buffer, charset: Charset | undefined): string {
  const bytesOf = (from: number, to: number): string =>
    decodeText(percentDecode(bytes.subarray(from, to), true), charset);
  let escapeAt = findUnit(bytes, 0);
  if (escapeAt === -1) return bytesOf(0, bytes.length);

  // One array instead of a string for each escape. No encoding yields more UTF-16 units than bytes.
  const units = new Uint16Array(bytes.length);
  let length = 0;
  const append = (text: string): void => {
    for (let at = 0; at < text.length; at += 1) units[length + at] = text.charCodeAt(at);
    length += text.length;
  };
  let start = 0;
  while (escapeAt !== -1) {
    if (escapeAt > start) append(bytesOf(start, escapeAt));
    units[length] = readHexadecimal(bytes, escapeAt + 2, 4) ?? 0;
    length += 1;
    start = escapeAt + unitEscapeLength;
    escapeAt = findUnit(bytes, start);
  }
  append(bytesOf(start, bytes.length));
  return Buffer.from(units.buffer, 0, length * 2)
    .toString('utf16le')
    .toWellFormed();
}

const unitEscape = Buffer.from('%u');
const unitEscapeLength = '%uNNNN'.length;

/** Returns where the next `%uNNNN` begins; -1 where there is none. */
function findUnit(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(unitEscape, from);
  while (at !== -1 && readHexadecimal(bytes, at + 2, 4) === undefined) at = bytes.indexOf(unitEscape, at + 1);
  return at;
}
