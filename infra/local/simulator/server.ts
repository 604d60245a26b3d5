import { Buffer } from 'node:buffer';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { guard, isFromAnotherOrigin, namesThisServer } from '../guard.ts';
import { accountRoutes } from './account.ts';
import { apiError, textAnswer, type Answer } from './answer.ts';
import { parseBody, type ParsedBody } from './body.ts';
import { adjustableClock, type Clock } from './clock.ts';
import { controlAnswer, refusedOrigin, type Controls } from './console.ts';
import { coverPageRoute } from './dictionary.ts';
import {
  createFaultQueue,
  createHold,
  faultAnswer,
  faultName,
  htmlPage,
  type Fault,
  type FaultKind,
  type Hold,
  type HoldFault,
} from './faults.ts';
import { createFaxRegistry } from './fax.ts';
import { forwardingNumberRoute } from './forwarding-numbers.ts';
import { messageListRoute, usualMessageList } from './message-list.ts';
import { createOutage } from './outage.ts';
import { usualMaximumPerPage } from './paging.ts';
import { createRateLimiter, ringCentralLimits, type RateLimits } from './rate-limit.ts';
import { recordedBody, type ReceivedRequest } from './received.ts';
import { createCallRegistry } from './ring-out.ts';
import type { Route } from './route.ts';
import { createTokenRegistry, type TokenOptions } from './token.ts';
import { userLabel, type SimulatedUser } from './user.ts';

export interface SimulatorOptions extends TokenOptions {
  /** Default: the system clock. */
  readonly clock?: Clock;
  /** Default: RingCentral's limits. */
  readonly rateLimits?: RateLimits | false;
  /** Window of the limits in seconds; default: RingCentral's 60. Shorter in runs that compress time. */
  readonly rateLimitWindowSeconds?: number;
  /** Maximum number of records per page; default 1,000. A small value tests whether a client follows the pages. */
  readonly maximumPerPage?: number;
}

/** A running simulator of RingCentral's REST API. */
export interface Simulator extends Controls {
  /** `http://127.0.0.1:<port>`, the `serverUrl` of the secret document. */
  readonly url: string;
  /** Requests for routes that the simulator does not have. Tests assert that there are none. */
  readonly unknownRequests: readonly ReceivedRequest[];
  /**
   * Holds the next `times` (default 1) requests of a kind, or their answers, until the test releases them. So the order
   * of events does not depend on the computer's speed.
   */
  hold(kind: FaultKind, what: HoldFault['hold'], times?: number): Hold;
  /** Ends a user's sessions, like a password change. */
  revokeToken(user: Pick<SimulatedUser, 'username' | 'extension'>): void;
  /** Stops at once, breaking every open connection. */
  close(): Promise<void>;
}

const maximumBodyBytes = 55 * 1024 * 1024;
const slowByteMs = 1000;

/** Listens on a free port of 127.0.0.1. docs/dev/simulator.md describes the simulator. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const baseClock = options.clock ?? { nowMs: () => Date.now() };
  const clock = adjustableClock(baseClock);
  const tokens = createTokenRegistry(options);
  const calls = createCallRegistry();
  const faxes = createFaxRegistry();
  const faults = createFaultQueue();
  const limiter = createRateLimiter(options.rateLimits ?? ringCentralLimits, options.rateLimitWindowSeconds);
  const routes: readonly Route[] = [
    ...calls.routes,
    faxes.route,
    messageListRoute(
      () => faxes.faxes(),
      () => messageList,
    ),
    forwardingNumberRoute,
    coverPageRoute,
    ...accountRoutes(options.users),
  ];
  let latencyMs = 0;
  let messageList = usualMessageList;
  let requests: ReceivedRequest[] = [];
  let count = 0;
  let baseUrl = '';
  const stopping = new AbortController();
  const sockets = new Set<Socket>();

  const simulator: Simulator = {
    get url() {
      return baseUrl;
    },
    get requests() {
      return requests;
    },
    get unknownRequests() {
      return requests.filter(({ kind }) => kind === 'unknown');
    },
    get calls() {
      return calls.calls(clock.nowMs());
    },
    get faxes() {
      return faxes.faxes();
    },
    nowMs: () => clock.nowMs(),
    clockAheadMs: () => clock.nowMs() - baseClock.nowMs(),
    limits: () => limiter.inUse(clock.nowMs()),
    armedFaults: () => faults.armed(),
    disarmFaults: () => faults.disarm(),
    failNext: (kind, fault, times = 1) => faults.arm(kind, fault, times),
    hold(kind, what, times = 1) {
      const { hold, fault } = createHold(what, times);
      faults.arm(kind, fault, times);
      return hold;
    },
    revokeToken: (user) => tokens.revokeUser(userLabel(user)),
    revokeAllTokens: () => tokens.revokeAll(),
    setLatency(ms) {
      latencyMs = ms;
    },
    setMessageList(settings) {
      messageList = { ...messageList, ...settings };
    },
    refuseConnections(ms) {
      outage.begin(ms);
    },
    advanceClock: (ms) => clock.advance(ms),
    reset() {
      requests = [];
      count = 0;
      latencyMs = 0;
      messageList = usualMessageList;
      calls.reset();
      faxes.reset();
      faults.disarm();
      limiter.reset();
      clock.reset();
    },
    async close() {
      stopping.abort();
      outage.cancel();
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? 'GET';
    const url = new URL(request.url ?? '/', baseUrl);
    if (url.pathname === '/' || url.pathname === '/favicon.ico' || url.pathname.startsWith('/__simulator/')) {
      const { host, origin, 'sec-fetch-site': secFetchSite } = request.headers;
      if (url.pathname !== '/' && isFromAnotherOrigin({ secFetchSite, origin, host })) {
        send(response, refusedOrigin);
        return;
      }
      const body = parseBody(await readBody(request), request.headers['content-type'] ?? '');
      send(response, controlAnswer(method, url.pathname, body, simulator) ?? apiError(404, 'CMN-120', 'Not found'));
      return;
    }
    const target = findTarget(routes, method, url.pathname);
    const record = receive(request, url, target.kind);
    const fault = target.kind === 'unknown' ? undefined : faults.take(target.kind);
    record.fault = fault && faultName(fault);
    if (fault === 'reset-before') {
      request.socket.destroy();
      return;
    }
    const bytes = await readBody(request);
    const contentType = request.headers['content-type'] ?? '';
    const body = parseBody(bytes, contentType);
    const owner = tokens.ownerOf(request.headers.authorization, body);
    record.body = recordedBody(body);
    record.user = owner && userLabel(owner);
    await delay(latencyMs + (typeof fault === 'object' && 'delayMs' in fault ? fault.delayMs : 0), undefined, {
      signal: stopping.signal,
    });
    await holdBack(fault, 'request');
    const instead = typeof fault === 'object' && 'status' in fault ? fault : undefined;
    if (instead !== undefined && instead.carriedOut !== true) return answer(response, record, faultAnswer(instead));
    if (fault === 'not-json') return answer(response, record, htmlPage);
    if (fault === 'hang-before') return;
    const real = carryOut({ target, url, request, bytes, body, contentType, owner });
    if (instead !== undefined) return answer(response, record, faultAnswer(instead));
    await holdBack(fault, 'answer');
    switch (fault) {
      case 'hang':
        return;
      case 'reset-after':
        request.socket.destroy();
        return;
      case 'truncated':
        sendHalf(response, real);
        return;
      case 'slow-body':
        record.status = real.status;
        await sendSlowly(response, real, stopping.signal);
        return;
      case undefined:
      default:
        answer(response, record, real);
    }
  };

  const holdBack = async (fault: Fault | undefined, what: HoldFault['hold']): Promise<void> => {
    if (typeof fault !== 'object' || !('hold' in fault) || fault.hold !== what) return;
    const { signal } = stopping;
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('the simulator stops')), { once: true });
    });
    await Promise.race([fault.meet(), stopped]);
  };

  const receive = (request: IncomingMessage, url: URL, kind: Target['kind']): ReceivedRequest => {
    count += 1;
    const record: ReceivedRequest = {
      number: count,
      atMs: baseClock.nowMs(),
      method: request.method ?? 'GET',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : (value ?? ''),
        ]),
      ),
      kind,
      body: undefined,
      user: undefined,
      status: undefined,
      fault: undefined,
    };
    requests.push(record);
    return record;
  };

  const carryOut = ({ target, url, request, bytes, body, contentType, owner }: Arrived): Answer => {
    const nowMs = clock.nowMs();
    const authorization = request.headers.authorization;
    if (target.kind === 'unknown') {
      console.error(`RingCentral simulator: no such route: ${request.method} ${url.pathname}`);
      return apiError(501, 'CMN-202', `The simulator has no route ${request.method} ${url.pathname}`);
    }
    if (target.route === undefined) {
      const verdict = limiter.check('auth', owner === undefined ? options.clientId : userLabel(owner), nowMs);
      if (verdict.refusal !== undefined) return verdict.refusal;
      const tokenRequest = { nowMs, authorization, contentType, body };
      const granted = target.kind === 'token' ? tokens.token(tokenRequest) : tokens.revoke(tokenRequest);
      return withHeaders(granted, verdict.headers);
    }
    const user = tokens.authenticate(authorization, nowMs);
    if ('status' in user) return user;
    const verdict = limiter.check(target.route.group, userLabel(user), nowMs);
    if (verdict.refusal !== undefined) return verdict.refusal;
    const handled = target.route.handle({
      user,
      nowMs,
      baseUrl,
      query: url.searchParams,
      maximumPerPage: options.maximumPerPage ?? usualMaximumPerPage,
      contentType,
      bytes,
      body,
      id: target.id,
    });
    return withHeaders(handled, verdict.headers);
  };

  const server = createServer((request, response) => {
    // The simulator's time, as in its records, which differs from Node's default after advanceClock.
    response.setHeader('date', new Date(clock.nowMs()).toUTCString());
    serve(request, response).catch((error: unknown) => {
      if (!stopping.signal.aborted && !request.destroyed) console.error('RingCentral simulator:', error);
      request.socket.destroy();
    });
  });
  guard(server, namesThisServer, textAnswer(403, 'The simulator answers to localhost and its own port only.'));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const outage = createOutage(server, sockets);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return simulator;
}

type Target =
  | { readonly kind: 'token' | 'revoke'; readonly route: undefined }
  | { readonly kind: Route['kind']; readonly route: Route; readonly id: string }
  | { readonly kind: 'unknown' };

interface Arrived {
  readonly target: Target;
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly bytes: Buffer;
  readonly body: ParsedBody;
  readonly contentType: string;
  readonly owner: SimulatedUser | undefined;
}

function findTarget(routes: readonly Route[], method: string, path: string): Target {
  if (method === 'POST' && path === '/restapi/oauth/token') return { kind: 'token', route: undefined };
  if (method === 'POST' && path === '/restapi/oauth/revoke') return { kind: 'revoke', route: undefined };
  for (const route of routes) {
    const match = route.method === method ? route.path.exec(path) : null;
    if (match !== null) return { kind: route.kind, route, id: decodeSegment(match[1] ?? '') };
  }
  return { kind: 'unknown' };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maximumBodyBytes) throw new Error('the request body is larger than RingCentral takes');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function answer(response: ServerResponse, record: ReceivedRequest, given: Answer): void {
  record.status = given.status;
  send(response, given);
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(status === 204 ? undefined : body);
}

/** Announces the full length, sends half of the body (half of "{}" if there is none) and breaks the connection. */
function sendHalf(response: ServerResponse, { status, headers, body }: Answer): void {
  const bytes = Buffer.from(body === '' ? '{}' : body);
  response.writeHead(status === 204 ? 200 : status, { ...headers, 'content-length': String(bytes.length) });
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
}

async function sendSlowly(response: ServerResponse, given: Answer, signal: AbortSignal): Promise<void> {
  const bytes = Buffer.from(given.body);
  response.writeHead(given.status, { ...given.headers, 'content-length': String(bytes.length) });
  response.flushHeaders();
  for (const byte of bytes) {
    await delay(slowByteMs, undefined, { signal });
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
  }
  response.end();
}

function withHeaders(given: Answer, headers: Readonly<Record<string, string>>): Answer {
  return { ...given, headers: { ...given.headers, ...headers } };
}
