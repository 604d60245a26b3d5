/** How files begin that programs send as faxes, by the signature their formats define. */
const signatures: readonly (readonly [beginning: string, contentType: string])[] = [
  ['%PDF-', 'application/pdf'],
  ['II*\0', 'image/tiff'],
  ['MM\0*', 'image/tiff'],
  ['\x89PNG\r\n', 'image/png'],
  ['\xff\xd8\xff', 'image/jpeg'],
  ['GIF8', 'image/gif'],
  ['{\\rtf', 'application/rtf'],
];

/** As much of a file as is looked at to tell text from anything else. */
const sampleBytes = 4096;

/**
 * The content type a document's own bytes show, for one that came with neither a type nor an extension: PHP programs
 * send their temporary files (`phpA1B2C3`) like that, and RingCentral refuses what it is told nothing about. Undefined
 * for bytes that are neither a known format nor text.
 */
export function typeBySignature(bytes: Uint8Array): string | undefined {
  const sample = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, sampleBytes));
  const known = signatures.find(([beginning]) => sample.toString('latin1', 0, beginning.length) === beginning);
  if (known !== undefined) return known[1];
  const isText = sample.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
  return isText ? 'text/plain' : undefined;
}
