/**
 * Undoes the `Content-Transfer-Encoding` of a part. Mail programs' libraries write such headers, and what they encoded
 * would otherwise be faxed as a page of letters. `7bit`, `8bit`, `binary` and unknown names mean that the bytes are
 * what they are (RFC 2045, section 6). Undefined for bytes that are not encoded as they claim.
 */
export function decodeTransferEncoding(bytes: Uint8Array, encoding: string | undefined): Uint8Array | undefined {
  const name = encoding?.trim().toLowerCase();
  if (name === 'base64') return fromBase64(latin1(bytes));
  if (name === 'quoted-printable') return fromQuotedPrintable(latin1(bytes));
  return bytes;
}

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

function fromBase64(text: string): Uint8Array | undefined {
  const [, letters] = /^([A-Za-z0-9+/]*)={0,2}$/.exec(text.replaceAll(/\s+/g, '')) ?? [];
  // A single letter of the last four makes no byte. Some writers leave the padding out.
  return letters === undefined || letters.length % 4 === 1 ? undefined : Buffer.from(letters, 'base64');
}

function fromQuotedPrintable(text: string): Uint8Array | undefined {
  const joined = text.replaceAll(/=[ \t]*(?:\r?\n|$)/g, '');
  if (/=(?![0-9A-Fa-f]{2})/.test(joined)) return undefined;
  const decoded = joined.replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded, 'latin1');
}
