import { createServer, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { binaryContentType, startGateway, type Gateway } from '../../../infra/local/gateway.ts';
import { closer, listen } from '../../../infra/local/listen.ts';
import { maximumEventBytes, proxyEventBytes } from '../../../infra/local/proxy-event.ts';

interface Arrived {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface StubAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
}

/** Stands in for serverless-offline: remembers what arrives and answers as told. */
let arrived: Arrived[];
let stubAnswer: StubAnswer | 'break' | 'hang';
let closeEmulator: () => Promise<void>;
let emulatorUrl: string | undefined;
let gateway: Gateway;

beforeEach(async () => {
  arrived = [];
  stubAnswer = { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'OK 1' };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      arrived.push({ method, url, headers, body: Buffer.concat(chunks) });
      if (stubAnswer === 'break') request.socket.destroy();
      else if (stubAnswer !== 'hang') response.writeHead(stubAnswer.status, stubAnswer.headers).end(stubAnswer.body);
    });
  });
  closeEmulator = closer(server);
  emulatorUrl = `http://127.0.0.1:${await listen(server, 0)}`;
  gateway = await startGateway({ port: 0, emulatorUrl: () => emulatorUrl });
});
afterEach(async () => {
  await gateway.close();
  await closeEmulator();
});

const ask = (path: string, init?: RequestInit) => fetch(`${gateway.baseUrl}${path}`, init);
const seen = async (response: Response) => ({
  status: response.status,
  type: response.headers.get('content-type'),
  text: await response.text(),
});
const five = { status: 200, type: 'text/plain', text: '5' };
const forbidden = { status: 403, type: 'text/plain', text: '5' };

/** Sends bytes on a bare socket and resolves with all that came back. */
function raw(bytes: string, { hangUp = false } = {}): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(new URL(gateway.baseUrl).port), '127.0.0.1', () => {
      socket.write(bytes, 'latin1');
      if (hangUp) socket.end(() => socket.destroy());
    });
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', () => socket.destroy());
  });
}

test('method, path, query and body arrive as they were sent', async () => {
  const body = Buffer.from(Uint8Array.from({ length: 256 }, (_, index) => index));
  const response = await ask('/RingOut.asp/?a=1&a=2&B=%2B1;x', {
    method: 'POST',
    headers: { 'content-type': 'Multipart/Form-Data; boundary="x y"', 'x-demo': 'Kept As Is', cookie: 'a=b' },
    body,
  });
  expect(await seen(response)).toEqual({ status: 200, type: 'text/plain; charset=utf-8', text: 'OK 1' });
  expect(arrived).toEqual([
    {
      method: 'POST',
      url: '/RingOut.asp/?a=1&a=2&B=%2B1;x',
      headers: expect.objectContaining({
        'content-type': 'Multipart/Form-Data; boundary="x y"; local-gateway="application/octet-stream"',
        'content-length': '256',
        'x-demo': 'Kept As Is',
        cookie: 'a=b',
        'x-forwarded-proto': 'http',
      }),
      body,
    },
  ]);
});

test.each([
  ['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; local-gateway="application/octet-stream"'],
  ['text/plain; charset=latin1', 'text/plain; charset=latin1; local-gateway="application/octet-stream"'],
  ['multipart/form-data; boundary=b', 'multipart/form-data; boundary=b'],
  ['application/octet-stream', 'application/octet-stream'],
  ['Multipart/form-data', 'Multipart/form-data; local-gateway="application/octet-stream; boundary=none"'],
])('%s reaches the emulator as a type it treats as binary', (contentType, expected) => {
  expect(binaryContentType(contentType)).toBe(expected);
});

test('the headers of one connection, and those that make the emulator add something, stay behind', async () => {
  await raw(
    'GET /ringout.asp HTTP/1.1\r\nHost: x\r\nConnection: close\r\nKeep-Alive: 1\r\nTE: trailers\r\n' +
      'Accept-Encoding: gzip\r\nOrigin: http://x\r\nAccept: */*\r\n\r\n',
  );
  expect(Object.keys(arrived[0]?.headers ?? {}).toSorted()).toEqual([
    'accept',
    'connection',
    'host',
    'x-forwarded-for',
    'x-forwarded-proto',
  ]);
});

describe('old clients are served', () => {
  test.each([
    ['HTTP/1.0 without a host', 'GET /ringout.asp?cmd=list HTTP/1.0\r\n\r\n', ''],
    ['Connection: close', 'GET /ringout.asp HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', ''],
    [
      'Expect: 100-continue',
      'POST /ringout.asp HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\na=b',
      'a=b',
    ],
    [
      'a chunked upload',
      'POST /ringout.asp HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n' +
        '2\r\na=\r\n1\r\nb\r\n0\r\n\r\n',
      'a=b',
    ],
    ['a proxy’s request line', 'GET http://x/ringout.asp HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', ''],
  ])('%s', async (_name, bytes, body) => {
    const answer = await raw(bytes);
    expect(answer).toMatch(/HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nOK 1$/);
    expect([arrived[0]?.url?.startsWith('/ringout.asp'), arrived[0]?.body.toString()]).toEqual([true, body]);
  });

  test('on IPv6 too', async () => {
    const answer = await fetch(`http://[::1]:${new URL(gateway.baseUrl).port}/ringout.asp`);
    expect(await answer.text()).toBe('OK 1');
  });
});

describe('sizes', () => {
  const post = (length: number) => ask('/faxapi.asp', { method: 'POST', body: Buffer.alloc(length) });

  test('a body of more than 10,485,760 bytes gets AWS’s own 413', async () => {
    expect([await seen(await post(10_485_761)), arrived]).toEqual([
      { status: 413, type: 'text/plain', text: 'HTTP content length exceeded 10485760 bytes.' },
      [],
    ]);
  });

  test('an event of more than 6 MB gets 5 and invokes nothing', async () => {
    expect([await seen(await post(4_720_000)), arrived]).toEqual([five, []]);
  });

  test('the promised 4,700,000 bytes get through', async () => {
    expect([await seen(await post(4_700_000)), arrived.map(({ body }) => body.length)]).toEqual([
      { status: 200, type: 'text/plain; charset=utf-8', text: 'OK 1' },
      [4_700_000],
    ]);
  });

  test('the event is measured with its body in base64 and its headers twice', () => {
    const request = { method: 'POST', target: '/faxapi.asp', rawHeaders: [], body: Buffer.alloc(0) };
    const empty = proxyEventBytes(request);
    expect(proxyEventBytes({ ...request, body: Buffer.alloc(4) }) - empty).toBe(8 - 'false'.length + 'true'.length);
    expect(proxyEventBytes({ ...request, rawHeaders: ['abc', 'def'] }) - empty).toBe(
      '"abc":"def"'.length + '"abc":["def"]'.length,
    );
    expect(empty).toBeLessThan(maximumEventBytes / 1000);
  });
});

test('an upload that breaks off is never passed on', async () => {
  await raw('POST /faxapi.asp HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly this', { hangUp: true });
  await ask('/ringout.asp');
  expect(arrived.map(({ url }) => url)).toEqual(['/ringout.asp']);
});

describe('what the emulator makes up is answered as the deployed gateway would', () => {
  test.each([
    ['an exception in the handler', { status: 502, body: '' }, five],
    [
      'an error of the emulator',
      { status: 502, body: '{"errorMessage":"x","errorType":"Error","offlineInfo":"x"}' },
      five,
    ],
    [
      'an error of its HTTP server',
      { status: 400, body: '{"statusCode":400,"error":"Bad Request","message":"x"}' },
      five,
    ],
    [
      'a route it does not have',
      { status: 404, body: '{"currentRoute":"get - /x","error":"x","statusCode":404}' },
      forbidden,
    ],
    ['a broken connection', 'break', five],
  ] as const)('%s', async (_name, answer, expected) => {
    stubAnswer = answer;
    expect(await seen(await ask('/ringout.asp'))).toEqual(expected);
  });

  test('no answer in time', async () => {
    stubAnswer = 'hang';
    const impatient = await startGateway({ port: 0, emulatorUrl: () => emulatorUrl, timeoutMs: 200 });
    expect(await seen(await fetch(`${impatient.baseUrl}/ringout.asp`))).toEqual(five);
    expect(arrived).toHaveLength(1);
    await impatient.close();
  });

  test('no emulator yet', async () => {
    emulatorUrl = undefined;
    expect(await seen(await ask('/ringout.asp'))).toEqual(five);
  });
});

test.each([
  ['a JSON failure with its status', { status: 404, body: '{"errorCode":"SESSION_UNKNOWN","message":"x"}' }],
  ['a refused path', { status: 403, body: '5' }],
  ['a plain success', { status: 200, body: 'FAILED x' }],
])('the product’s own answer is left alone: %s', async (_name, answer) => {
  stubAnswer = { ...answer, headers: { 'content-type': 'x/y' } };
  expect(await seen(await ask('/ringout.asp'))).toEqual({ status: answer.status, type: 'x/y', text: answer.body });
});

test.each([
  ['PUT', '/ringout.asp'],
  ['DELETE', '/ringout/cancel/'],
  ['GET', '/'],
])('%s %s is no route', async (method, path) => {
  expect([await seen(await ask(path, { method })), arrived]).toEqual([forbidden, []]);
});

describe('the log for the console', () => {
  test('holds the request and the answer without the password', async () => {
    await ask('/ringout.asp?cmd=list&PassWord=demo-secret');
    await ask('/ringout.asp', { method: 'POST', body: new URLSearchParams({ cmd: 'call', password: 'demo-secret' }) });
    const form = new FormData();
    form.append('Password', 'demo-secret');
    form.append('Attachment', new Blob(['12345']), 'a.txt');
    await ask('/faxapi.asp', { method: 'POST', body: form });
    await ask('/faxapi.asp', {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=other' },
      body: 'password=demo-secret',
    });
    const masked = (name: string) => ({ name, value: '••••' });
    expect(
      gateway.log.exchanges.map(({ number, path, query, body, status, answer }) => ({
        number,
        path,
        query,
        body,
        status,
        answer,
      })),
    ).toEqual([
      {
        number: 1,
        path: '/ringout.asp',
        query: [{ name: 'cmd', value: 'list' }, masked('PassWord')],
        body: [],
        status: 200,
        answer: 'OK 1',
      },
      {
        number: 2,
        path: '/ringout.asp',
        query: [],
        body: [{ name: 'cmd', value: 'call' }, masked('password')],
        status: 200,
        answer: 'OK 1',
      },
      {
        number: 3,
        path: '/faxapi.asp',
        query: [],
        body: [masked('Password'), { name: 'Attachment', value: 'a.txt, 5 bytes' }],
        status: 200,
        answer: 'OK 1',
      },
      {
        number: 4,
        path: '/faxapi.asp',
        query: [],
        body: [{ name: '', value: '20 bytes (the body does not begin with the boundary)' }],
        status: 200,
        answer: 'OK 1',
      },
    ]);
    expect(JSON.stringify(gateway.log.exchanges)).not.toContain('demo-secret');
  });

  test('holds the last 200', async () => {
    for (let count = 0; count < 203; count += 1) await ask('/');
    expect(gateway.log.exchanges.map(({ number }) => number)).toEqual(
      Array.from({ length: 200 }, (_, index) => index + 4),
    );
  });
});

test('a busy port is one clear sentence', async () => {
  const port = Number(new URL(gateway.baseUrl).port);
  await expect(startGateway({ port, emulatorUrl: () => undefined })).rejects.toThrow(
    `Port ${port} is in use; choose another with PORT=${port + 1} npm start`,
  );
});

test.each([
  ['what is no HTTP', 'garbage\r\n\r\n'],
  ['a header without a name', 'GET /ringout.asp HTTP/1.1\r\n: x\r\n\r\n'],
])('%s is answered with a body that is not empty', async (_, bytes) => {
  expect(await raw(bytes)).toBe(
    'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 1\r\nConnection: close\r\n\r\n5',
  );
  expect(arrived).toEqual([]);
});

test('a path with two slashes at its beginning is a path', async () => {
  expect(await raw('GET //ringout.asp?cmd=list HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toContain('OK 1');
  expect(arrived.map(({ url }) => url)).toEqual(['//ringout.asp?cmd=list']);
});
