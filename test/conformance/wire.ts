import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** An answer as it came over the wire. Its body has no transfer coding. */
export interface WireAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export interface SendOptions {
  /** Sent after the server has answered `100 Continue`. */
  readonly afterContinue?: string | Buffer;
  /** Closes the connection once the bytes are written. There is no answer then. */
  readonly hangUp?: boolean;
}

const silenceMs = 40_000;

/**
 * Sends bytes unchanged over a new connection and reads one answer. It uses a socket, because HTTP clients correct what
 * old programs do: header case, versions, lengths, doubled slashes.
 */
export async function send(
  baseUrl: string,
  bytes: string | Buffer,
  options: SendOptions = {},
): Promise<WireAnswer | undefined> {
  const socket = open(new URL(baseUrl));
  try {
    return await converse(socket, bytes, options);
  } finally {
    socket.destroy();
  }
}

/** Sends several requests over one connection, each after the answer to the one before. */
export async function sendInTurn(baseUrl: string, requests: readonly string[]): Promise<readonly WireAnswer[]> {
  const socket = open(new URL(baseUrl));
  const answers: WireAnswer[] = [];
  try {
    for (const bytes of requests) {
      const answer = await converse(socket, bytes, {});
      if (answer !== undefined) answers.push(answer);
    }
    return answers;
  } finally {
    socket.destroy();
  }
}

function open({ protocol, hostname, port }: URL): Socket {
  const host = hostname.replaceAll(/[[\]]/g, '');
  return protocol === 'https:'
    ? connectTls({ host, port: Number(port) || 443, servername: host })
    : connectTcp({ host, port: Number(port) || 80 });
}

function converse(socket: Socket, bytes: string | Buffer, options: SendOptions): Promise<WireAnswer | undefined> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    let { afterContinue } = options;
    const finish = (answer: WireAnswer | undefined): void => {
      for (const event of ['data', 'end', 'error', 'timeout']) socket.removeAllListeners(event);
      resolve(answer);
    };
    const look = (ended: boolean): void => {
      const said = withoutContinue(received);
      if (afterContinue !== undefined && said !== received) {
        socket.write(afterContinue);
        afterContinue = undefined;
      }
      const answer = readAnswer(said, ended);
      if (answer !== undefined) finish(answer);
      else if (ended) reject(new Error(`The connection ended after ${received.length} bytes: ${said.toString()}`));
    };
    socket.setTimeout(silenceMs);
    socket.on('timeout', () => reject(new Error(`no answer within ${silenceMs} ms`)));
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      look(false);
    });
    socket.on('end', () => look(true));
    socket.write(bytes, () => {
      if (options.hangUp === true) finish(undefined);
    });
  });
}

function withoutContinue(received: Buffer): Buffer {
  const end = received.indexOf('\r\n\r\n');
  return end > 0 && /^HTTP\/1\.[01] 100 /.test(received.toString('latin1', 0, 16))
    ? received.subarray(end + 4)
    : received;
}

/** Undefined while bytes are missing. */
function readAnswer(bytes: Buffer, ended: boolean): WireAnswer | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const rest = bytes.subarray(headEnd + 4);
  const body = readBody(rest, headers, ended);
  return body && { status: Number(statusLine.split(' ')[1]), headers, body };
}

function readBody(rest: Buffer, headers: ReadonlyMap<string, string>, ended: boolean): Buffer | undefined {
  if (headers.get('transfer-encoding')?.toLowerCase() === 'chunked') return withoutChunks(rest);
  const length = headers.get('content-length');
  if (length === undefined) return ended ? rest : undefined;
  return rest.length >= Number(length) ? rest.subarray(0, Number(length)) : undefined;
}

function withoutChunks(rest: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = rest.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(rest.toString('latin1', at, lineEnd), 16);
    const start = lineEnd + 2;
    if (rest.length < start + size + 2) return undefined;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(rest.subarray(start, start + size));
    at = start + size + 2;
  }
}
