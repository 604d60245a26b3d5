import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * A TCP relay in front of a server. It counts connections and can break them, let them die silently as those of a
 * frozen Lambda container, or refuse them. It replaces its own port in Host headers, because the server accepts only
 * its own.
 */
export interface Relay {
  readonly url: string;
  /** Connections accepted so far. */
  readonly connections: number;
  /** How many dead connections were used and answered with a reset. */
  readonly resets: number;
  /** Makes every open connection dead: neither side is notified, and the next byte on it gets a reset. */
  freeze(): void;
  /** Breaks every open connection, as a server does with idle ones. Resolves once both sides have noticed. */
  killAll(): Promise<void>;
  /** Refuses connections from now on. */
  close(): Promise<void>;
}

/** @param targetUrl the server, on this computer */
export async function startRelay(targetUrl: string): Promise<Relay> {
  const port = Number(new URL(targetUrl).port);
  const sockets = new Set<Socket>();
  const alive = new Map<Socket, Socket>();
  let connections = 0;
  let resets = 0;
  const hostLine = /(?<=\r\n)(host: 127\.0\.0\.1:)\d+(?=\r\n)/gi;
  const server = createServer((client) => {
    connections += 1;
    const upstream = connect(port, '127.0.0.1');
    alive.set(client, upstream);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        sockets.delete(socket);
        if (!alive.delete(client)) return;
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (data) => {
      if (alive.has(client)) {
        upstream.write(data.toString('latin1').replace(hostLine, `$1${port}`), 'latin1');
      } else {
        resets += 1;
        client.resetAndDestroy();
      }
    });
    upstream.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const killAll = async (): Promise<void> => {
    const closed = [...sockets].map((socket) => once(socket, 'close'));
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
    // The other side is notified in a later turn of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    get resets() {
      return resets;
    },
    freeze() {
      for (const [client, upstream] of alive) {
        alive.delete(client);
        upstream.destroy();
      }
    },
    killAll,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      await killAll();
      await closed;
    },
  };
}
