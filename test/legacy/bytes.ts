/** UTF-8 bytes of a text, as a plain Uint8Array so that whole values compare equal. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** One byte per character below U+0100, for bytes that are not UTF-8. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** UTF-16 bytes of a text, without a byte order mark. */
export function utf16(text: string, order: 'little-endian' | 'big-endian' = 'little-endian'): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le');
  return new Uint8Array(order === 'big-endian' ? bytes.swap16() : bytes);
}

/** All given pieces in one array. */
export function concat(...pieces: readonly (string | Uint8Array)[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece)))),
  );
}

/** A copy as a plain Uint8Array, because to jest a Buffer does not equal one. */
export function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
