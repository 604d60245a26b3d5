import { readHexadecimal } from './hexadecimal.ts';

const equalsSign = 0x3d;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/**
 * Decodes the `Content-Transfer-Encoding` of a part. Libraries of mail programs write such headers, and the encoded
 * text would otherwise be faxed as a page of letters. `7bit`, `8bit`, `binary` and unknown names leave the bytes
 * unchanged (RFC 2045, section 6). Returns undefined for bytes that are not encoded as declared, and for the encodings of
 * Unix and Macintosh mail, which web servers never decoded.
 */
export function decodeTransferEncoding(bytes: Uint8Array, encoding: string | undefined): Uint8Array | undefined {
  const name = encoding?.trim().toLowerCase();
  if (name === 'base64') return fromBase64(bytes);
  if (name === 'quoted-printable') return fromQuotedPrintable(bytes);
  if (name !== undefined && /^(?:x-)?(?:uu|binhex|mac-binhex|yenc|gzip)/.test(name)) return undefined;
  return bytes;
}

/**
 * Removes white space in one pass: a regular expression takes most of the time, and memory for millions of matches.
 */
function fromBase64(bytes: Uint8Array): Uint8Array | undefined {
  const written = Buffer.alloc(bytes.length);
  let length = 0;
  for (const byte of bytes) {
    if (isSpace(byte)) continue;
    written[length] = byte;
    length += 1;
  }
  const [, letters] = /^([A-Za-z0-9+/]*)={0,2}$/.exec(written.toString('latin1', 0, length)) ?? [];
  // A single letter in the last group of four makes no byte. Some writers leave the padding out.
  return letters === undefined || letters.length % 4 === 1 ? undefined : Buffer.from(letters, 'base64');
}

/** Returns whether a byte is a blank, tab, line end or form feed, or the no-break space of Windows-1252. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0xa0;
}

/** Decodes into bytes in one pass: a string for each escape would not fit into a function of 256 MB. */
function fromQuotedPrintable(bytes: Uint8Array): Uint8Array | undefined {
  const decoded = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    const escaped = byte === equalsSign ? readHexadecimal(bytes, at + 1, 2) : byte;
    if (escaped === undefined) {
      const nextLine = endOfSoftBreak(bytes, at + 1);
      if (nextLine === undefined) return undefined;
      at = nextLine;
    } else {
      decoded[length] = escaped;
      length += 1;
      at += byte === equalsSign ? 3 : 1;
    }
  }
  return decoded.subarray(0, length);
}

/** Returns where the text continues after the `=` of a soft line break. Its line end may be the end of the part. */
function endOfSoftBreak(bytes: Uint8Array, from: number): number | undefined {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at += 1;
  if (at === bytes.length) return at;
  if (bytes[at] === carriageReturn) at += 1;
  return bytes[at] === lineFeed ? at + 1 : undefined;
}
