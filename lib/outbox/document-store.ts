import { createHash, createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import { bytePieces } from '../domain/byte-pieces.ts';
import type { Clock } from '../domain/ports.ts';
import { faxObject, readFaxObject } from './fax-object.ts';
import { DocumentsUnavailable, type FaxDocuments } from './ports.ts';

/** Location of the bucket, and the credentials. */
export interface BucketAccess {
  readonly bucket: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Base URL of another S3 service, with the bucket in the path; undefined for AWS. */
  readonly endpoint: string | undefined;
}

/** Longest wait for one answer, in milliseconds. It includes sending or receiving the whole object. */
const timeoutMs = 6000;

/** S3 recommends a retry after a 5xx. Putting, getting and deleting one object are idempotent. */
const attempts = 2;

/**
 * Stores faxes as objects in S3, with three kinds of signed request. The S3 client would be a third of the bundle (171
 * KB), and copies what it sends. The bucket encrypts. Documents are passed on as views of their own bytes.
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
    const body = pieces === undefined ? undefined : Readable.from(bytePieces(pieces), { objectMode: false });
    const { response } = await handler.handle({ ...signed, body } as Parameters<typeof handler.handle>[0], {
      abortSignal: clock.signal(timeoutMs),
    });
    return { status: response.statusCode, body: await bytesOf(response.body as Readable) };
  }

  /**
   * Sends the request, with one retry.
   * @param expected statuses that count as an answer; others throw `DocumentsUnavailable`
   */
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

/** Its name contains the status, and only the name is logged: the body may repeat the request. */
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

async function bytesOf(body: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** SHA-256 and HMAC with the interface that the signer requires. */
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
