import {
  createServer,
  request as sendRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { createExchangeLog, headerOf, type ExchangeLog } from './exchanges.ts';
import { closer, listen } from './listen.ts';
import { maximumEventBytes, proxyEventBytes, type ReceivedHttpRequest } from './proxy-event.ts';
import { StartFailure, systemCode } from './start-failure.ts';

export interface GatewayOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** Where the emulator listens, as soon as it does. */
  emulatorUrl(): string | undefined;
  /** Answers requests below `/console`; undefined means that there is no such page. */
  readonly console?: (request: ReceivedHttpRequest, response: ServerResponse) => Promise<boolean>;
  /** API Gateway's integration time-out; default 29 s. */
  readonly timeoutMs?: number;
}

/** The front of the local stack, on both loopback addresses. */
export interface Gateway {
  /** `http://localhost:<port>`. */
  readonly baseUrl: string;
  readonly log: ExchangeLog;
  close(): Promise<void>;
}

/** API Gateway's limit for a request body, in bytes (AWS documentation: API Gateway quotas). */
const maximumBodyBytes = 10_485_760;
const usualTimeoutMs = 29_000;
/** Resources that exist for GET and POST only; any other method does not reach a Lambda. */
const getAndPostOnly = /^\/(?:ringout\.asp|faxapi\.asp|faxout\.asp|ringout\/(?:list|call|status|cancel))\/?$/;

/** RFC 9110: these belong to one connection. The length is set anew, the body having been read whole. */
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
/** The emulator would compress for the one and add CORS headers for the other; API Gateway does neither. */
const emulatorTriggers = new Set(['accept-encoding', 'origin']);

interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/**
 * Does in front of the emulator what API Gateway does and the emulator does not: reads the whole body before anything
 * is invoked, applies the size limits, lets every content type arrive byte for byte, and answers `5` for all that is
 * not the product's own answer. Rejects with a {@link StartFailure} if the port is taken.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const log = createExchangeLog();
  const servers = [createServer(), createServer()] as const;
  const close = servers.map(closer);
  for (const server of servers) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      handle(request, response, options, log).catch((error: unknown) => {
        console.error('local gateway:', error);
        response.destroy();
      });
    });
    server.on('clientError', refuseUnreadable);
  }
  const port = await listenOnLoopback(servers, options.port);
  return {
    baseUrl: `http://localhost:${port}`,
    log,
    async close() {
      await Promise.all(close.map((stop) => stop()));
    },
  };
}

/**
 * What is no HTTP request never becomes one. AWS's own answer to it is not documented; an empty one, which is what Node
 * gives, reads as "sent" in two client languages.
 */
function refuseUnreadable(_error: Error, socket: Duplex): void {
  if (!socket.writable) return;
  socket.end('HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 1\r\nConnection: close\r\n\r\n5');
}

async function listenOnLoopback([four, six]: readonly [Server, Server], port: number): Promise<number> {
  try {
    const taken = await listen(four, port);
    await listen(six, taken, '::1').catch((error: unknown) => {
      // A computer without IPv6 is served by the other address alone.
      if (systemCode(error) === 'EADDRINUSE') throw error;
    });
    return taken;
  } catch (error) {
    if (systemCode(error) === 'EADDRINUSE') {
      throw new StartFailure(
        `Port ${port} is in use; choose another with PORT=${port < 65_535 ? port + 1 : 3000} npm start`,
        {
          cause: error,
        },
      );
    }
    if (systemCode(error) === 'EACCES') {
      throw new StartFailure(`Port ${port} is not allowed to you; choose another with PORT=3000 npm start`, {
        cause: error,
      });
    }
    throw error;
  }
}

async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  options: GatewayOptions,
  log: ExchangeLog,
): Promise<void> {
  const body = await readWhole(incoming);
  // A client that went away before its request was complete asked for nothing.
  if (body === undefined) return;
  const atMs = Date.now();
  const request: ReceivedHttpRequest = {
    method: incoming.method ?? 'GET',
    target: requestTarget(incoming.url ?? '/'),
    rawHeaders: incoming.rawHeaders,
    body: body === 'too large' ? Buffer.alloc(0) : body,
  };
  if (options.console !== undefined && (await options.console(request, response))) return;
  const answered = log.add(request, atMs);
  const answer = body === 'too large' ? bodyTooLarge : await answerTo(request, options, incoming);
  answered(answer, Date.now() - atMs);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(answer.body.length) });
  response.end(answer.body);
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

async function answerTo(
  request: ReceivedHttpRequest,
  options: GatewayOptions,
  incoming: IncomingMessage,
): Promise<HttpAnswer> {
  // Put together as text: two slashes at its beginning would be taken for a host.
  const path = URL.parse(`http://localhost${request.target}`)?.pathname ?? '/';
  const isRoute = path !== '/' && (!getAndPostOnly.test(path) || ['GET', 'POST'].includes(request.method));
  if (!isRoute) return noSuchRoute;
  const emulatorUrl = options.emulatorUrl();
  if (emulatorUrl === undefined || proxyEventBytes(request) > maximumEventBytes) return gatewayFailure;
  try {
    const answer = await forward(request, emulatorUrl, options.timeoutMs ?? usualTimeoutMs, incoming);
    return request.method === 'HEAD' ? answer : unlessEmulators(answer);
  } catch {
    return gatewayFailure;
  }
}

function forward(
  request: ReceivedHttpRequest,
  emulatorUrl: string,
  timeoutMs: number,
  incoming: IncomingMessage,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(emulatorUrl);
    // A connection of its own for each request: one that is kept alive may be closed just as it is used again.
    const outgoing = sendRequest(
      {
        hostname,
        port,
        method: request.method,
        path: request.target,
        headers: forwardedHeaders(request, incoming),
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          resolve({
            status: response.statusCode ?? 502,
            headers: answerHeaders(response),
            body: Buffer.concat(chunks),
          });
        });
      },
    );
    const timer = setTimeout(() => outgoing.destroy(new Error('integration time-out')), timeoutMs);
    outgoing.once('close', () => clearTimeout(timer));
    outgoing.once('error', reject);
    outgoing.end(request.body);
  });
}

function forwardedHeaders(request: ReceivedHttpRequest, incoming: IncomingMessage): string[] {
  const headers: string[] = [];
  const { rawHeaders, body } = request;
  let contentTypeSeen = false;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = [rawHeaders[index], rawHeaders[index + 1]];
    const lowerName = name.toLowerCase();
    if (connectionHeaders.has(lowerName) || emulatorTriggers.has(lowerName)) continue;
    if (lowerName === 'content-type' && !contentTypeSeen) {
      contentTypeSeen = true;
      headers.push(name, binaryContentType(value));
    } else {
      headers.push(name, value);
    }
  }
  if (body.length > 0 && !contentTypeSeen) headers.push('Content-Type', binaryContentType('application/json'));
  if (body.length > 0 || request.method !== 'GET') headers.push('Content-Length', String(body.length));
  if (headerOf(request, 'host') === '') headers.push('Host', 'localhost');
  headers.push('X-Forwarded-For', incoming.socket.remoteAddress ?? '127.0.0.1', 'X-Forwarded-Proto', 'http');
  headers.push('Connection', 'close');
  return headers;
}

/**
 * API Gateway hands every body over in base64 (binaryMediaTypes: all). serverless-offline does so only if the content
 * type contains one of two names in lower case, so one of them is appended as a parameter nobody reads. Inside its
 * quotation marks stands what the emulator's HTTP server insists on for any multipart type.
 */
export function binaryContentType(contentType: string): string {
  const needsBoundary = /^\s*multipart\//i.test(contentType) && !/;\s*boundary=/i.test(contentType);
  const isBinary = contentType.includes('application/octet-stream') || contentType.includes('multipart/form-data');
  if (isBinary && !needsBoundary) return contentType;
  return `${contentType}; local-gateway="application/octet-stream${needsBoundary ? '; boundary=none' : ''}"`;
}

function answerHeaders(response: IncomingMessage): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(response.headers).flatMap(([name, value]) =>
      value === undefined || connectionHeaders.has(name) ? [] : [[name, value]],
    ),
  );
}

/** The answer, unless the emulator made it up: then what API Gateway would have said. */
function unlessEmulators(answer: HttpAnswer): HttpAnswer {
  if (answer.status < 400) return answer;
  if (answer.body.length === 0) return gatewayFailure;
  const value = jsonObject(answer.body);
  if (value === undefined) return answer;
  // serverless-offline 14: its 404 lists the routes, its 502 has errorType; hapi's own errors repeat the status.
  if ('currentRoute' in value) return noSuchRoute;
  return 'errorType' in value || 'offlineInfo' in value || ('statusCode' in value && 'error' in value)
    ? gatewayFailure
    : answer;
}

function jsonObject(body: Buffer): object | undefined {
  try {
    const value = JSON.parse(body.toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function plain(status: number, text: string): HttpAnswer {
  return { status, headers: { 'content-type': 'text/plain' }, body: Buffer.from(text) };
}

/** What the deployed gateway responses are set to: neither a fax that was sent nor an `OK`. */
const gatewayFailure = plain(200, '5');
const noSuchRoute = plain(403, '5');
/** AWS's own answer, which no setting changes. */
const bodyTooLarge = plain(413, `HTTP content length exceeded ${maximumBodyBytes} bytes.`);
