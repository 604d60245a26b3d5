import type { Server, Socket } from 'node:net';

/** A period in which a server does not listen. */
export interface Outage {
  /** Begins at once or restarts a running outage. Ends by itself, in real time. */
  begin(ms: number): void;
  /** Ends the outage without listening again. */
  cancel(): void;
}

/** The maximum of a timer. With a longer time it would fire at once. */
const longestMs = 2 ** 31 - 1;

/**
 * Creates the outage of a server, which must be listening when it begins. Refuses new connections and breaks those in
 * `sockets`. Complete answers have been sent before.
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
