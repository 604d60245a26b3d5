/** Returns the value of `count` hexadecimal digits at `from`; undefined when there are fewer. */
export function readHexadecimal(bytes: Uint8Array, from: number, count: number): number | undefined {
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    const digit = digitOf(bytes[at]);
    if (digit === undefined) return undefined;
    value = value * 16 + digit;
  }
  return value;
}

function digitOf(byte: number | undefined): number | undefined {
  if (byte === undefined) return undefined;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lowerCase = byte | 0x20;
  return lowerCase >= 0x61 && lowerCase <= 0x66 ? lowerCase - 0x57 : undefined;
}
