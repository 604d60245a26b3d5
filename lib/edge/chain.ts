import middy, { type MiddlewareObj } from '@middy/core';
import type { Deadline } from '../domain/deadline.ts';
import type { Log, LogFields } from '../domain/ports.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Format, GatewayAnswer } from './answer.ts';
import type { Command } from './exchange.ts';
import type { Form } from './form.ts';

/** State of one invocation of a function. The middlewares get it instead of Lambda's event. */
export interface Invocation {
  readonly event: unknown;
  /** Returns the rest of Lambda's time, in milliseconds. */
  readonly remainingMs: () => number;
  /** Milliseconds by the monotonic clock. */
  readonly startedAtMs: number;
  /** Fields of the request's log line. */
  readonly logFields: Map<string, LogFields[string]>;
  asked: { readonly form: Form; readonly format: Format } | undefined;
  command: Command | undefined;
  log: Log;
  runtime: Runtime | undefined;
  deadline: Deadline | undefined;
}

/** The part of Lambda's context that middy reads. */
interface TimeLeft {
  getRemainingTimeInMillis(): number;
}

/** A step around the serving of a request. An `onError` answers by setting the response. */
export type Middleware = MiddlewareObj<Invocation, GatewayAnswer, Error, TimeLeft>;

/** Parts of a chain. */
export interface ChainParts {
  /** `after` and `onError` run in reverse order. */
  readonly middlewares: readonly Middleware[];
  readonly serve: (invocation: Invocation) => Promise<GatewayAnswer>;
  /**
   * Part of Lambda's time to reserve, in milliseconds. A request that is not served by then fails with the error from
   * `outOfTime`.
   */
  readonly reserveMs: number;
  readonly outOfTime: () => Error;
}

/** Returns a function that serves an invocation. It throws errors that no middleware has answered. */
export function createChain(parts: ChainParts): (invocation: Invocation) => Promise<GatewayAnswer> {
  const chain = middy<Invocation, GatewayAnswer, Error, TimeLeft>({
    timeoutEarlyInMillis: parts.reserveMs,
    timeoutEarlyResponse: () => {
      throw parts.outOfTime();
    },
  })
    .use([...parts.middlewares])
    .handler(parts.serve);
  return (invocation) => chain(invocation, { getRemainingTimeInMillis: invocation.remainingMs });
}
