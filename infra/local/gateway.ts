import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { asNumber, asObject, asText } from '../../lib/domain/untrusted.ts';
import { loopbackCidrs } from '../allowed-cidrs.ts';
import type { Answer } from './simulator/answer.ts';
import type { ExchangeLog } from './exchanges.ts';
import { guard, namesItsAddress, namesThisServer } from './guard.ts';
import { isInRanges } from './lan.ts';
import type { Lambda } from './lambda.ts';
import { closer, listen } from './listen.ts';
import { headerOf, maximumEventBytes, proxyEvent, type GatewayRequest, type Pair } from './proxy-event.ts';
import { routeOf } from './routes.ts';
import { StartFailure, systemCode } from './start-failure.ts';

export interface GatewayOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** Calls a function. */
  readonly invoke: Lambda['invoke'];
  /** Records every legacy request. */
  readonly log: ExchangeLog;
  /** Answers requests below `/console`. Resolves with undefined for any other path. */
  readonly console?: (request: GatewayRequest) => Promise<Answer | undefined>;
  /** Address ranges that may call. Default: loopback, as in the stage `local`, and `lan`. */
  readonly allowedCidrs?: readonly string[];
  /** Address ranges of the local network. If any is given, the gateway refuses all addresses but these and loopback. */
  readonly lan?: readonly string[];
  /** API Gateway's integration timeout in milliseconds; default 29 s. */
  readonly timeoutMs?: number;
  /** Receives the gateway's own answers, each with its reason. A deployed gateway writes them to its access log. */
  readonly onOwnAnswer?: (why: string) => void;
}

/** The HTTP server of the local stack. Listens on both loopback addresses; with `lan`, on all addresses. */
export interface Gateway {
  /** `http://localhost:<port>`. */
  readonly baseUrl: string;
  close(): Promise<void>;
}

/** API Gateway's limit for a request body, in bytes (AWS documentation: API Gateway quotas). */
const maximumBodyBytes = 10_485_760;
/** API Gateway's default integration timeout (AWS documentation: API Gateway quotas). */
const defaultTimeoutMs = 29_000;
const tooLate = Symbol('too late');

/** Headers that are not passed on: they apply to one connection (RFC 9110), or to a body that is already read. */
const connectionHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'content-length',
]);

interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An answer, with a hint if the gateway gives it by itself. */
interface ExplainedAnswer extends HttpAnswer {
  readonly hint?: string;
}

/**
 * Starts a stand-in for API Gateway. It reads the whole body before it invokes a function, applies the size limits and
 * the address list, and chooses the function. It answers `5` if no function answers. Rejects with a
 * {@link StartFailure} if the port is taken or needs privileges.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  // Otherwise Node answers a request without Host with an empty chunked body. A program that reads raw bytes finds a `0`.
  const servers = [createServer({ requireHostHeader: false }), createServer({ requireHostHeader: false })] as const;
  const close = servers.map(closer);
  for (const server of servers) {
    // Likewise for an expectation other than 100-continue. A server may ignore it (RFC 9110, section 10.1.1).
    server.on('checkExpectation', (request, response) => server.emit('request', request, response));
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      handle(request, response, options).catch((error: unknown) => {
        console.error('local gateway:', error);
        response.destroy();
      });
    });
    // API Gateway also refuses host names that are not its own.
    guard(
      server,
      (request) => mayEnter(request, options.lan ?? []),
      { ...refused, body: refused.body.toString() },
      (incoming) => {
        const hint = 'its address may not call, or its Host header names another computer or port';
        record(gatewayRequest(incoming, Buffer.alloc(0), addressOf(incoming)), options)({ ...refused, hint });
      },
    );
    server.on('clientError', (error, socket) => refuseUnreadable(error, socket, options));
  }
  const port = await listenFor(servers, options);
  return {
    baseUrl: `http://localhost:${port}`,
    async close() {
      await Promise.all(close.map((stop) => stop()));
    },
  };
}

/**
 * Answers `5` to bytes that are not HTTP. AWS does not document its own answer. Node's default is an empty body, which
 * programs in two languages read as "sent".
 */
function refuseUnreadable(error: Error, socket: Duplex, options: GatewayOptions): void {
  if (!socket.writable) return;
  // Other errors are broken or unused connections.
  if (systemCode(error)?.startsWith('HPE_') === true) {
    const hint = `what came is not HTTP (${error.message}); this server speaks http, not https`;
    record(unreadable(), options)({ ...plain(400, '5'), hint });
  }
  socket.end('HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 1\r\nConnection: close\r\n\r\n5');
}

function mayEnter(request: IncomingMessage, lan: readonly string[]): boolean {
  if (lan.length === 0) return namesThisServer(request);
  const isKnown = isInRanges(request.socket.remoteAddress ?? '', [...loopbackCidrs, ...lan]);
  return isKnown && (namesThisServer(request) || namesItsAddress(request));
}

async function listenFor([four, six]: readonly [Server, Server], { port, lan = [] }: GatewayOptions): Promise<number> {
  const isOnLan = (version: 4 | 6): boolean => lan.some((cidr) => cidr.includes(':') === (version === 6));
  try {
    const taken = await listen(four, port, isOnLan(4) ? '0.0.0.0' : '127.0.0.1');
    await listen(six, taken, isOnLan(6) ? '::' : '::1').catch((error: unknown) => {
      // A computer without IPv6 listens on IPv4 alone.
      if (systemCode(error) === 'EADDRINUSE') throw error;
    });
    return taken;
  } catch (error) {
    if (systemCode(error) === 'EADDRINUSE') {
      throw new StartFailure(
        `Port ${port} is in use; choose another with npm start -- --port ${port < 65_535 ? port + 1 : 3000}`,
        {
          cause: error,
        },
      );
    }
    if (systemCode(error) === 'EACCES') {
      throw new StartFailure(`Port ${port} is not allowed to you; choose another with npm start -- --port 3000`, {
        cause: error,
      });
    }
    throw error;
  }
}

async function handle(incoming: IncomingMessage, response: ServerResponse, options: GatewayOptions): Promise<void> {
  const sourceIp = addressOf(incoming);
  const body = await readWhole(incoming);
  // The client disconnected before its request was complete.
  if (body === undefined) return;
  const request = gatewayRequest(incoming, body === 'too large' ? Buffer.alloc(0) : body, sourceIp);
  // Only this computer gets the console, because it shows the requests of every program on the network.
  const page = isInRanges(sourceIp, loopbackCidrs) ? await options.console?.(request) : undefined;
  if (page !== undefined) {
    response.writeHead(page.status, page.headers).end(page.body);
    return;
  }
  const recordAnswer = record(request, options);
  const answer = body === 'too large' ? bodyTooLarge : await answerTo(request, options);
  recordAnswer(answer);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(answer.body.length) });
  response.end(answer.body);
}

/** The entry for an unreadable request in the console's list. */
const unreadable = (): GatewayRequest => ({
  method: '',
  path: 'an unreadable request',
  query: [],
  headers: [],
  body: undefined,
  sourceIp: '',
  requestId: randomUUID(),
  arrivedAtMs: Date.now(),
});

/** Node no longer knows the address of a closed connection. */
const addressOf = (incoming: IncomingMessage): string => incoming.socket.remoteAddress ?? '0.0.0.0';

/** Records a request. Returns a function that records its answer. */
function record(request: GatewayRequest, { log, onOwnAnswer }: GatewayOptions): (answer: ExplainedAnswer) => void {
  const recordAnswer = log.add(request);
  return (answer) => {
    recordAnswer(answer, Date.now() - request.arrivedAtMs, answer.hint);
    if (answer.hint === undefined) return;
    const asked = `${request.method} ${request.path}`.trim();
    onOwnAnswer?.(`${asked} was answered with "${answer.body.toString()}": ${answer.hint}`);
  };
}

function gatewayRequest(incoming: IncomingMessage, body: Buffer, sourceIp: string): GatewayRequest {
  // Concatenated, not resolved against a base: a path that begins with two slashes would be read as a host.
  const url = URL.parse(`http://localhost${requestTarget(incoming.url ?? '/')}`);
  return {
    method: incoming.method ?? 'GET',
    path: url?.pathname ?? '/',
    query: [...(url?.searchParams ?? [])],
    headers: eventHeaders(incoming, body.length > 0, sourceIp),
    body: body.length > 0 ? body : undefined,
    sourceIp,
    requestId: randomUUID(),
    arrivedAtMs: Date.now(),
  };
}

function eventHeaders({ rawHeaders }: IncomingMessage, hasBody: boolean, sourceIp: string): readonly Pair[] {
  const headers: Pair[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = [rawHeaders[index], rawHeaders[index + 1]];
    if (!connectionHeaders.has(name.toLowerCase())) headers.push([name, value]);
  }
  if (headerOf(headers, 'host') === undefined) headers.push(['Host', 'localhost']);
  // API Gateway adds this content type to a body without one.
  if (hasBody && headerOf(headers, 'content-type') === undefined) headers.push(['Content-Type', 'application/json']);
  return [...headers, ['X-Forwarded-For', sourceIp], ['X-Forwarded-Proto', 'http']];
}

/**
 * Reads even a too large body to its end, because most clients read no answer before they have sent everything. Returns
 * undefined if the client disconnects.
 */
async function readWhole(incoming: IncomingMessage): Promise<Buffer | 'too large' | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length <= maximumBodyBytes) chunks.push(chunk);
      else chunks.length = 0;
    }
  } catch {
    return undefined;
  }
  return length > maximumBodyBytes ? 'too large' : Buffer.concat(chunks);
}

/** Returns path and query, also from a proxy-style request line (`GET http://host/path`). */
function requestTarget(url: string): string {
  if (url.startsWith('/')) return url;
  const absolute = URL.parse(url);
  return absolute === null ? '/' : `${absolute.pathname}${absolute.search}`;
}

async function answerTo(request: GatewayRequest, options: GatewayOptions): Promise<ExplainedAnswer> {
  const route = routeOf(request.method, request.path);
  if (route === undefined) return { ...refused, hint: 'there is no such path' };
  if (!isInRanges(request.sourceIp, options.allowedCidrs ?? [...loopbackCidrs, ...(options.lan ?? [])])) {
    return { ...refused, hint: `the address ${request.sourceIp} may not call` };
  }
  const event = JSON.stringify(proxyEvent(request, route));
  if (Buffer.byteLength(event) > maximumEventBytes) {
    const bytes = (request.body?.length ?? 0).toLocaleString('en-US');
    return {
      ...gatewayFailure,
      hint: `a body of ${bytes} bytes makes an event of over 6 MB, which Lambda does not take; 4,700,000 bytes get through`,
    };
  }
  const timeOut = new AbortController();
  try {
    const answer = await Promise.race([
      options.invoke(route.name, event),
      // API Gateway stops waiting; the function continues to run.
      delay(options.timeoutMs ?? defaultTimeoutMs, tooLate, { signal: timeOut.signal }),
    ]);
    return answer === tooLate
      ? { ...gatewayFailure, hint: `${route.name} did not answer in time` }
      : readAnswer(answer);
  } catch {
    return { ...gatewayFailure, hint: `${route.name} failed; the terminal says why` };
  } finally {
    timeOut.abort();
  }
}

/** Reads a proxy integration's answer. If the function returned anything else, API Gateway answers by itself. */
function readAnswer(answer: unknown): ExplainedAnswer {
  const fields = asObject(answer);
  const status = asNumber(fields?.['statusCode']);
  if (fields === undefined || status === undefined || !isHttpStatus(status)) {
    return { ...gatewayFailure, hint: 'the function returned no HTTP answer' };
  }
  const headers = Object.entries(asObject(fields['headers']) ?? {});
  return {
    status,
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), String(value)])),
    body: Buffer.from(asText(fields['body']) ?? '', fields['isBase64Encoded'] === true ? 'base64' : 'utf8'),
  };
}

const isHttpStatus = (status: number): boolean => Number.isInteger(status) && status >= 200 && status <= 599;

function plain(status: number, text: string): HttpAnswer {
  return { status, headers: { 'content-type': 'text/plain' }, body: Buffer.from(text) };
}

/** The answer of the deployed gateway responses (resources/gateway-responses.ts): a failure for every program. */
const gatewayFailure = plain(200, '5');
const refused = plain(403, '5');
/** AWS's own answer to a body over 10 MiB; no setting changes it. */
const bodyTooLarge: ExplainedAnswer = {
  ...plain(413, `HTTP content length exceeded ${maximumBodyBytes} bytes.`),
  hint: 'the body is over 10 MiB',
};
