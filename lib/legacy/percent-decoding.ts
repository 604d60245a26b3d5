const percent = 0x25;
const plus = 0x2b;
const space = 0x20;

/**
 * The bytes that percent-escapes stand for. An escape that is not `%` and two hexadecimal digits is kept as it is,
 * because programs put raw percent signs into their text. With `plusIsSpace`, `+` is a space, as in HTML forms.
 * Returns the given view itself when there is nothing to decode.
 */
export function percentDecode(bytes: Uint8Array, plusIsSpace: boolean): Uint8Array {
  if (!bytes.includes(percent) && !(plusIsSpace && bytes.includes(plus))) return bytes;
  const decoded = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const escaped = byte === percent ? escapedByte(bytes[at + 1], bytes[at + 2]) : undefined;
    if (escaped !== undefined) at += 2;
    decoded[length] = escaped ?? (plusIsSpace && byte === plus ? space : byte);
    length += 1;
  }
  return decoded.subarray(0, length);
}

function escapedByte(high: number | undefined, low: number | undefined): number | undefined {
  const highDigit = hexDigit(high);
  const lowDigit = hexDigit(low);
  return highDigit === undefined || lowDigit === undefined ? undefined : highDigit * 16 + lowDigit;
}

function hexDigit(byte: number | undefined): number | undefined {
  if (byte === undefined) return undefined;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lowerCase = byte | 0x20;
  return lowerCase >= 0x61 && lowerCase <= 0x66 ? lowerCase - 0x57 : undefined;
}
