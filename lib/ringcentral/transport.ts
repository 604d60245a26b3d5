import { once } from 'node:events';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { brotliDecompressSync, unzipSync } from 'node:zlib';
import type { Clock } from '../domain/ports.ts';
import { asObject, asText } from '../domain/untrusted.ts';
import { createConnections, type Connection, type Connections } from './connections.ts';
import { HeaderFields, ReceivedAnswer, type OutgoingRequest, type RequestBody } from './messages.ts';

/** Why there is no usable HTTP response. */
export type TransportProblem =
  /** The connection could not be opened: nothing was sent. */
  | 'not_sent'
  /** The request timed out. RingCentral may have executed it. */
  | 'timeout'
  /** The connection broke. RingCentral may have executed the request. */
  | 'broken';

/** A request without a usable HTTP response. Its message has the system's error code and nothing that was sent. */
export class TransportError extends Error {
  readonly problem: TransportProblem;

  constructor(problem: TransportProblem, cause: unknown) {
    super(`${problem}: ${asText(asObject(cause)?.['code']) ?? 'no code'}`, { cause });
    this.name = 'TransportError';
    this.problem = problem;
  }
}

/** A maximum idle time that no connection satisfies. */
const newConnection = -1;

/**
 * Maximum size of a response. RingCentral's responses have a few kilobytes, a full page of forwarding numbers a few
 * hundred.
 */
const maxAnswerBytes = 8 * 1024 * 1024;

/** Purpose of a connection: a GET, or a request that must not be sent twice. */
export type Purpose = 'reading' | 'placing';

/** Longest idle time of a reused connection, in milliseconds. */
const idleMs: Readonly<Record<Purpose, number>> = {
  /** A dead connection costs only one retry. */
  reading: 60_000,
  /**
   * The server may have closed its end of an older connection unnoticed. After a reset it is unknown whether the
   * request was executed.
   */
  placing: 2000,
};

/** Sends requests over connections whose idle time is known. */
export interface Transport {
  /**
   * Sends the request and returns its complete response, with any status. A broken or slow body fails here and not
   * while parsing. The request's signal is the time limit. Only a GET is ever retried, and never after a response.
   * Throws {@link TransportError}.
   */
  send(request: OutgoingRequest): Promise<ReceivedAnswer>;
  /**
   * Opens a connection for an expected request, unless a suitable one is open. Resolves when it is open or has failed;
   * after a failure the request opens a connection itself.
   *
   * @param url any address of the server
   */
  prepare(url: string, purpose: Purpose): Promise<void>;
}

export function createTransport(clock: Clock): Transport {
  const known = new Map<string, Connections>();

  function connectionsTo(url: URL): Connections {
    const connections = known.get(url.origin) ?? createConnections(url, clock);
    known.set(url.origin, connections);
    return connections;
  }

  async function sendOnce(request: OutgoingRequest, maxIdleMs: number): Promise<ReceivedAnswer> {
    const url = new URL(request.url);
    const connection = connectionsTo(url).acquire(maxIdleMs);
    let outgoing: ClientRequest;
    try {
      await unlessAborted(connection.opened, request.signal);
      outgoing = begin(connection, url, request);
    } catch (error) {
      connection.destroy();
      throw new TransportError('not_sent', error);
    }
    try {
      const answer = await exchange(outgoing, request.body);
      // The response came before the request was completely sent. The next request must not follow the unsent rest.
      if (!outgoing.writableFinished) connection.destroy();
      return answer;
    } catch (error) {
      connection.destroy();
      throw new TransportError(request.signal?.aborted === true ? 'timeout' : 'broken', error);
    }
  }

  return {
    prepare: (url, purpose) => connectionsTo(new URL(url)).prepare(idleMs[purpose]),
    async send(request) {
      if (request.method !== 'GET') return sendOnce(request, idleMs.placing);
      try {
        return await sendOnce(request, idleMs.reading);
      } catch (error) {
        if (!(error instanceof TransportError) || error.problem !== 'broken') throw error;
        return sendOnce(request, newConnection);
      }
    },
  };
}

/** Starts the request on an open connection. Throws, with nothing sent, when a header value is not allowed. */
function begin(connection: Connection, url: URL, { method, headers, signal }: OutgoingRequest): ClientRequest {
  return httpRequest({
    agent: connection,
    method,
    path: `${url.pathname}${url.search}`,
    headers: {
      ...headers.all(),
      Host: url.host,
      // A compressed response of a few kilobytes could inflate to any size.
      'Accept-Encoding': 'identity',
    },
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Sends the body and returns the response, which may come before the body is sent. */
function exchange(outgoing: ClientRequest, body: RequestBody | undefined): Promise<ReceivedAnswer> {
  return new Promise((resolve, reject) => {
    let answer: Promise<ReceivedAnswer> | undefined;
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      answer = readAnswer(incoming);
      answer.then(resolve, reject);
    });
    // An unrequested protocol switch closes the connection without an error.
    outgoing.on('close', () => {
      if (answer === undefined) reject(new Error('the connection closed without an answer'));
    });
    sendBody(outgoing, body).catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
}

/** Writes piece by piece, and waits for the connection to drain. */
async function sendBody(outgoing: ClientRequest, body: RequestBody = ''): Promise<void> {
  if (typeof body === 'string') {
    outgoing.end(body);
    return;
  }
  for (const piece of body) {
    if (!outgoing.write(piece)) await once(outgoing, 'drain');
  }
  outgoing.end();
}

async function readAnswer(incoming: IncomingMessage): Promise<ReceivedAnswer> {
  const { statusCode: status = 0 } = incoming;
  if (status < 200 || status > 599) throw new Error('the status is none');
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > maxAnswerBytes) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  const headers = new HeaderFields();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string') headers.set(name, value);
  }
  return new ReceivedAnswer(status, headers, decompress(Buffer.concat(chunks), headers.get('content-encoding')));
}

/** Some servers compress although the request does not accept it. */
function decompress(body: Buffer, encoding: string | null): Uint8Array {
  const limit = { maxOutputLength: maxAnswerBytes };
  switch (encoding?.trim().toLowerCase() ?? '') {
    case '':
    case 'identity':
      return body;
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return unzipSync(body, limit);
    case 'br':
      return brotliDecompressSync(body, limit);
    default:
      throw new Error('the answer is encoded in an unknown way');
  }
}

/** Rejects as soon as the signal aborts. */
function unlessAborted(operation: Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
  if (signal === undefined) return operation;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    operation.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
