import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createTransport, TransportError } from '../../lib/ringcentral/transport.ts';
import { testClock } from '../clock.ts';
import { startWireServer, wireAnswer, type WireServer } from './wire-server.ts';

let server: WireServer;
beforeEach(async () => {
  server = await startWireServer();
  server.answer('/fine', wireAnswer(200, '{"fine":true}'));
});
afterEach(() => server.close());

const request = (path: string, method: string, timeoutMs = 2000): Request =>
  new Request(server.url + path, {
    method,
    body: method === 'POST' ? '{}' : null,
    signal: AbortSignal.timeout(timeoutMs),
  });

/** What became of a request: status and body, or the problem. */
async function outcome(sent: Promise<Response>): Promise<string> {
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
    ['429', wireAnswer(429, '{}', 'Retry-After: 1'), '429 {}'],
    ['599', wireAnswer(599, 'x'), '599 x'],
  ])('%s', async (_, bytes, expected) => {
    const transport = createTransport(testClock());
    server.answer('/x', bytes);
    expect(await outcome(transport(request('/x', 'POST')))).toBe(expected);
    expect(await outcome(transport(request('/x', 'GET')))).toBe(expected);
    expect(server.seen).toEqual(['POST /x', 'GET /x']);
  });
});

describe('what is no answer is a broken one: a POST is sent once, a GET twice, and the connection is not used again', () => {
  test.each<[string, string]>([
    ['a status below 200', 'HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n'],
    ['a status over 599', wireAnswer(600, '{}')],
    ['status 999', wireAnswer(999, '{}')],
    ['an unasked switch of protocols', 'HTTP/1.1 101 Switching\r\nUpgrade: demo\r\nConnection: upgrade\r\n\r\n'],
    ['an unasked continue', `HTTP/1.1 100 Continue\r\n\r\n${wireAnswer(200, '{}')}`],
    ['no HTTP', 'SSH-2.0-demo\r\n'],
    ['421, which fetch would repeat', wireAnswer(421, '{}')],
    ['407', wireAnswer(407, '{}')],
    ['a body that is not compressed as it says', wireAnswer(200, '{}', 'Content-Encoding: gzip')],
    ['a header with a control character', wireAnswer(200, '{}', 'X-Demo: a\u0001b')],
    ['two lengths', wireAnswer(200, '{}', 'Content-Length: 3')],
    ['headers without end', `HTTP/1.1 200 OK\r\nX-Demo: ${'x'.repeat(100_000)}`],
    ['a body of many megabytes', wireAnswer(200, 'x'.repeat(9 * 1024 * 1024))],
  ])('%s', async (_, bytes) => {
    const transport = createTransport(testClock());
    server.answer('/x', bytes);
    expect(await outcome(transport(request('/x', 'POST')))).toBe('broken');
    expect(server.seen).toEqual(['POST /x']);
    expect(await outcome(transport(request('/fine', 'POST')))).toBe('200 {"fine":true}');
    expect(await outcome(transport(request('/x', 'GET')))).toBe('broken');
    expect(server.seen).toEqual(['POST /x', 'POST /fine', 'GET /x', 'GET /x']);
    expect(await outcome(transport(request('/fine', 'GET')))).toBe('200 {"fine":true}');
  });
});

describe('a compressed answer, which nobody asked for', () => {
  const megabyte = 1024 * 1024;
  const gzipped = (body: Buffer): Uint8Array => {
    const bytes = gzipSync(body);
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bytes.byteLength}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), bytes]);
  };

  test('is read if it is small', async () => {
    server.answer('/x', gzipped(Buffer.from('{"fine":true}')));
    expect(await outcome(createTransport(testClock())(request('/x', 'POST')))).toBe('200 {"fine":true}');
  });

  test('is broken as soon as it inflates to more than the limit, and is not inflated further', async () => {
    const bomb = gzipped(Buffer.alloc(64 * megabyte, 'x'));
    expect(bomb.byteLength).toBeLessThan(megabyte);
    server.answer('/x', bomb);
    const before = process.memoryUsage().arrayBuffers;
    const answers = Array.from({ length: 3 }, async () =>
      (await outcome(createTransport(testClock())(request('/x', 'POST', 20_000)))).slice(0, 9),
    );
    expect(await Promise.all(answers)).toEqual(['broken', 'broken', 'broken']);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * megabyte);
  });
});

test('an answer is asked for as it is, not compressed', async () => {
  const received: unknown[] = [];
  const http = createServer((incoming, response) => {
    received.push(incoming.headers['accept-encoding']);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  const transport = createTransport(testClock());
  for (const method of ['GET', 'POST', 'DELETE']) {
    const answer = await transport(new Request(`http://127.0.0.1:${port}/`, { method }));
    expect(await answer.text()).toBe('{}');
  }
  expect(received).toEqual(['identity', 'identity', 'identity']);
  http.closeAllConnections();
  http.close();
});

describe('no answer in time', () => {
  test.each<[string, string]>([
    ['nothing at all', ''],
    ['no final status', 'HTTP/1.1 199 Wait\r\n\r\n'],
    ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{'],
    ['a chunked body without end', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n'],
  ])('%s', async (_, bytes) => {
    const transport = createTransport(testClock());
    server.answer('/x', bytes);
    expect(await outcome(transport(request('/x', 'POST', 100)))).toBe('timeout');
    expect(await outcome(transport(request('/x', 'GET', 100)))).toBe('timeout');
    expect(server.seen).toEqual(['POST /x', 'GET /x']);
    expect(await outcome(transport(request('/fine', 'POST')))).toBe('200 {"fine":true}');
  });
});

describe('without a connection nothing is sent, and the error says so', () => {
  const post = (url: string): Promise<string> =>
    outcome(
      createTransport(testClock())(new Request(url, { method: 'POST', body: 'x', signal: AbortSignal.timeout(3000) })),
    );

  test('refused, by number and by name', async () => {
    const { port } = new URL(server.url);
    await server.close();
    expect(await post(`http://127.0.0.1:${port}/`)).toBe('not_sent');
    // A name with several addresses fails with one error for each.
    expect(await post(`http://localhost:${port}/`)).toBe('not_sent');
    server = await startWireServer();
  });

  test('a name that does not exist', async () => {
    expect(await post('http://demo.invalid/')).toBe('not_sent');
  });
});

describe('errors that name their place', () => {
  const failing = (cause: unknown): Promise<string> => {
    const original = globalThis.fetch;
    globalThis.fetch = () => Promise.reject(new TypeError('fetch failed', { cause }));
    const sent = createTransport(testClock())(request('/x', 'POST'));
    globalThis.fetch = original;
    return outcome(sent);
  };
  const systemError = (code: string, syscall: string): Error => Object.assign(new Error(code), { code, syscall });
  const attempts = (...errors: readonly Error[]): Error => new AggregateError(errors, 'all attempts failed');

  test.each<[string, unknown, string]>([
    ['connecting timed out', Object.assign(new Error('x'), { code: 'UND_ERR_CONNECT_TIMEOUT' }), 'not_sent'],
    [
      'a certificate of another host',
      Object.assign(new Error('x'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
      'not_sent',
    ],
    ['no route while connecting', systemError('EHOSTUNREACH', 'connect'), 'not_sent'],
    ['no route in the middle of a request', systemError('EHOSTUNREACH', 'read'), 'broken'],
    [
      'every address failed to connect',
      attempts(systemError('ETIMEDOUT', 'connect'), systemError('ENETUNREACH', 'connect')),
      'not_sent',
    ],
    [
      'one of several failed otherwise',
      attempts(systemError('ETIMEDOUT', 'connect'), systemError('ECONNRESET', 'read')),
      'broken',
    ],
    ['a reset', systemError('ECONNRESET', 'read'), 'broken'],
    ['a broken pipe', systemError('EPIPE', 'write'), 'broken'],
    ['headers took too long', Object.assign(new Error('x'), { code: 'UND_ERR_HEADERS_TIMEOUT' }), 'timeout'],
    ['nothing known', undefined, 'broken'],
    [
      'a loop of causes',
      (() => {
        const error = new Error('x');
        error.cause = error;
        return error;
      })(),
      'broken',
    ],
  ])('%s', async (_, cause, problem) => {
    expect(await failing(cause)).toBe(problem);
  });
});

describe('connections', () => {
  test('are used again for reading within a minute, for placing within two seconds, by the wall clock', async () => {
    const clock = testClock();
    const transport = createTransport(clock);
    const opened = async (method: string): Promise<number> => {
      await transport(request('/fine', method));
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

  test('of different servers are kept apart', async () => {
    const other = await startWireServer();
    other.answer('/fine', wireAnswer(200, 'other'));
    const transport = createTransport(testClock());
    expect(await outcome(transport(request('/fine', 'GET')))).toBe('200 {"fine":true}');
    expect(await outcome(transport(new Request(`${other.url}/fine`)))).toBe('200 other');
    await other.close();
  });
});
