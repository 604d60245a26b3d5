import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createWire, type AddressInfo, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { OutgoingRequest, type Answer, type RequestParts } from '../../lib/ringcentral/messages.ts';
import { createTransport, TransportError, type Transport } from '../../lib/ringcentral/transport.ts';
import { testClock } from '../clock.ts';
import { demoCertificate } from '../tls-certificate.ts';
import { startWireServer, wireAnswer, type WireServer } from './wire-server.ts';

let server: WireServer;
beforeEach(async () => {
  server = await startWireServer();
  server.answer('/fine', wireAnswer(200, '{"fine":true}'));
});
afterEach(() => server.close());

const request = (path: string, method: string, timeoutMs = 10_000): OutgoingRequest =>
  new OutgoingRequest(server.url + path, {
    method,
    body: method === 'POST' ? '{}' : undefined,
    signal: AbortSignal.timeout(timeoutMs),
  });

/** The result of a request: status and body, or the problem. */
async function outcome(sent: Promise<Answer>): Promise<string> {
  try {
    const answer = await sent;
    return `${answer.status} ${await answer.text()}`;
  } catch (error) {
    return error instanceof TransportError ? error.problem : String(error);
  }
}

describe('an answer is passed on, whatever its status', () => {
  test.each<[string, string, string]>([
    ['200', wireAnswer(200, '{}'), '200 {}'],
    ['an early hint first', `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${wireAnswer(200, '{}')}`, '200 {}'],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n', '204 '],
    ['205', wireAnswer(205, ''), '205 '],
    ['302, not followed', wireAnswer(302, '', 'Location: /fine'), '302 '],
    ['304', 'HTTP/1.1 304 Not Modified\r\n\r\n', '304 '],
    ['401', wireAnswer(401, '{}', 'WWW-Authenticate: Bearer'), '401 {}'],
    ['407', wireAnswer(407, '{}'), '407 {}'],
    ['421, which allows a retry', wireAnswer(421, '{}'), '421 {}'],
    ['an unrequested continue first', `HTTP/1.1 100 Continue\r\n\r\n${wireAnswer(200, '{}')}`, '200 {}'],
    ['429', wireAnswer(429, '{}', 'Retry-After: 1'), '429 {}'],
    ['599', wireAnswer(599, 'x'), '599 x'],
  ])('%s', async (_, bytes, expected) => {
    const transport = createTransport(testClock());
    server.answer('/x', bytes);
    expect(await outcome(transport.send(request('/x', 'POST')))).toBe(expected);
    expect(await outcome(transport.send(request('/x', 'GET')))).toBe(expected);
    expect(server.seen).toEqual(['POST /x', 'GET /x']);
  });
});

describe('an invalid answer counts as broken: a POST is sent once, a GET twice, and the connection is not used again', () => {
  test.each<[string, string]>([
    ['a status below 200', 'HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n'],
    ['a status over 599', wireAnswer(600, '{}')],
    ['status 999', wireAnswer(999, '{}')],
    ['an unrequested switch of protocols', 'HTTP/1.1 101 Switching\r\nUpgrade: demo\r\nConnection: upgrade\r\n\r\n'],
    ['no HTTP', 'SSH-2.0-demo\r\n'],
    ['a body that is not compressed as declared', wireAnswer(200, '{}', 'Content-Encoding: gzip')],
    ['a body with an unknown encoding', wireAnswer(200, '{}', 'Content-Encoding: demo')],
    ['a header with a control character', wireAnswer(200, '{}', 'X-Demo: a\u0001b')],
    ['two lengths', wireAnswer(200, '{}', 'Content-Length: 3')],
    ['headers without end', `HTTP/1.1 200 OK\r\nX-Demo: ${'x'.repeat(100_000)}`],
    ['a body of many megabytes', wireAnswer(200, 'x'.repeat(9 * 1024 * 1024))],
  ])('%s', async (_, bytes) => {
    const transport = createTransport(testClock());
    server.answer('/x', bytes);
    expect(await outcome(transport.send(request('/x', 'POST')))).toBe('broken');
    expect(server.seen).toEqual(['POST /x']);
    expect(await outcome(transport.send(request('/fine', 'POST')))).toBe('200 {"fine":true}');
    expect(await outcome(transport.send(request('/x', 'GET')))).toBe('broken');
    expect(server.seen).toEqual(['POST /x', 'POST /fine', 'GET /x', 'GET /x']);
    expect(await outcome(transport.send(request('/fine', 'GET')))).toBe('200 {"fine":true}');
  });
});

describe('an unrequested compressed answer', () => {
  const megabyte = 1024 * 1024;
  const encoded = (encoding: string, bytes: Buffer): Uint8Array => {
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${bytes.byteLength}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), bytes]);
  };

  test.each([
    ['gzip', gzipSync],
    ['X-Gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['identity', (body: Buffer) => body],
  ])('is read if it is small: %s', async (encoding, encode) => {
    server.answer('/x', encoded(encoding, encode(Buffer.from('{"fine":true}'))));
    expect(await outcome(createTransport(testClock()).send(request('/x', 'POST')))).toBe('200 {"fine":true}');
  });

  test('is broken as soon as it inflates beyond the limit, and is not inflated further', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * megabyte, 'x'));
    expect(bomb.byteLength).toBeLessThan(megabyte);
    server.answer('/x', encoded('gzip', bomb));
    const before = process.memoryUsage().arrayBuffers;
    const answers = Array.from({ length: 3 }, async () =>
      outcome(createTransport(testClock()).send(request('/x', 'POST', 20_000))),
    );
    expect(await Promise.all(answers)).toEqual(['broken', 'broken', 'broken']);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * megabyte);
  });
});

/** Starts an HTTP server. Returns its port and a count of its connections. */
async function listening(http: Server): Promise<{ readonly port: number; readonly connections: () => number }> {
  let connections = 0;
  http.on('connection', () => {
    connections += 1;
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return { port: (http.address() as AddressInfo).port, connections: () => connections };
}

const listeners: Server[] = [];
afterEach(() => {
  for (const http of listeners.splice(0)) {
    http.close();
    http.closeAllConnections();
  }
});
const httpServer = (answer: RequestListener): Server => {
  const http = createServer(answer);
  listeners.push(http);
  return http;
};

const sent = (url: string, parts: RequestParts = {}, transport: Transport = createTransport(testClock())) =>
  transport.send(new OutgoingRequest(url, { signal: AbortSignal.timeout(5000), ...parts }));

test('a request asks for an uncompressed answer and names the server in Host', async () => {
  const received: unknown[] = [];
  const { port } = await listening(
    httpServer(({ headers, method }, response) => {
      received.push([method, headers['accept-encoding'], headers.host, headers['x-demo']]);
      response.end('{}');
    }),
  );
  for (const method of ['GET', 'POST', 'DELETE']) {
    expect(await outcome(sent(`http://localhost:${port}/`, { method, headers: { 'X-Demo': 'ü' } }))).toBe('200 {}');
  }
  expect(received).toEqual(['GET', 'POST', 'DELETE'].map((method) => [method, 'identity', `localhost:${port}`, 'ü']));
});

describe('a body', () => {
  const receiver =
    (received: string[]): RequestListener =>
    (incoming, response) => {
      const { 'content-length': length, 'transfer-encoding': coding } = incoming.headers;
      let text = '';
      incoming.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      incoming.on('end', () => {
        received.push(`${length} ${coding} ${text.length} ${text.slice(0, 8)}`);
        response.end('{}');
      });
    };

  test('is sent with its length, as text or in pieces', async () => {
    const received: string[] = [];
    const url = `http://127.0.0.1:${(await listening(httpServer(receiver(received)))).port}/`;
    const pieces = Array.from({ length: 100 }, () => Buffer.alloc(64 * 1024, 'x'));
    await sent(url, { method: 'POST', body: '{"a":"ü"}' });
    await sent(url, { method: 'POST', body: pieces, headers: { 'Content-Length': '6553600' } });
    await sent(url, { method: 'POST' });
    await sent(url, { method: 'DELETE' });
    expect(received).toEqual([
      '10 undefined 9 {"a":"ü"',
      '6553600 undefined 6553600 xxxxxxxx',
      '0 undefined 0 ',
      'undefined undefined 0 ',
    ]);
  });

  test('that the server rejects is not sent to its end: the answer is used, and the connection is closed', async () => {
    const http = httpServer((_, response) => response.writeHead(413).end('{}'));
    const { port, connections } = await listening(http);
    const transport = createTransport(testClock());
    let taken = 0;
    function* pieces(): Generator<Uint8Array> {
      for (; taken < 1000; taken += 1) yield Buffer.alloc(64 * 1024);
    }
    const headers = { 'Content-Length': String(1000 * 64 * 1024) };
    const url = `http://127.0.0.1:${port}/`;
    expect(await outcome(sent(url, { method: 'POST', body: pieces(), headers }, transport))).toBe('413 {}');
    expect(taken).toBeLessThan(1000);
    expect(await outcome(sent(url, { method: 'POST', body: '{}' }, transport))).toBe('413 {}');
    expect(connections()).toBe(2);
  });

  test('that throws while it is produced breaks the request', async () => {
    const { port } = await listening(httpServer(() => {}));
    function* pieces(): Generator<Uint8Array> {
      yield Buffer.from('begun');
      throw new Error('on purpose');
    }
    const headers = { 'Content-Length': '100' };
    expect(await outcome(sent(`http://127.0.0.1:${port}/`, { method: 'POST', body: pieces(), headers }))).toBe(
      'broken',
    );
  });
});

describe('no answer in time', () => {
  test.each<[string, string]>([
    ['nothing at all', ''],
    ['no final status', 'HTTP/1.1 199 Wait\r\n\r\n'],
    ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{'],
    ['a chunked body without end', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n'],
  ])('is a timeout and not retried: %s', async (_, bytes) => {
    const transport = createTransport(testClock());
    server.answer('/x', bytes);
    expect(await outcome(transport.send(request('/x', 'POST', 100)))).toBe('timeout');
    expect(await outcome(transport.send(request('/x', 'GET', 100)))).toBe('timeout');
    expect(server.seen).toEqual(['POST /x', 'GET /x']);
    expect(await outcome(transport.send(request('/fine', 'POST')))).toBe('200 {"fine":true}');
  });
});

describe('without a connection nothing is sent, and the error says so', () => {
  const post = (url: string, timeoutMs = 3000): Promise<string> =>
    outcome(sent(url, { method: 'POST', body: 'x', signal: AbortSignal.timeout(timeoutMs) }));

  test('when it is refused, by address and by name', async () => {
    const { port } = new URL(server.url);
    await server.close();
    expect(await post(`http://127.0.0.1:${port}/`)).toBe('not_sent');
    // A name with several addresses fails with one error per address.
    expect(await post(`http://localhost:${port}/`)).toBe('not_sent');
    server = await startWireServer();
  });

  test('when the name does not exist', async () => {
    expect(await post('http://demo.invalid/')).toBe('not_sent');
  });

  test('when no time is left', async () => {
    expect(await outcome(sent(`${server.url}/fine`, { method: 'POST', signal: AbortSignal.abort() }))).toBe('not_sent');
    expect(server.seen).toEqual([]);
  });

  test('when a header cannot be sent', async () => {
    const headers = { Authorization: 'Bearer a\r\nX-Demo: b' };
    expect(await outcome(sent(`${server.url}/fine`, { method: 'POST', headers }))).toBe('not_sent');
    expect(server.seen).toEqual([]);
  });

  test('when the server does not speak TLS', async () => {
    server.answer('/fine', 'no TLS');
    expect(await post(`${server.url.replace('http:', 'https:')}/fine`, 300)).toBe('not_sent');
  });

  test('when connecting takes longer than four seconds', async () => {
    const clock = testClock();
    // The wire server never answers the first bytes of TLS.
    const pending = outcome(sent(server.url.replace('http:', 'https:'), { method: 'POST' }, createTransport(clock)));
    while (server.connections === 0) await new Promise(setImmediate);
    clock.advance(4001);
    expect(await pending).toBe('not_sent');
  });
});

describe('TLS', () => {
  const received: string[] = [];
  afterEach(() => {
    received.length = 0;
  });
  async function trusting<T>(ca: string, use: () => Promise<T>): Promise<T> {
    const usual = getCACertificates('default');
    setDefaultCACertificates([...usual, ca]);
    try {
      return await use();
    } finally {
      setDefaultCACertificates(usual);
    }
  }
  async function tlsServer(certificate: { readonly key: string; readonly cert: string }) {
    const http = createTlsServer({ ...certificate }, (incoming, response) => {
      received.push(
        `${incoming.method} ${(incoming.socket as Socket & { isSessionReused(): boolean }).isSessionReused()}`,
      );
      response.end('{}');
    });
    listeners.push(http);
    return listening(http);
  }

  test.each([
    ['an untrusted authority', () => demoCertificate()],
    ['a past validity', () => demoCertificate(Date.now() - 1000)],
  ])('a certificate of %s: nothing is sent', async (_, make) => {
    const { port, connections } = await tlsServer(make());
    expect(await outcome(sent(`https://localhost:${port}/`, { method: 'POST', body: 'x' }))).toBe('not_sent');
    expect([connections(), received]).toEqual([1, []]);
  });

  test('a certificate of another host: nothing is sent', async () => {
    const { ca, ...certificate } = demoCertificate();
    const { port } = await trusting(ca, () => tlsServer(certificate));
    expect(await trusting(ca, () => outcome(sent(`https://127.0.0.2:${port}/`)))).toBe('not_sent');
    expect(received).toEqual([]);
  });

  test('a new connection resumes the session of the one before', async () => {
    const { ca, ...certificate } = demoCertificate();
    const clock = testClock();
    const transport = createTransport(clock);
    const { port, connections } = await tlsServer(certificate);
    await trusting(ca, async () => {
      for (const method of ['POST', 'POST', 'DELETE']) {
        expect(await outcome(sent(`https://localhost:${port}/`, { method }, transport))).toBe('200 {}');
        clock.advance(method === 'POST' ? 1500 : 0);
        if (received.length === 2) clock.advance(1500);
      }
    });
    expect(received).toEqual(['POST false', 'POST false', 'DELETE true']);
    expect(connections()).toBe(2);
  });
});

describe('connections', () => {
  test('are reused for reads within a minute and for a POST within two seconds, by the wall clock', async () => {
    const clock = testClock();
    const transport = createTransport(clock);
    const opened = async (method: string): Promise<number> => {
      await transport.send(request('/fine', method));
      return server.connections;
    };
    expect(await opened('POST')).toBe(1);
    expect(await opened('POST')).toBe(1);
    clock.advance(2500);
    expect(await opened('GET')).toBe(1);
    clock.advance(2500);
    expect(await opened('POST')).toBe(2);
    clock.advance(59_000);
    expect(await opened('GET')).toBe(2);
    clock.advance(61_000);
    expect(await opened('GET')).toBe(3);
    clock.advance(2500);
    expect(await opened('DELETE')).toBe(4);
  });

  test('of different servers are separate', async () => {
    const other = await startWireServer();
    other.answer('/fine', wireAnswer(200, 'other'));
    const transport = createTransport(testClock());
    expect(await outcome(transport.send(request('/fine', 'GET')))).toBe('200 {"fine":true}');
    expect(await outcome(sent(`${other.url}/fine`, {}, transport))).toBe('200 other');
    await other.close();
  });

  test('that the server has closed while they were idle are not used', async () => {
    const http = httpServer((_, response) => response.end('{}'));
    const { port, connections } = await listening(http);
    const transport = createTransport(testClock());
    for (const method of ['POST', 'POST', 'GET']) {
      expect(await outcome(sent(`http://127.0.0.1:${port}/`, { method }, transport))).toBe('200 {}');
      http.closeAllConnections();
      // The client learns it when it polls its socket, and a busy process may run a timer before that.
      await new Promise((resolve) => setTimeout(resolve, 20));
      await new Promise(setImmediate);
    }
    expect(connections()).toBe(3);
  });

  test.each([
    ['at once', 0],
    ['a moment later', 5],
  ])('on which a second answer arrived, %s, are not used again', async (_, delayMs) => {
    let requests = 0;
    let closed: Promise<unknown> = Promise.resolve();
    const wire = createWire((socket) => {
      closed = once(socket, 'close');
      socket.on('data', () => {
        requests += 1;
        const second = wireAnswer(200, 'nobody asked');
        if (delayMs === 0) socket.write(wireAnswer(200, `answer ${requests}`) + second);
        else socket.write(wireAnswer(200, `answer ${requests}`), () => setTimeout(() => socket.write(second), delayMs));
      });
    }).listen(0, '127.0.0.1');
    await once(wire, 'listening');
    const transport = createTransport(testClock());
    for (const wanted of ['200 answer 1', '200 answer 2', '200 answer 3']) {
      const { port } = wire.address() as AddressInfo;
      expect(await outcome(sent(`http://127.0.0.1:${port}/`, { method: 'POST' }, transport))).toBe(wanted);
      await closed;
    }
    wire.close();
  });

  test.each([
    ['after its answer', { Connection: 'close' }],
    ['within a second', { 'Keep-Alive': 'timeout=1' }],
  ])('that the server will close %s are not used again', async (_, headers) => {
    const { port, connections } = await listening(
      httpServer((_request, response) => response.writeHead(200, headers).end('{}')),
    );
    const transport = createTransport(testClock());
    for (let requests = 1; requests <= 3; requests += 1) {
      expect(await outcome(sent(`http://127.0.0.1:${port}/`, { method: 'POST' }, transport))).toBe('200 {}');
      expect(connections()).toBe(requests);
    }
  });

  test('are opened ahead, one for the next request, which uses it within two seconds', async () => {
    const clock = testClock();
    const transport = createTransport(clock);
    const settled = async (wanted: number): Promise<void> => {
      while (server.connections < wanted) await new Promise(setImmediate);
    };
    void transport.prepare(server.url, 'placing');
    void transport.prepare(`${server.url}/fine`, 'placing');
    await transport.send(request('/fine', 'POST'));
    expect(server.connections).toBe(1);
    // The idle time counts from the start, whether the connection is open or not.
    clock.advance(1500);
    await transport.prepare(server.url, 'placing');
    clock.advance(1500);
    await transport.prepare(server.url, 'reading');
    await settled(1);
    await transport.prepare(server.url, 'placing');
    await settled(2);
    clock.advance(2500);
    await transport.send(request('/fine', 'POST'));
    await settled(3);
    await transport.prepare(server.url, 'placing');
    await transport.send(request('/fine', 'POST'));
    expect(server.connections).toBe(3);
    expect(server.seen).toEqual(['POST /fine', 'POST /fine', 'POST /fine']);
  });

  test('that could not be opened ahead are dropped', async () => {
    const { port } = await listening(httpServer(() => {}));
    for (const http of listeners.splice(0)) http.close();
    const transport = createTransport(testClock());
    await transport.prepare(`http://127.0.0.1:${port}`, 'placing');
    const http = httpServer((_, response) => response.end('{}')).listen(port, '127.0.0.1');
    await once(http, 'listening');
    expect(await outcome(sent(`http://127.0.0.1:${port}/`, { method: 'POST' }, transport))).toBe('200 {}');
  });
});
