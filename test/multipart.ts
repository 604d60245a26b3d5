/** One part of a multipart body, written by hand so that a test says what is on the wire. */
export interface WirePart {
  /** Header lines as they are sent; bytes for what is not UTF-8. */
  readonly headers: readonly (Uint8Array | string)[];
  readonly bytes: Uint8Array | string;
}

/** A form field. */
export const field = (name: string, value: Uint8Array | string): WirePart => ({
  headers: [`Content-Disposition: form-data; name="${name}"`],
  bytes: value,
});

/** A file, by default in the field that faxes use. */
export const file = (
  fileName: string,
  bytes: Uint8Array | string,
  contentType?: string,
  name = 'Attachment',
): WirePart => ({
  headers: [
    `Content-Disposition: form-data; name="${name}"; filename="${fileName}"`,
    ...(contentType === undefined ? [] : [`Content-Type: ${contentType}`]),
  ],
  bytes,
});

/** What divides the parts, unless told otherwise. */
export const boundary = 'demo-boundary';

/** In what a body differs from one that a browser writes. */
export interface MultipartOptions {
  readonly boundary?: string;
  /** For programs that write bare line feeds. */
  readonly lineEnd?: string;
  /** What stands between a payload and the delimiter behind it: a line end, unless told otherwise. */
  readonly payloadEnd?: string;
  /** What stands before the first part. */
  readonly preamble?: string;
  /** What stands behind the last part: its end, unless told otherwise. */
  readonly closing?: string;
}

/** A multipart body, byte for byte as its parts are given. */
export function multipart(parts: readonly WirePart[], options: MultipartOptions = {}): Buffer<ArrayBuffer> {
  const { boundary: divider = boundary, lineEnd = '\r\n', preamble = '' } = options;
  const { payloadEnd = lineEnd, closing = `--${divider}--${lineEnd}` } = options;
  const chunks: (Uint8Array | string)[] = [preamble];
  for (const { headers, bytes } of parts) {
    chunks.push(`--${divider}${lineEnd}`, ...headers.flatMap((line) => [line, lineEnd]), lineEnd, bytes, payloadEnd);
  }
  chunks.push(closing);
  return Buffer.concat(chunks.map((chunk) => Buffer.from(chunk as Uint8Array)));
}
