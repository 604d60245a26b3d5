import type { Clock } from '../domain/ports.ts';

/** What Node's own fetch accepts as `dispatcher`, as far as it is used here. */
export interface Dispatcher {
  dispatch(options: unknown, handler: unknown): boolean;
  destroy(): Promise<void>;
}
type DispatcherClass = new (options: object) => Dispatcher;

/** One connection that serves one request at a time. */
export interface Lane {
  readonly dispatcher: Dispatcher;
  lastUsedAtMs: number;
}

/**
 * The connections to one server. A lane is one TCP connection used by one request at a time, so that its idle time is
 * known exactly, by the wall clock. That is what a frozen Lambda container needs: timers do not run while it sleeps,
 * and a pool that trusts its timers sends the first request after waking down a connection that died long ago.
 */
export interface Connections {
  /** @param maxIdleMs a connection idle for longer is closed and a new one opened */
  take(maxIdleMs: number): Lane;
  /** Back into use, after the whole answer has been read. */
  giveBack(lane: Lane): void;
  /** After any failure: nothing is known about the connection any more. */
  discard(lane: Lane): void;
}

/** Idle connections kept for the next request; a Lambda container has one request at a time and needs one. */
const maxIdleLanes = 8;

/** A legacy program polls every few seconds; Node's default of four would make each poll shake hands anew. */
const keepAliveMs = 60_000;

/** RingCentral's answers have a few kilobytes, a full page of forwarding numbers a few hundred. */
export const maxAnswerBytes = 8 * 1024 * 1024;

/** Within this time an unreachable server is told from a slow one: nothing was sent yet. */
const connectTimeoutMs = 4000;

export function createConnections(clock: Clock): Connections {
  const idle: Lane[] = [];

  function discard(lane: Lane): void {
    // Its sockets are closed; an error of a connection nobody uses any more is of no interest.
    lane.dispatcher.destroy().catch(() => {});
  }

  return {
    take(maxIdleMs) {
      for (;;) {
        const lane = idle.pop();
        if (lane === undefined) return { dispatcher: openDispatcher(), lastUsedAtMs: clock.nowMs() };
        if (clock.nowMs() - lane.lastUsedAtMs <= maxIdleMs) return lane;
        discard(lane);
      }
    },
    giveBack(lane) {
      lane.lastUsedAtMs = clock.nowMs();
      if (idle.length >= maxIdleLanes) discard(lane);
      else idle.push(lane);
    },
    discard,
  };
}

/**
 * A dispatcher with one connection, of the class that Node's own fetch uses. Node publishes its default dispatcher
 * under this symbol for libraries; its class is what the `undici` package would add 270 KB for.
 */
function openDispatcher(): Dispatcher {
  // Reading `Request` loads Node's fetch, which publishes the symbol.
  void globalThis.Request;
  const published: unknown = Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1'));
  if (typeof published !== 'object' || published === null) {
    throw new Error('this Node does not publish its fetch dispatcher');
  }
  const SingleConnection = published.constructor as DispatcherClass;
  return new SingleConnection({
    connections: 1,
    pipelining: 1,
    connect: { timeout: connectTimeoutMs },
    keepAliveTimeout: keepAliveMs,
    maxResponseSize: maxAnswerBytes,
  });
}
