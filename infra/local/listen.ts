import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Starts a server on one address, a loopback one unless told otherwise; resolves with its port, rejects with the system's error. */
export function listen(server: Server, port: number, host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // IPv6 alone: an address of IPv4 would otherwise come in disguise.
    server.listen({ port, host, ipv6Only: true }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/**
 * Remembers a server's connections; what it returns closes the server and breaks them, so that nobody has to wait for
 * a client to let go of a keep-alive connection.
 */
export function closer(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    const closed = new Promise((resolve) => {
      server.close(resolve);
    });
    for (const socket of sockets) socket.destroy();
    await closed;
  };
}

/** As many different ports as asked for that were free a moment ago, for programs that have to be told theirs. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createTcpServer());
  const ports = await Promise.all(servers.map((server) => listen(server, 0)));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
