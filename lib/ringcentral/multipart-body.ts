import { randomUUID } from 'node:crypto';

/** One part of a `multipart/form-data` body. */
export interface BodyPart {
  readonly name: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** Sent at a time, so that a slow connection is waited for instead of being handed a whole document. */
const pieceBytes = 64 * 1024;

/**
 * A `multipart/form-data` body that goes out as views of the bytes it was given. The platform's own FormData takes
 * Blobs, and on the way through a Blob and fetch each byte is copied four times, which for the largest fax is 20 MB.
 * What is sent is the same but for the boundary. It may be sent more than once.
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

  /** Content-Length, without which the body would go out in chunks of unknown number, and the type. */
  get headers(): Readonly<Record<string, string>> {
    const length = this.#pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return {
      'Content-Type': `multipart/form-data; boundary=${this.#boundary}`,
      'Content-Length': String(length),
    };
  }

  /** The whole body from its beginning, piece by piece; nothing is read ahead. */
  [Symbol.iterator](): Iterator<Uint8Array> {
    return smallPieces(this.#pieces);
  }

  #head({ name, fileName, contentType }: BodyPart): string {
    return (
      `--${this.#boundary}\r\n` +
      `Content-Disposition: form-data; name="${escapeName(name)}"; filename="${escapeName(fileName)}"\r\n` +
      `Content-Type: ${safeType(contentType)}\r\n\r\n`
    );
  }
}

function* smallPieces(pieces: readonly Uint8Array[]): Generator<Uint8Array, undefined> {
  for (const piece of pieces) {
    for (let at = 0; at < piece.byteLength; at += pieceBytes) yield piece.subarray(at, at + pieceBytes);
  }
  return undefined;
}

/** HTML Standard, multipart/form-data encoding algorithm: nothing in a name can break out of its part header. */
function escapeName(name: string): string {
  return name.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
}

/** As a Blob reads its type (File API): in lower case, and unknown when there is anything but printable ASCII in it. */
function safeType(contentType: string): string {
  return /^[\x20-\x7e]+$/.test(contentType) ? contentType.toLowerCase() : 'application/octet-stream';
}
