import type { APIGatewayProxyEvent } from 'aws-lambda';
import { connect } from 'node:net';
import type { FunctionName } from '../../../infra/functions.ts';
import { createExchangeLog } from '../../../infra/local/exchanges.ts';
import { startGateway, type Gateway, type GatewayOptions } from '../../../infra/local/gateway.ts';
import { StartFailure } from '../../../infra/local/start-failure.ts';

interface Arrived {
  readonly name: FunctionName;
  readonly event: APIGatewayProxyEvent;
}

/** The events that reached a function. */
let arrived: Arrived[];
/** The answer of every function. With `hang` it never answers, with `throw` it fails. */
let given: unknown;
/** The reasons that the gateway reported for its own answers. */
let told: string[];
const log = createExchangeLog();
const options: GatewayOptions = {
  port: 0,
  log,
  onOwnAnswer: (why) => told.push(why),
  invoke: (name, event) => {
    arrived.push({ name, event: JSON.parse(event) as APIGatewayProxyEvent });
    if (given === 'hang') return new Promise(() => {});
    return given === 'throw' ? Promise.reject(new Error('a bug')) : Promise.resolve(given);
  },
};
let gateway: Gateway;

beforeEach(async () => {
  arrived = [];
  told = [];
  log.clear();
  given = { statusCode: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: 'OK 1' };
  gateway = await startGateway(options);
});
afterEach(() => gateway.close());

const bodyOf = (one: Arrived | undefined): Buffer => Buffer.from(one?.event.body ?? '', 'base64');

const ask = (path: string, init?: RequestInit) => fetch(`${gateway.baseUrl}${path}`, init);
const seen = async (response: Response) => ({
  status: response.status,
  type: response.headers.get('content-type'),
  text: await response.text(),
});
/** Sends a request to a gateway whose functions return this answer. */
const askFor = (answer: unknown, { baseUrl } = gateway) => {
  given = answer;
  return fetch(`${baseUrl}/ringout.asp`);
};
const five = { status: 200, type: 'text/plain', text: '5' };
const forbidden = { status: 403, type: 'text/plain', text: '5' };

/** The whole answer to a GET from one of the loopback addresses. */
function get(port: number, localAddress: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answered = '';
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    socket.on('data', (chunk) => (answered += chunk.toString()));
    socket.on('close', () => resolve(answered));
    socket.on('error', reject);
    socket.end(`GET /ringout.asp HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`);
  });
}

/** Sends bytes on a bare socket and resolves with everything received. The Host `x` stands for the gateway's own. */
function raw(bytes: string, { hangUp = false } = {}): Promise<string> {
  return new Promise((resolve) => {
    let answered = '';
    const socket = connect(Number(new URL(gateway.baseUrl).port), '127.0.0.1', () => {
      socket.write(bytes.replace('Host: x\r\n', `Host: ${new URL(gateway.baseUrl).host}\r\n`), 'latin1');
      if (hangUp) socket.end(() => socket.destroy());
    });
    socket.on('data', (chunk) => {
      answered += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(answered));
    socket.on('error', () => socket.destroy());
  });
}

test('method, path, query, headers and body arrive as they were sent', async () => {
  const body = Buffer.from(Uint8Array.from({ length: 256 }, (_, index) => index));
  const response = await ask('/RingOut.asp/?a=1&a=2&B=%2B1;x', {
    method: 'POST',
    headers: { 'content-type': 'Multipart/Form-Data; boundary="x y"', 'x-demo': 'Kept As Is', cookie: 'a=b' },
    body,
  });
  expect(await seen(response)).toEqual({ status: 200, type: 'text/plain; charset=utf-8', text: 'OK 1' });
  expect(arrived).toEqual([
    {
      name: 'catch-all',
      event: expect.objectContaining({
        httpMethod: 'POST',
        resource: '/{proxy+}',
        path: '/RingOut.asp/',
        pathParameters: { proxy: 'RingOut.asp/' },
        queryStringParameters: { a: '2', B: '+1;x' },
        multiValueQueryStringParameters: { a: ['1', '2'], B: ['+1;x'] },
        headers: expect.objectContaining({
          'content-type': 'Multipart/Form-Data; boundary="x y"',
          'x-demo': 'Kept As Is',
          cookie: 'a=b',
          'X-Forwarded-Proto': 'http',
        }),
        body: body.toString('base64'),
        isBase64Encoded: true,
      }),
    },
  ]);
});

test('a body without a content type gets application/json, as in API Gateway', async () => {
  await raw('POST /ringout.asp HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\na=b');
  expect(arrived[0]?.event.headers).toEqual({
    Host: new URL(gateway.baseUrl).host,
    'Content-Type': 'application/json',
    'X-Forwarded-For': '127.0.0.1',
    'X-Forwarded-Proto': 'http',
  });
});

test('headers of the connection are not passed on', async () => {
  await raw(
    'GET /ringout.asp HTTP/1.1\r\nHost: x\r\nConnection: close\r\nKeep-Alive: 1\r\nTE: trailers\r\n' +
      'Accept-Encoding: gzip\r\nOrigin: http://x\r\nAccept: */*\r\n\r\n',
  );
  expect(Object.keys(arrived[0]?.event.headers ?? {})).toEqual([
    'Host',
    'Accept-Encoding',
    'Origin',
    'Accept',
    'X-Forwarded-For',
    'X-Forwarded-Proto',
  ]);
});

test('parameters and headers named like properties of objects are passed on', async () => {
  await ask('/ringout.asp?__proto__=1&constructor=2', { headers: { constructor: 'x' } });
  const { queryStringParameters, multiValueQueryStringParameters, headers } = arrived[0]?.event ?? {};
  expect(JSON.stringify([queryStringParameters, multiValueQueryStringParameters])).toBe(
    '[{"__proto__":"1","constructor":"2"},{"__proto__":["1"],"constructor":["2"]}]',
  );
  expect(headers?.['constructor']).toBe('x');
});

test.each([
  ['GET', '/ringout.asp', 'ringout', '/ringout.asp'],
  ['POST', '/ringout.asp/', 'ringout', '/ringout.asp'],
  ['GET', '/faxapi.asp', 'fax', '/faxapi.asp'],
  ['POST', '/faxout.asp', 'fax', '/faxout.asp'],
  ['GET', '/ringout/list', 'list', '/ringout/list'],
  ['GET', '/ringout/call', 'call', '/ringout/call'],
  ['POST', '/ringout/status', 'status', '/ringout/status'],
  ['POST', '/ringout/cancel/', 'cancel', '/ringout/cancel'],
  // A method or a path without a route of its own goes to the catch-all route.
  ['PUT', '/ringout.asp', 'catch-all', '/{proxy+}'],
  ['HEAD', '/ringout.asp', 'catch-all', '/{proxy+}'],
  ['OPTIONS', '/faxapi.asp', 'catch-all', '/{proxy+}'],
  ['DELETE', '/ringout/cancel/', 'catch-all', '/{proxy+}'],
  ['GET', '/ringout', 'catch-all', '/{proxy+}'],
  ['GET', '/RINGOUT.asp', 'catch-all', '/{proxy+}'],
  ['GET', '/ringout.asp//', 'catch-all', '/{proxy+}'],
  ['GET', '/x/y', 'catch-all', '/{proxy+}'],
])('%s %s invokes %s', async (method, path, name, resource) => {
  await ask(path, { method });
  expect(arrived.map((one) => [one.name, one.event.resource, one.event.path])).toEqual([[name, resource, path]]);
});

test.each(['GET', 'POST'])('%s / is answered 403 and invokes nothing', async (method) => {
  expect([await seen(await ask('/', { method })), arrived]).toEqual([forbidden, []]);
});

describe('the source address', () => {
  test('is the address of the connection, whatever a header says', async () => {
    await ask('/ringout.asp', { headers: { 'x-forwarded-for': '203.0.113.7' } });
    await fetch(`http://127.0.0.1:${new URL(gateway.baseUrl).port}/ringout.asp`);
    await fetch(`http://[::1]:${new URL(gateway.baseUrl).port}/ringout.asp`);
    const addresses = arrived.map(({ event }) => event.requestContext.identity.sourceIp);
    expect(addresses.slice(1)).toEqual(['127.0.0.1', '::1']);
    expect(['127.0.0.1', '::1']).toContain(addresses[0]);
  });

  test('is refused unless the address list allows it', async () => {
    const closed = await startGateway({ ...options, allowedCidrs: ['203.0.113.0/24', '2001:db8::/32'] });
    expect([await seen(await fetch(`${closed.baseUrl}/ringout.asp`)), arrived]).toEqual([forbidden, []]);
    await closed.close();
  });

  test('must be this computer by default', async () => {
    const { port } = new URL(gateway.baseUrl);
    const answers = await Promise.all(
      ['127.0.0.1', '127.0.0.2'].map((localAddress) => get(Number(port), localAddress)),
    );
    expect(answers).toEqual([
      expect.stringMatching(/^HTTP\/1\.1 200 [^]*OK 1$/),
      expect.stringMatching(/^HTTP\/1\.1 403 [^]*\r\n5$/),
    ]);
  });
});

describe('old clients are served', () => {
  test.each([
    ['HTTP/1.0 without a host', 'GET /ringout.asp?cmd=list HTTP/1.0\r\n\r\n', ''],
    ['HTTP/1.1 without a host', 'GET /ringout.asp HTTP/1.1\r\nConnection: close\r\n\r\n', ''],
    [
      'another expectation',
      'GET /ringout.asp HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 200-maybe\r\n\r\n',
      '',
    ],
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
    expect(await raw(bytes)).toMatch(/HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nOK 1$/);
    expect([arrived[0]?.event.path, bodyOf(arrived[0]).toString()]).toEqual(['/ringout.asp', body]);
  });

  test('on IPv6 too', async () => {
    const response = await fetch(`http://[::1]:${new URL(gateway.baseUrl).port}/ringout.asp`);
    expect(await response.text()).toBe('OK 1');
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

  test('headers count twice, so that less of a body fits with many headers', async () => {
    const headers = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`x-demo-${index}`, 'x'.repeat(1000)]));
    const init = { method: 'POST', body: Buffer.alloc(4_710_000) };
    expect(await (await ask('/faxapi.asp', init)).text()).toBe('OK 1');
    expect(await (await ask('/faxapi.asp', { ...init, headers })).text()).toBe('5');
  });
});

test('an incomplete upload is not passed on', async () => {
  await raw('POST /faxapi.asp HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly this', { hangUp: true });
  await ask('/ringout.asp');
  expect(arrived.map(({ event }) => event.path)).toEqual(['/ringout.asp']);
});

describe('an invalid answer of a function is answered like the deployed gateway does', () => {
  test.each([
    ['an exception in the function', 'throw'],
    ['nothing', undefined],
    ['null', null],
    ['text', 'OK 1'],
    ['an answer without a status', { body: 'OK 1' }],
    ['a status that is not a number', { statusCode: '200', body: 'OK 1' }],
    ['a status that HTTP does not have', { statusCode: 1000, body: 'OK 1' }],
  ])('%s', async (_name, answer) => {
    given = answer;
    expect([await seen(await ask('/ringout.asp')), arrived.length]).toEqual([five, 1]);
  });

  test('no answer in time', async () => {
    given = 'hang';
    const impatient = await startGateway({ ...options, timeoutMs: 200 });
    expect(await seen(await fetch(`${impatient.baseUrl}/ringout.asp`))).toEqual(five);
    expect(arrived).toHaveLength(1);
    await impatient.close();
  });
});

test.each([
  ['a JSON failure with its status', { statusCode: 404, body: '{"errorCode":"SESSION_UNKNOWN","message":"x"}' }],
  ['a refused path', { statusCode: 403, body: '5' }],
  ['a plain success', { statusCode: 200, body: 'FAILED x' }],
])('the product’s own answer is passed on unchanged: %s', async (_name, answer) => {
  given = { ...answer, headers: { 'Content-Type': 'x/y' } };
  expect(await seen(await ask('/ringout.asp'))).toEqual({ status: answer.statusCode, type: 'x/y', text: answer.body });
});

test('a body in base64 is sent as bytes', async () => {
  given = { statusCode: 200, headers: {}, body: Buffer.from('OK 1').toString('base64'), isBase64Encoded: true };
  expect((await seen(await ask('/ringout.asp'))).text).toBe('OK 1');
});

describe('the log for the console', () => {
  test('has the request and the answer without the password', async () => {
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
      log.exchanges.map(({ number, path, query, body, status, answer }) => ({
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
    expect(JSON.stringify(log.exchanges)).not.toContain('demo-secret');
  });

  test('shows which request joined another one, by the line that its function prints before or after the answer', () => {
    const copies = createExchangeLog();
    const request = (requestId: string) => ({
      requestId,
      method: 'GET',
      path: '/ringout.asp',
      query: [],
      headers: [],
      body: undefined,
      sourceIp: '127.0.0.1',
      arrivedAtMs: 1,
    });
    const line = (requestId: string) => JSON.stringify({ message: 'answered', requestId, joined: 'first' });
    const answers = ['first', 'early', 'late'].map((id) => copies.add(request(id)));
    copies.readLine(line('early'));
    for (const answered of answers) answered({ status: 200, body: Buffer.from('OK 1 3') }, 5);
    for (const other of [line('late'), line('unknown'), 'no JSON', JSON.stringify({ requestId: 'first' })]) {
      copies.readLine(other);
    }
    expect(copies.exchanges.map(({ requestId, joined, status }) => [requestId, joined, status])).toEqual([
      ['first', undefined, 200],
      ['early', 'first', 200],
      ['late', 'first', 200],
    ]);
  });

  test('has the reason of each of the gateway’s own answers, and the terminal too', async () => {
    const closed = await startGateway({ ...options, allowedCidrs: ['203.0.113.0/24'], timeoutMs: 200 });
    const impatient = await startGateway({ ...options, timeoutMs: 200 });
    const own: readonly (readonly [() => Promise<unknown>, string, RegExp])[] = [
      [() => ask('/', { method: 'PUT' }), 'PUT /', /^there is no such path$/],
      [
        () => fetch(`${closed.baseUrl}/ringout.asp?x=demo-secret`),
        'GET /ringout.asp',
        /^the address \S+ may not call$/,
      ],
      [
        () => ask('/faxapi.asp', { method: 'POST', body: Buffer.alloc(5_200_000) }),
        'POST /faxapi.asp',
        /^a body of 5,200,000 bytes makes an event of over 6 MB/,
      ],
      [
        () => ask('/faxapi.asp', { method: 'POST', body: Buffer.alloc(10_485_761) }),
        'POST /faxapi.asp',
        /^the body is over 10 MiB$/,
      ],
      [
        () => raw('GET /x HTTP/1.1\r\nHost: x.example\r\nConnection: close\r\n\r\n'),
        'GET /x',
        /Host header names another computer or port$/,
      ],
      [() => raw('\u0016\u0003\u0001'), 'an unreadable request', /^what came is not HTTP \(/],
      [() => askFor('throw'), 'GET /ringout.asp', /^ringout failed; the terminal says why$/],
      [() => askFor({ body: '1' }), 'GET /ringout.asp', /^the function returned no HTTP answer$/],
      [() => askFor('hang', impatient), 'GET /ringout.asp', /^ringout did not answer in time$/],
    ];
    for (const [act] of own) await act();
    await Promise.all([closed.close(), impatient.close()]);
    expect(log.exchanges.map(({ method, path, logged }) => [`${method} ${path}`.trim(), logged])).toEqual(
      own.map(([, asked, hint]) => [asked, [{ name: 'hint', value: expect.stringMatching(hint) as string }]]),
    );
    expect(told).toEqual(
      log.exchanges.map(
        ({ method, path, answer, logged }) =>
          `${`${method} ${path}`.trim()} was answered with "${answer}": ${logged[0]?.value}`,
      ),
    );
  });

  test('has no reason where a function answered', async () => {
    await ask('/ringout.asp');
    expect([told, log.exchanges.map(({ logged }) => logged)]).toEqual([[], [[]]]);
  });

  test('has the reason and the id of a fax in the outbox from the line that the function prints', async () => {
    await ask('/faxapi.asp', { method: 'POST' });
    const requestId = log.exchanges[0]?.requestId;
    const why = { code: 'throttled', hint: 'group heavy is closed', upstreamStatus: 429, heldSeconds: 60 };
    const others = { to: '****0100', sourceIp: '127.0.0.1', durationMs: 5, level: 'error' };
    log.readLine(JSON.stringify({ message: 'answered', requestId, fax: 'demo-1', ...why, ...others }));
    log.readLine(JSON.stringify({ message: 'something else', requestId, code: 'internal' }));
    expect(log.exchanges).toMatchObject([
      {
        fax: 'demo-1',
        logged: [
          { name: 'code', value: 'throttled' },
          { name: 'hint', value: 'group heavy is closed' },
          { name: 'upstreamStatus', value: '429' },
          { name: 'heldSeconds', value: '60' },
        ],
      },
    ]);
  });

  test('keeps the reasons of the last 200 faxes', () => {
    for (let id = 1; id <= 202; id += 1)
      log.readLine(JSON.stringify({ message: 'x', fax: String(id), code: 'throttled' }));
    log.readLine(JSON.stringify({ message: 'x', fax: '3', code: 'timeout', hint: 'demo' }));
    expect([log.faxRemarks.size, log.faxRemarks.has('2'), log.faxRemarks.get('3')]).toEqual([
      200,
      false,
      'timeout, demo',
    ]);
  });

  test('keeps the last 200 exchanges', async () => {
    for (let count = 0; count < 203; count += 1) await ask('/');
    expect(log.exchanges.map(({ number }) => number)).toEqual(Array.from({ length: 200 }, (_, index) => index + 4));
  });
});

test('a busy port rejects with a port to try', async () => {
  const port = Number(new URL(gateway.baseUrl).port);
  await expect(startGateway({ ...options, port })).rejects.toEqual(
    new StartFailure(`Port ${port} is in use; choose another with npm start -- --port ${port + 1}`),
  );
});

test.each([
  ['a text that is not HTTP', 'garbage\r\n\r\n'],
  ['a header without a name', 'GET /ringout.asp HTTP/1.1\r\n: x\r\n\r\n'],
])('%s is answered 400 with the body 5', async (_, bytes) => {
  expect(await raw(bytes)).toBe(
    'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 1\r\nConnection: close\r\n\r\n5',
  );
  expect(arrived).toEqual([]);
});

test('a path that starts with two slashes is passed on as a path', async () => {
  expect(await raw('GET //ringout.asp?cmd=list HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toContain('OK 1');
  expect(arrived.map(({ name, event }) => [name, event.path])).toEqual([['catch-all', '//ringout.asp']]);
});
