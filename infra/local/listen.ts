import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Listens on one address, by default a loopback one. Resolves with the port; rejects with the system's error. */
export function listen(server: Server, port: number, host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // IPv6 only: otherwise IPv4 clients would appear as IPv4-mapped IPv6 addresses.
    server.listen({ port, host, ipv6Only: true }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/**
 * Tracks a server's connections. Returns a function that closes the server and breaks them, so that idle keep-alive
 * connections do not delay the end.
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

/** Returns different ports that were free a moment ago, for programs that need their port as an argument. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createTcpServer());
  const ports = await Promise.all(servers.map((server) => listen(server, 0)));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
