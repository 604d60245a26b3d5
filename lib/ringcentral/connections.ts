import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '../domain/ports.ts';

/**
 * One TCP connection, used by one request at a time, so that its idle time by the wall clock is known exactly. A frozen
 * Lambda container needs this: timers do not run while it sleeps. A pool that relies on timers sends the first request
 * after a freeze over a dead connection.
 *
 * It is an agent of `node:http` that has this one connection and never opens another.
 */
export class Connection extends Agent {
  /** Resolves when the connection is open, TLS included; nothing is sent before. Rejects when opening fails. */
  readonly opened: Promise<unknown>;
  readonly #socket: Socket;
  readonly #onIdle: (connection: Connection) => void;

  constructor(socket: Socket, opened: Promise<unknown>, onIdle: (connection: Connection) => void) {
    super({ keepAlive: true, maxSockets: 1 });
    this.opened = opened;
    this.#socket = socket;
    this.#onIdle = onIdle;
  }

  /** Whether the connection is usable, as far as this side knows. */
  get isAlive(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  override createConnection(): Socket {
    if (!this.isAlive) throw new Error('the connection is closed');
    this.#socket.ref();
    return this.#socket;
  }

  /** Called when a response is complete and the server has not announced to close the connection. */
  override keepSocketAlive(socket: Socket): boolean {
    // Typed as void. It returns false when the server announces to close the connection within a second.
    const mayBeKept: unknown = super.keepSocketAlive(socket);
    if (mayBeKept === false) return false;
    this.#onIdle(this);
    return true;
  }

  /** Called after any failure, because the state of the connection is unknown then. */
  override destroy(): void {
    super.destroy();
    this.#socket.destroy();
  }
}

/** The connections to one server. A connection becomes idle by itself after the response to its request. */
export interface Connections {
  /** @param maxIdleMs a connection idle for longer is closed and a new one opened */
  acquire(maxIdleMs: number): Connection;
  /**
   * Opens a connection for an expected request, unless one has been idle for less than `maxIdleMs`. Resolves when it is
   * open or has failed.
   */
  prepare(maxIdleMs: number): Promise<void>;
}

/** A connection without a request, and when it was opened or last used (epoch milliseconds). */
interface IdleConnection {
  readonly connection: Connection;
  readonly sinceMs: number;
}

/** Maximum number of idle connections. A Lambda container serves one request at a time and needs one. */
const maxIdle = 8;

/**
 * Time limit for opening a connection, in milliseconds. It distinguishes an unreachable server, to which nothing was
 * sent, from a slow one.
 */
const connectTimeoutMs = 4000;

/** @param origin of the server, `https` or `http` */
export function createConnections({ protocol, hostname, port }: URL, clock: Clock): Connections {
  const idle: IdleConnection[] = [];
  /** The server's last TLS session: with it the next connection needs no certificates. */
  let session: Buffer | undefined;

  const host = hostname.replaceAll(/^\[|\]$/g, '');

  function open(): Connection {
    const isTls = protocol === 'https:';
    const place = { host, port: Number(port) || (isTls ? 443 : 80) };
    const socket = isTls
      ? connectTls({
          ...place,
          ALPNProtocols: ['http/1.1'],
          ...(session === undefined ? {} : { session }),
          ...serverName(host),
        })
      : connectTcp(place);
    socket.setNoDelay(true);
    // The request that uses the connection gets its errors from node:http.
    socket.on('error', () => {});
    socket.on('session', (given: Buffer) => {
      session = given;
    });
    const signal = clock.signal(connectTimeoutMs);
    const opened = once(socket, isTls ? 'secureConnect' : 'connect', { signal }).catch((error: unknown) => {
      socket.destroy();
      throw signal.aborted ? Object.assign(new Error('connecting takes too long'), { code: 'ETIMEDOUT' }) : error;
    });
    // Without this a failed connection that no request uses would be an unhandled rejection.
    opened.catch(() => {});
    return new Connection(socket, opened, release);
  }

  function release(connection: Connection): void {
    if (idle.length >= maxIdle) connection.destroy();
    else idle.push({ connection, sinceMs: clock.nowMs() });
  }

  /** Returns the connection that became idle last, if it is usable. */
  function acquireIdle(maxIdleMs: number): IdleConnection | undefined {
    for (;;) {
      const last = idle.pop();
      if (last === undefined) return undefined;
      if (last.connection.isAlive && clock.nowMs() - last.sinceMs <= maxIdleMs) return last;
      last.connection.destroy();
    }
  }

  return {
    acquire: (maxIdleMs) => acquireIdle(maxIdleMs)?.connection ?? open(),
    async prepare(maxIdleMs) {
      const waiting = acquireIdle(maxIdleMs) ?? { connection: open(), sinceMs: clock.nowMs() };
      idle.push(waiting);
      await waiting.connection.opened.catch(() => {});
    },
  };
}

/** RFC 6066, section 3: an IP address is not allowed as a server name. */
function serverName(host: string): { readonly servername?: string } {
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host };
}
