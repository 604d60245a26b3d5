import type { Clock } from '../domain/ports.ts';
import { asObject, asText } from '../domain/untrusted.ts';
import { createConnections } from './connections.ts';

/** How far a request got that brought no usable HTTP answer. */
export type TransportProblem =
  /** No connection: nothing was sent. */
  | 'not_sent'
  /** The time allowed is over; RingCentral may have acted on the request. */
  | 'timeout'
  /** The connection broke; RingCentral may have acted on the request. */
  | 'broken';

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

/** Errors that can only happen before the first byte of the request is sent. */
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
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
    try {
      const init: RequestInit & { dispatcher: unknown } = { dispatcher: lane.dispatcher, redirect: 'manual' };
      const answer = await globalThis.fetch(request, init);
      const body = await answer.arrayBuffer();
      connections.giveBack(lane);
      const { status, headers } = answer;
      return new Response(body.byteLength === 0 ? null : body, { status, headers });
    } catch (error) {
      connections.discard(lane);
      throw new TransportError(problemOf(error, request.signal), error);
    }
  }

  return async (request) => {
    if (request.method !== 'GET') return once(request, unsafeIdleMs);
    try {
      return await once(request, safeIdleMs);
    } catch (error) {
      if (!(error instanceof TransportError) || error.problem !== 'broken') throw error;
      return once(request, 0);
    }
  };
}

function problemOf(error: unknown, signal: AbortSignal): TransportProblem {
  if (signal.aborted) return 'timeout';
  const code = codeOf(error);
  if (code !== undefined && beforeSending.has(code)) return 'not_sent';
  return code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT' ? 'timeout' : 'broken';
}

/** fetch wraps the cause: `TypeError: fetch failed` with the system's error below it, possibly one per address. */
function codeOf(error: unknown): string | undefined {
  let current = asObject(error);
  for (let depth = 0; current !== undefined && depth < 5; depth += 1) {
    const code = asText(current['code']);
    if (code !== undefined) return code;
    current = asObject(current['cause']);
  }
  return undefined;
}
