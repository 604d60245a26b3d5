import { readHexadecimal } from './hexadecimal.ts';

const percent = 0x25;
const plus = 0x2b;
const space = 0x20;

/**
 * Returns the bytes that percent-escapes encode. An escape that is not `%` and two hexadecimal digits stays unchanged,
 * because programs put raw percent signs into their text. With `plusIsSpace`, `+` is a space, as in HTML forms. Returns
 * the given view itself when there is nothing to decode.
 */
export function percentDecode(bytes: Uint8Array, plusIsSpace: boolean): Uint8Array {
  if (!bytes.includes(percent) && !(plusIsSpace && bytes.includes(plus))) return bytes;
  const decoded = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const escaped = byte === percent ? readHexadecimal(bytes, at + 1, 2) : undefined;
    if (escaped !== undefined) at += 2;
    decoded[length] = escaped ?? (plusIsSpace && byte === plus ? space : byte);
    length += 1;
  }
  return decoded.subarray(0, length);
}
