import { createServer, connect, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { listen } from '../../../infra/local/listen.ts';
import type { DemoCertificate } from '../../tls-certificate.ts';
import answerParent from './answer-parent.cjs';

/*
 * TLS and distance in front of a local server. Bytes take half a round trip each way. The first bytes of a connection
 * take one round trip more, the time of a TCP handshake, which loopback hides.
 */

/** The servers: local URLs by name. */
export type Targets = Readonly<Record<string, string>>;

export interface AskDistance {
  /** Sets the round trips by name of a server, from now on. */
  readonly roundTripMs?: Readonly<Record<string, number>>;
  /** Closes all connections, as servers do with those of a frozen container. */
  readonly cut?: true;
}

export interface DistanceAnswer {
  /** The TLS address of each server. */
  readonly urls: Targets;
  /** Round trips to each server since the last question: one per TCP handshake and one per turn of a client. */
  readonly trips: Readonly<Record<string, number>>;
}

const { targets, certificate } = JSON.parse(process.argv[2] ?? '') as {
  readonly targets: Targets;
  readonly certificate: DemoCertificate;
};

let roundTripMs: Readonly<Record<string, number>> = {};
let trips: Record<string, number> = {};
const open = new Set<Socket>();

function keep(...sockets: readonly Socket[]): void {
  for (const socket of sockets) {
    open.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.once('close', () => {
      open.delete(socket);
      for (const other of sockets) other.destroy();
    });
  }
}

/** Writes incoming bytes after a delay, in order. */
function delayed(to: Socket, delayMs: () => number): (bytes: Buffer) => void {
  let lastAtMs = 0;
  return (bytes) => {
    lastAtMs = Math.max(lastAtMs, performance.now() + delayMs());
    setTimeout(() => to.write(bytes), Math.max(0, lastAtMs - performance.now()));
  };
}

/** A TLS server that passes everything on to a local one, which accepts only its own host name. */
async function terminate(url: string): Promise<number> {
  const port = Number(new URL(url).port);
  const server = createTlsServer({ key: certificate.key, cert: certificate.cert }, (secure) => {
    const plain = connect(port, '127.0.0.1');
    keep(secure, plain);
    const hostLine = /(?<=\r\n)(host: 127\.0\.0\.1:)\d+(?=\r\n)/gi;
    secure.on('data', (bytes: Buffer) =>
      plain.write(bytes.toString('latin1').replace(hostLine, `$1${port}`), 'latin1'),
    );
    plain.pipe(secure);
  });
  server.on('tlsClientError', () => {});
  return listen(server, 0);
}

async function placeFarAway(name: string, url: string): Promise<string> {
  const port = await terminate(url);
  const tripMs = (): number => roundTripMs[name] ?? 0;
  const count = (): void => {
    trips[name] = (trips[name] ?? 0) + 1;
  };
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    keep(client, upstream);
    count();
    let isFirst = true;
    let isClientsTurn = false;
    const there = delayed(upstream, () => tripMs() * (isFirst ? 1.5 : 0.5));
    const back = delayed(client, () => tripMs() / 2);
    client.on('data', (bytes: Buffer) => {
      if (!isClientsTurn) count();
      isClientsTurn = true;
      there(bytes);
      isFirst = false;
    });
    upstream.on('data', (bytes: Buffer) => {
      isClientsTurn = false;
      back(bytes);
    });
  });
  return `https://127.0.0.1:${await listen(server, 0)}`;
}

const urls = Object.fromEntries(
  await Promise.all(Object.entries(targets).map(async ([name, url]) => [name, await placeFarAway(name, url)] as const)),
);

answerParent(async ({ roundTripMs: wanted, cut }: AskDistance): Promise<DistanceAnswer> => {
  const counted = trips;
  trips = {};
  if (wanted !== undefined) roundTripMs = wanted;
  if (cut === true) for (const socket of open) socket.destroy();
  return Promise.resolve({ urls, trips: counted });
});
