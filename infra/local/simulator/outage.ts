import type { Server, Socket } from 'node:net';

/** A time in which nobody listens at a server's address. */
export interface Outage {
  /** Begins at once, and again if it is going on; ends by itself, in real time. */
  begin(ms: number): void;
  /** The server does not listen again. */
  cancel(): void;
}

/** The longest that a timer takes; beyond it, it would be over at once. */
const longestMs = 2 ** 31 - 1;

/**
 * For a server that is listening at the time of an outage. Connections are refused, and those in `sockets` are broken:
 * answers that are complete have left before.
 */
export function createOutage(server: Server, sockets: ReadonlySet<Socket>): Outage {
  let timer: NodeJS.Timeout | undefined;
  let address: { readonly port: number; readonly host: string } | undefined;
  return {
    begin(ms) {
      const listening = server.address();
      if (typeof listening === 'object' && listening !== null) {
        address = { port: listening.port, host: listening.address };
      }
      server.close();
      setImmediate(() => {
        for (const socket of sockets) socket.destroy();
      });
      clearTimeout(timer);
      timer = setTimeout(() => server.listen(address), Math.min(ms, longestMs));
    },
    cancel() {
      clearTimeout(timer);
    },
  };
}
