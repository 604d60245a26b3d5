import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A server that answers with the bytes a test gives, for answers that no HTTP library would send. */
export interface WireServer {
  readonly url: string;
  /** Method and path of each request, in the order received. */
  readonly seen: readonly string[];
  readonly connections: number;
  /** Sets the answer to `path`. The connection stays open after it. */
  answer(path: string, bytes: string | Uint8Array): void;
  close(): Promise<void>;
}

export async function startWireServer(): Promise<WireServer> {
  const answers = new Map<string, string | Uint8Array>();
  const sockets = new Set<Socket>();
  const seen: string[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    socket.on('data', (data) => {
      const line = /^([A-Z]+) (\S+) HTTP/.exec(data.toString('latin1'));
      if (line === null) return;
      seen.push(`${line[1]} ${line[2]}`);
      const bytes = answers.get(line[2] ?? '');
      if (bytes !== undefined) socket.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    get connections() {
      return connections;
    },
    answer: (path, bytes) => void answers.set(path, bytes),
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A complete HTTP/1.1 answer. */
export function wireAnswer(status: number, body: string, ...headers: readonly string[]): string {
  return [`HTTP/1.1 ${status} Demo`, ...headers, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
}
