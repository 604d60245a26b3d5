import { randomUUID } from 'node:crypto';
import { bytePieces } from '../domain/byte-pieces.ts';

/** One part of a `multipart/form-data` body. */
export interface BodyPart {
  readonly name: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/**
 * A `multipart/form-data` body, sent as views of the given bytes. The platform's FormData takes Blobs. Through a Blob
 * and fetch each byte is copied four times: 20 MB for the largest fax. The bytes sent are the same except for the
 * boundary. The body may be sent more than once.
 */
export class MultipartBody implements Iterable<Uint8Array> {
  readonly #pieces: readonly Uint8Array[];
  readonly #boundary = `ringout-bridge-${randomUUID()}`;

  constructor(parts: readonly BodyPart[]) {
    const text = (line: string): Uint8Array => Buffer.from(line);
    this.#pieces = [
      ...parts.flatMap((part) => [text(this.#head(part)), part.bytes, text('\r\n')]),
      text(`--${this.#boundary}--\r\n`),
    ];
  }

  /** Content-Type and Content-Length. Without a length the body would be sent chunked. */
  get headers(): Readonly<Record<string, string>> {
    const length = this.#pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return {
      'Content-Type': `multipart/form-data; boundary=${this.#boundary}`,
      'Content-Length': String(length),
    };
  }

  /** Iterates over the whole body from its beginning; nothing is read ahead. */
  [Symbol.iterator](): Iterator<Uint8Array> {
    return bytePieces(this.#pieces);
  }

  #head({ name, fileName, contentType }: BodyPart): string {
    return (
      `--${this.#boundary}\r\n` +
      `Content-Disposition: form-data; name="${escapeName(name)}"; filename="${escapeName(fileName)}"\r\n` +
      `Content-Type: ${safeType(contentType)}\r\n\r\n`
    );
  }
}

/** HTML Standard, multipart/form-data encoding algorithm: a name cannot end its part header. */
function escapeName(name: string): string {
  return name.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
}

/** Like the type of a Blob (File API): in lower case, and unknown when it contains anything but printable ASCII. */
function safeType(contentType: string): string {
  return /^[\x20-\x7e]+$/.test(contentType) ? contentType.toLowerCase() : 'application/octet-stream';
}
