import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '../domain/ports.ts';

/**
 * One TCP connection, used by one request at a time, so that its idle time is known exactly, by the wall clock. That is
 * what a frozen Lambda container needs: timers do not run while it sleeps, and a pool that trusts its timers sends the
 * first request after waking down a connection that died long ago.
 *
 * It is an agent of `node:http` that has this connection and never opens another.
 */
export class Connection extends Agent {
  /** Resolves when the connection is open, TLS included: before that nothing is sent. Rejects if it cannot be opened. */
  readonly opened: Promise<unknown>;
  readonly #socket: Socket;
  readonly #onIdle: (connection: Connection) => void;

  constructor(socket: Socket, opened: Promise<unknown>, onIdle: (connection: Connection) => void) {
    super({ keepAlive: true, maxSockets: 1 });
    this.opened = opened;
    this.#socket = socket;
    this.#onIdle = onIdle;
  }

  /** Whether it can still be used, as far as this side knows. */
  get isAlive(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  override createConnection(): Socket {
    if (!this.isAlive) throw new Error('the connection is closed');
    this.#socket.ref();
    return this.#socket;
  }

  /** Called when an answer has been received whole and the server has not asked to close the connection. */
  override keepSocketAlive(socket: Socket): boolean {
    // Undefined by its type: false where the server announces to close the connection within a second.
    const mayBeKept: unknown = super.keepSocketAlive(socket);
    if (mayBeKept === false) return false;
    this.#onIdle(this);
    return true;
  }

  /** After any failure: nothing is known about the connection any more. */
  override destroy(): void {
    super.destroy();
    this.#socket.destroy();
  }
}

/** The connections to one server. Each comes back by itself after the answer to a request. */
export interface Connections {
  /** @param maxIdleMs a connection idle for longer is closed and a new one opened */
  take(maxIdleMs: number): Connection;
  /**
   * Opens one for a request that is about to come, unless one waits that has been idle for less than `maxIdleMs`. Resolves
   * when it is open, and also when that fails.
   */
  prepare(maxIdleMs: number): Promise<void>;
}

/** One that no request uses, since it was opened or last used (epoch milliseconds). */
interface IdleConnection {
  readonly connection: Connection;
  readonly sinceMs: number;
}

/** Idle connections kept for the next request; a Lambda container has one request at a time and needs one. */
const maxIdle = 8;

/** Within this time an unreachable server is told from a slow one: nothing was sent yet. */
const connectTimeoutMs = 4000;

/** @param origin of the server, `https` or `http` */
export function createConnections({ protocol, hostname, port }: URL, clock: Clock): Connections {
  const idle: IdleConnection[] = [];
  /** The last TLS session the server gave: with it the next connection needs no certificates. */
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
    // A request that has the connection hears of its errors itself.
    socket.on('error', () => {});
    socket.on('session', (given: Buffer) => {
      session = given;
    });
    const signal = clock.signal(connectTimeoutMs);
    const opened = once(socket, isTls ? 'secureConnect' : 'connect', { signal }).catch((error: unknown) => {
      socket.destroy();
      throw signal.aborted ? Object.assign(new Error('connecting takes too long'), { code: 'ETIMEDOUT' }) : error;
    });
    // One that was opened for nobody may fail unheard.
    opened.catch(() => {});
    return new Connection(socket, opened, keep);
  }

  function keep(connection: Connection): void {
    if (idle.length >= maxIdle) connection.destroy();
    else idle.push({ connection, sinceMs: clock.nowMs() });
  }

  /** The one that became idle last, if it may be used. */
  function takeIdle(maxIdleMs: number): IdleConnection | undefined {
    for (;;) {
      const last = idle.pop();
      if (last === undefined) return undefined;
      if (last.connection.isAlive && clock.nowMs() - last.sinceMs <= maxIdleMs) return last;
      last.connection.destroy();
    }
  }

  return {
    take: (maxIdleMs) => takeIdle(maxIdleMs)?.connection ?? open(),
    async prepare(maxIdleMs) {
      const waiting = takeIdle(maxIdleMs) ?? { connection: open(), sinceMs: clock.nowMs() };
      idle.push(waiting);
      await waiting.connection.opened.catch(() => {});
    },
  };
}

/** RFC 6066, section 3: an address is no server name. */
function serverName(host: string): { readonly servername?: string } {
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host };
}
