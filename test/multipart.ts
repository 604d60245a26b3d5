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

/** What divides the parts of every body here. */
export const boundary = 'demo-boundary';

/** A multipart body; `lineEnd` for programs that write bare line feeds. */
export function multipart(parts: readonly WirePart[], lineEnd = '\r\n', ending = '--'): Buffer {
  const chunks: (Uint8Array | string)[] = [];
  for (const { headers, bytes } of parts) {
    chunks.push(`--${boundary}${lineEnd}`, ...headers.flatMap((line) => [line, lineEnd]), lineEnd, bytes, lineEnd);
  }
  chunks.push(`--${boundary}${ending}${lineEnd}`);
  return Buffer.concat(chunks.map((chunk) => Buffer.from(chunk as Uint8Array)));
}
