import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { asNumber, asObject, asText } from '../../lib/domain/untrusted.ts';
import { loopbackCidrs } from '../allowed-cidrs.ts';
import type { ConsoleAnswer } from './console-routes.ts';
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
  /** Answers requests below `/console`; undefined for any other path. */
  readonly console?: (request: GatewayRequest) => Promise<ConsoleAnswer | undefined>;
  /** Who may call; default loopback, as the stage `local` has it, and the ranges of `lan`. */
  readonly allowedCidrs?: readonly string[];
  /** Ranges of the network that are listened to as well; a request from any other address is refused. */
  readonly lan?: readonly string[];
  /** API Gateway's integration time-out; default 29 s. */
  readonly timeoutMs?: number;
  /** Told what the gateway answers by itself, and why: what the access log says of a deployed one. */
  readonly onOwnAnswer?: (why: string) => void;
}

/** The front of the local stack, on both loopback addresses, and on all others where `lan` has ranges. */
export interface Gateway {
  /** `http://localhost:<port>`. */
  readonly baseUrl: string;
  close(): Promise<void>;
}

/** API Gateway's limit for a request body, in bytes (AWS documentation: API Gateway quotas). */
const maximumBodyBytes = 10_485_760;
const usualTimeoutMs = 29_000;
const tooLate = Symbol('too late');

/** RFC 9110: these belong to one connection. The length goes with them: the body has been read whole. */
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

/** An answer, and why if the gateway gives it by itself. */
interface ExplainedAnswer extends HttpAnswer {
  readonly hint?: string;
}

/**
 * API Gateway: reads the whole body before anything is invoked, applies the size limits and the address list, chooses the
 * function, and answers `5` for all that is not the product's own answer. Rejects with a {@link StartFailure} if the port
 * is taken.
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
    // API Gateway, too, refuses a host name that is not its own.
    guard(
      server,
      (request) => mayEnter(request, options.lan ?? []),
      { ...refused, body: refused.body.toString() },
      (incoming) => {
        const hint = 'its address may not call, or its Host header names another computer or port';
        record(takeIn(incoming, Buffer.alloc(0), addressOf(incoming)), options)({ ...refused, hint });
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
 * What is no HTTP request never becomes one. AWS's own answer to it is not documented; an empty one, which is what Node
 * gives, reads as "sent" in two client languages.
 */
function refuseUnreadable(error: Error, socket: Duplex, options: GatewayOptions): void {
  if (!socket.writable) return;
  // Anything else is a connection that broke, or was never used.
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
      // A computer without IPv6 is served by the other address alone.
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
  // A client that went away before its request was complete asked for nothing.
  if (body === undefined) return;
  const request = takeIn(incoming, body === 'too large' ? Buffer.alloc(0) : body, sourceIp);
  // What others on the network are sent is nobody's business but this computer's.
  const page = isInRanges(sourceIp, loopbackCidrs) ? await options.console?.(request) : undefined;
  if (page !== undefined) {
    response.writeHead(page.status, page.headers).end(page.body);
    return;
  }
  const answered = record(request, options);
  const answer = body === 'too large' ? bodyTooLarge : await answerTo(request, options);
  answered(answer);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(answer.body.length) });
  response.end(answer.body);
}

/** Stands in the console's list for what could not be read. */
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

/** A connection that is closed while its request is served no longer knows. */
const addressOf = (incoming: IncomingMessage): string => incoming.socket.remoteAddress ?? '0.0.0.0';

/** Records a request. Returns a function that records its answer. */
function record(request: GatewayRequest, { log, onOwnAnswer }: GatewayOptions): (answer: ExplainedAnswer) => void {
  const answered = log.add(request);
  return (answer) => {
    answered(answer, Date.now() - request.arrivedAtMs, answer.hint);
    if (answer.hint === undefined) return;
    const asked = `${request.method} ${request.path}`.trim();
    onOwnAnswer?.(`${asked} was answered with "${answer.body.toString()}": ${answer.hint}`);
  };
}

function takeIn(incoming: IncomingMessage, body: Buffer, sourceIp: string): GatewayRequest {
  // Put together as text: two slashes at its beginning would be taken for a host.
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
  // What API Gateway says of a body whose sender does not.
  if (hasBody && headerOf(headers, 'content-type') === undefined) headers.push(['Content-Type', 'application/json']);
  return [...headers, ['X-Forwarded-For', sourceIp], ['X-Forwarded-Proto', 'http']];
}

/** Reads to the end even what is too large, because most clients read no answer before they have sent everything. */
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

/** A proxy-style request line (`GET http://host/path`) means the path. */
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
      // Longer than a function may take: it is then still running.
      delay(options.timeoutMs ?? usualTimeoutMs, tooLate, { signal: timeOut.signal }),
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

/** The answer of a proxy integration; what is not one makes API Gateway answer by itself. */
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

/** What the deployed gateway responses are set to: neither a fax that was sent nor an `OK`. */
const gatewayFailure = plain(200, '5');
const refused = plain(403, '5');
/** AWS's own answer, which no setting changes. */
const bodyTooLarge: ExplainedAnswer = {
  ...plain(413, `HTTP content length exceeded ${maximumBodyBytes} bytes.`),
  hint: 'the body is over 10 MiB',
};
