import type { FieldPair } from './fields.ts';
import { percentDecode } from './percent-decoding.ts';
import { decodeText } from './text-encoding.ts';

const ampersand = 0x26;
const equalsSign = 0x3d;

/**
 * Reads `application/x-www-form-urlencoded` bytes, a body or a query string, in the order sent. Never fails: a bare
 * name has an empty value, a bad escape stays as it is. Escapes are decoded to bytes first and to text afterwards, each
 * name and value on its own, because old programs escape Windows-1252 bytes, which the built-in URLSearchParams
 * would replace by question marks.
 */
export function parseUrlEncoded(bytes: Uint8Array): readonly FieldPair[] {
  const pairs: FieldPair[] = [];
  for (let start = 0; start < bytes.length;) {
    const ampersandAt = bytes.indexOf(ampersand, start);
    const end = ampersandAt === -1 ? bytes.length : ampersandAt;
    if (end > start) pairs.push(parsePair(bytes.subarray(start, end)));
    start = end + 1;
  }
  return pairs;
}

function parsePair(bytes: Uint8Array): FieldPair {
  const equalsAt = bytes.indexOf(equalsSign);
  if (equalsAt === -1) return [decode(bytes), ''];
  return [decode(bytes.subarray(0, equalsAt)), decode(bytes.subarray(equalsAt + 1))];
}

function decode(bytes: Uint8Array): string {
  return decodeText(percentDecode(bytes, true));
}
