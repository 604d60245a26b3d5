import type { Clock } from '../domain/ports.ts';
import { asArray, asObject, asText, type Json } from '../domain/untrusted.ts';
import { createConnections, maxAnswerBytes, type Dispatcher, type Lane } from './connections.ts';

/** How far a request got that brought no usable HTTP answer. */
export type TransportProblem =
  /** No connection: nothing was sent. */
  | 'not_sent'
  /** The time allowed is over; RingCentral may have acted on the request. */
  | 'timeout'
  /** The connection broke; RingCentral may have acted on the request. */
  | 'broken';

/** A request that brought no usable HTTP answer. Its message holds the system's error code and nothing that was sent. */
export class TransportError extends Error {
  readonly problem: TransportProblem;

  constructor(problem: TransportProblem, cause: unknown) {
    super(`${problem}: ${codeOf(cause) ?? 'no code'}`, { cause });
    this.name = 'TransportError';
    this.problem = problem;
  }
}

/**
 * A connection idle for longer than this is not given a request that must not be sent twice: the server may have
 * closed it without our knowing, and a reset would leave open whether the request was executed.
 */
const unsafeIdleMs = 2000;

/** GETs may use an older connection, since one that turns out dead costs only a second try. */
const safeIdleMs = 60_000;

/** No connection has been idle for less than this. */
const newConnection = -1;

/** Ways a TLS handshake fails for certain; connecting and looking up the name are told by their system call. */
const refusedConnections = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * The `fetch` the RingCentral SDK is given: native fetch over connections whose idle time is known, with the whole
 * body read before it returns, so that a broken or slow body fails here and not in the middle of a parse. The caller's
 * time limit comes in as the request's signal. Throws {@link TransportError}.
 */
export function createTransport(clock: Clock): (request: Request) => Promise<Response> {
  const connectionsOf = new Map<string, ReturnType<typeof createConnections>>();

  async function once(request: Request, maxIdleMs: number): Promise<Response> {
    const { origin } = new URL(request.url);
    const connections = connectionsOf.get(origin) ?? createConnections(clock);
    connectionsOf.set(origin, connections);
    const lane = connections.take(maxIdleMs);
    // A compressed answer of a few kilobytes may have any size.
    request.headers.set('Accept-Encoding', 'identity');
    let answer: Response;
    try {
      const init: RequestInit & { dispatcher: unknown } = { dispatcher: sendingOnce(lane), redirect: 'manual' };
      const received = await globalThis.fetch(request, init);
      const body = await readBounded(received);
      const { status, headers } = received;
      // Throws for a status that is none: such an answer is as good as broken.
      answer = new Response(body.byteLength === 0 ? null : body, { status, headers });
    } catch (error) {
      connections.discard(lane);
      throw new TransportError(problemOf(error, request.signal), error);
    }
    connections.giveBack(lane);
    return answer;
  }

  return async (request) => {
    if (request.method !== 'GET') return once(request, unsafeIdleMs);
    try {
      return await once(request, safeIdleMs);
    } catch (error) {
      if (!(error instanceof TransportError) || error.problem !== 'broken') throw error;
      return once(request, newConnection);
    }
  };
}

/** The body, counted as it is read: one that comes compressed all the same shows its size only then. */
async function readBounded({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > maxAnswerBytes) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * A dispatcher good for one request. fetch by itself repeats a request that is answered 421 (Fetch Standard,
 * HTTP-network-or-cache fetch), and whatever else it may repeat one day: a call or a fax goes out once.
 */
function sendingOnce({ dispatcher }: Lane): Pick<Dispatcher, 'dispatch'> {
  let sent = false;
  return {
    dispatch(options, handler) {
      if (sent) throw new Error('fetch wanted to send the request again');
      sent = true;
      return dispatcher.dispatch(options, handler);
    },
  };
}

function problemOf(error: unknown, signal: AbortSignal): TransportProblem {
  if (isNeverSent(error)) return 'not_sent';
  const code = codeOf(error);
  const isTimeout = signal.aborted || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
  return isTimeout ? 'timeout' : 'broken';
}

/** Whether there was no connection to send on. A server with several addresses fails with one error for each. */
function isNeverSent(error: unknown): boolean {
  return causesOf(error).some((cause) => {
    const addresses = asArray(cause['errors']);
    if (addresses.length > 0) return addresses.every(isNeverSent);
    const systemCall = asText(cause['syscall']) ?? '';
    return systemCall === 'connect' || systemCall === 'getaddrinfo' || refusedConnections.has(codeOf(cause) ?? '');
  });
}

/** fetch wraps the cause: `TypeError: fetch failed` with the system's error below it. */
function causesOf(error: unknown): readonly Json[] {
  const causes: Json[] = [];
  for (
    let current = asObject(error);
    current !== undefined && causes.length < 5;
    current = asObject(current['cause'])
  ) {
    causes.push(current);
  }
  return causes;
}

function codeOf(error: unknown): string | undefined {
  return causesOf(error)
    .map((cause) => asText(cause['code']))
    .find((code) => code !== undefined);
}
