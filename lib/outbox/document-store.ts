import { createHash, createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Clock } from '../domain/ports.ts';
import { faxObject, readFaxObject } from './fax-object.ts';
import { DocumentsUnavailable, type FaxDocuments } from './ports.ts';

/** Where the bucket is, and who asks. */
export interface BucketAccess {
  readonly bucket: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Base URL of another S3, asked with the bucket in the path; undefined for AWS's own. */
  readonly endpoint: string | undefined;
}

/** What is sent at a time, so that a slow connection is waited for instead of being handed a whole document. */
const pieceBytes = 64 * 1024;

/** Longest wait for one answer; the whole object is on its way meanwhile. */
const timeoutMs = 6000;

/** S3 asks to repeat what it answers with a 5xx; putting, getting and deleting one object may be repeated. */
const attempts = 2;

/**
 * Faxes as objects in S3, with three signed requests: the S3 client would be a third of the bundle (171 KB), and keeps
 * copies of what it sends. The bucket encrypts. Documents are handed on as views of their own bytes.
 */
export function createDocumentStore(access: BucketAccess, clock: Pick<Clock, 'signal' | 'nowMs'>): FaxDocuments {
  const handler = new NodeHttpHandler({ connectionTimeout: 3000 });
  const signer = new SignatureV4({
    service: 's3',
    region: access.region,
    credentials: access.credentials,
    sha256: Sha256,
    uriEscapePath: false,
  });
  const base = new URL(access.endpoint ?? `https://${access.bucket}.s3.${access.region}.amazonaws.com`);

  async function ask(method: 'PUT' | 'GET' | 'DELETE', id: string, pieces?: readonly Uint8Array[]): Promise<S3Answer> {
    const length = pieces?.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const request = {
      method,
      protocol: base.protocol,
      hostname: base.hostname,
      ...(base.port === '' ? {} : { port: Number(base.port) }),
      path: `${access.endpoint === undefined ? '' : `/${access.bucket}`}/faxes/${id}`,
      query: {},
      headers: {
        host: base.host,
        'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
        ...(length === undefined
          ? {}
          : { 'content-length': String(length), 'content-type': 'application/octet-stream' }),
      },
    };
    const signed = await signer.sign(request, { signingDate: new Date(clock.nowMs()) });
    const body = pieces === undefined ? undefined : Readable.from(smallPieces(pieces), { objectMode: false });
    const { response } = await handler.handle({ ...signed, body } as Parameters<typeof handler.handle>[0], {
      abortSignal: clock.signal(timeoutMs),
    });
    return { status: response.statusCode, body: await bytesOf(response.body as Readable) };
  }

  /** @param expected statuses that say what is to be known */
  async function askAgain(
    method: 'PUT' | 'GET' | 'DELETE',
    id: string,
    expected: readonly number[],
    pieces?: readonly Uint8Array[],
  ): Promise<S3Answer> {
    let cause: unknown;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      try {
        const answer = await ask(method, id, pieces);
        if (expected.includes(answer.status)) return answer;
        cause = new UnexpectedStatus(answer.status);
        if (answer.status < 500) break;
      } catch (error) {
        cause = error;
      }
    }
    throw new DocumentsUnavailable(cause);
  }

  return {
    async put(id, order) {
      await askAgain('PUT', id, [200], faxObject(order));
    },
    async get(id) {
      const { status, body } = await askAgain('GET', id, [200, 404]);
      return status === 404 ? undefined : readFaxObject(body);
    },
    async delete(id) {
      await askAgain('DELETE', id, [204, 200, 404]);
    },
  };
}

/** Named by its status, which is all that goes to the log: the body may repeat the request. */
class UnexpectedStatus extends Error {
  constructor(status: number) {
    super(`S3 answered ${status}`);
    this.name = `S3Status${status}`;
  }
}

interface S3Answer {
  readonly status: number;
  readonly body: Uint8Array;
}

function* smallPieces(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const piece of pieces) {
    for (let at = 0; at < piece.byteLength; at += pieceBytes) yield piece.subarray(at, at + pieceBytes);
  }
}

async function bytesOf(body: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** SHA-256 as the signer wants it. */
class Sha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string | Buffer);
  }

  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}
