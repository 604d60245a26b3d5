import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { createDocumentStore } from '../../lib/outbox/document-store.ts';
import { DocumentsUnavailable, type FaxDocuments } from '../../lib/outbox/ports.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { orderOf } from './world.ts';

/*
 * One fax is written to S3 and read back over HTTP, also with faults of S3. The local stack's S3 checks AWS's rules for
 * requests and signatures. The signer is AWS's own.
 */

interface Asked {
  readonly request: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

let server: Server;
let asked: Asked[];
let answer: (request: IncomingMessage, response: ServerResponse, times: number) => void;
let documents: FaxDocuments;

beforeAll(async () => {
  server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request);
      asked.push({ request: `${request.method} ${request.url}`, headers: request.headers, body });
      answer(request, response, asked.length);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  documents = createDocumentStore(
    {
      bucket: 'demo-bucket',
      region: 'eu-central-1',
      credentials: { accessKeyId: 'demo-key', secretAccessKey: 'demo-secret', sessionToken: 'demo-session' },
      endpoint,
    },
    systemClock,
  );
});
beforeEach(() => {
  asked = [];
  answer = (_, response) => response.end();
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const order = orderOf('demo', ['+16505550111', '+442071838750'], {
  documents: [
    { fileName: 'a\nb.txt', contentType: 'text/plain', bytes: Buffer.from('one\n\r\n{}') },
    { fileName: 'scan.pdf', contentType: 'application/pdf', bytes: Buffer.alloc(70_000, 0xff) },
  ],
  cover: { kind: 'named', name: 'Letters' },
  resolution: 'High',
  sendAtMs: 1_800_000_000_000,
});

test('a fax is stored whole under its id, signed, with its length', async () => {
  await documents.put('demo-id', order);
  const [{ request, headers } = { request: '', headers: {} }] = asked;
  expect(request).toBe('PUT /demo-bucket/faxes/demo-id');
  expect(headers).toMatchObject({
    'content-length': expect.stringMatching(/^70\d{3}$/) as string,
    'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
    'x-amz-security-token': 'demo-session',
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=demo-key\/\d{8}\/eu-central-1\/s3\/aws4_request, SignedHeaders=[\w;-]+, Signature=[\da-f]{64}$/,
    ) as string,
  });
});

test('a stored fax is read back', async () => {
  await documents.put('demo-id', order);
  answer = (_, response) => response.end(asked[0]?.body);
  const got = await documents.get('demo-id');
  expect({ ...got, documents: got?.documents.map((one) => ({ ...one, bytes: Buffer.from(one.bytes) })) }).toEqual(
    order,
  );
});

test.each<[string, string]>([
  ['nothing', ''],
  ['a page', '<html>\n'],
  [
    'one byte too few',
    `${JSON.stringify({ recipients: [{ number: '+1' }], cover: { kind: 'default' }, documents: [{ fileName: 'a', contentType: 'b', bytes: 3 }] })}\nab`,
  ],
  [
    'one byte too many',
    `${JSON.stringify({ recipients: [{ number: '+1' }], cover: { kind: 'default' }, documents: [{ fileName: 'a', contentType: 'b', bytes: 1 }] })}\nab`,
  ],
])('%s is not read as a fax', async (_, stored) => {
  answer = (_request, response) => response.end(stored);
  expect(await documents.get('demo-id')).toBeUndefined();
});

const status =
  (...statuses: readonly number[]): typeof answer =>
  (_, response, times) => {
    response.statusCode = statuses[Math.min(times, statuses.length) - 1] ?? 500;
    response.end('<Error><Code>Demo</Code></Error>');
  };

test.each<[string, typeof answer, 'put' | 'get' | 'delete', number]>([
  ['a temporary 503', status(503, 200), 'put', 2],
  [
    'a connection that breaks once',
    (request, response, times) => (times === 1 ? request.socket.destroy() : response.end()),
    'put',
    2,
  ],
  ['a missing fax', status(404), 'get', 1],
  ['a deleted fax', status(404), 'delete', 1],
])('%s causes no error', async (_, answering, method, times) => {
  answer = answering;
  await (method === 'put' ? documents.put('demo-id', order) : documents[method]('demo-id'));
  expect(asked).toHaveLength(times);
});

test.each<[string, typeof answer, 'put' | 'get' | 'delete', number]>([
  ['a lasting 503', status(503), 'put', 2],
  ['a refusal, which is not retried', status(403), 'put', 1],
  ['a missing bucket', status(404), 'put', 1],
  ['a refusal', status(403), 'get', 1],
  ['an internal error', status(500), 'delete', 2],
  ['connections that break', (request) => request.socket.destroy(), 'get', 2],
])('%s throws DocumentsUnavailable', async (_, answering, method, times) => {
  answer = answering;
  const asking = method === 'put' ? documents.put('demo-id', order) : documents[method]('demo-id');
  await expect(asking).rejects.toThrow(DocumentsUnavailable);
  expect(asked).toHaveLength(times);
});
