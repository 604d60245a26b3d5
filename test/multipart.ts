/** One part of a multipart body, built by hand so that a test controls the bytes on the wire. */
export interface WirePart {
  /** Header lines as sent. Bytes are for lines that are not UTF-8. */
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

/** The default boundary. */
export const boundary = 'demo-boundary';

/** Differences from a body that a browser writes. */
export interface MultipartOptions {
  readonly boundary?: string;
  /** For programs that write bare line feeds. */
  readonly lineEnd?: string;
  /** The bytes between a payload and the next delimiter, by default a line end. */
  readonly payloadEnd?: string;
  /** The bytes before the first part. */
  readonly preamble?: string;
  /** The bytes after the last part, by default the closing delimiter. */
  readonly closing?: string;
}

/** A multipart body with the bytes of its parts unchanged. */
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
