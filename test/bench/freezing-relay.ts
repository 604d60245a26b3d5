import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP relay whose connections can die the way those of a frozen Lambda container do: without a word. */
export interface FreezingRelay {
  readonly url: string;
  /** Connections accepted so far. */
  readonly connections: number;
  /** How many dead connections were used after all and answered with a reset. */
  readonly resets: number;
  /** From now on every open connection is dead: nobody is told, and the next byte on it meets a reset. */
  freeze(): void;
  close(): Promise<void>;
}

export async function startFreezingRelay(targetUrl: string): Promise<FreezingRelay> {
  const port = Number(new URL(targetUrl).port);
  const alive = new Map<Socket, Socket>();
  const sockets = new Set<Socket>();
  let connections = 0;
  let resets = 0;
  const server = createServer((client) => {
    connections += 1;
    const upstream = connect(port, '127.0.0.1');
    alive.set(client, upstream);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        sockets.delete(socket);
        alive.delete(client);
      });
    }
    client.on('data', (data) => {
      if (alive.has(client)) {
        upstream.write(data);
      } else {
        resets += 1;
        client.resetAndDestroy();
      }
    });
    upstream.pipe(client, { end: false });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
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
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
