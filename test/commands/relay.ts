import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP relay in front of a server: it counts connections, and can break them or be gone. */
export interface Relay {
  readonly url: string;
  /** Connections accepted so far. */
  readonly connections: number;
  /** Breaks every open connection, as a server does with idle ones; resolves once both sides have noticed. */
  killAll(): Promise<void>;
  /** From now on connections are refused. */
  close(): Promise<void>;
}

export async function startRelay(targetUrl: string): Promise<Relay> {
  const port = Number(new URL(targetUrl).port);
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    const upstream = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const killAll = async (): Promise<void> => {
    const closed = [...sockets].map((socket) => once(socket, 'close'));
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
    // The other side learns of it in a later turn of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
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
