import middy, { type MiddlewareObj } from '@middy/core';
import type { Deadline } from '../domain/deadline.ts';
import type { Log, LogFields } from '../domain/ports.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Format, GatewayAnswer } from './answer.ts';
import type { Command } from './exchange.ts';
import type { Form } from './form.ts';

/** One invocation of a function, as far as it has got. It takes the place of Lambda's event in the chain. */
export interface Invocation {
  readonly event: unknown;
  /** The milliseconds that are left of Lambda's time. */
  readonly remainingMs: () => number;
  /** By the monotonic clock. */
  readonly startedAtMs: number;
  /** What the one log line of the request will say. */
  readonly logFields: Map<string, LogFields[string]>;
  asked: { readonly form: Form; readonly format: Format } | undefined;
  command: Command | undefined;
  log: Log;
  runtime: Runtime | undefined;
  deadline: Deadline | undefined;
}

/** All that middy reads of Lambda's context. */
interface TimeLeft {
  getRemainingTimeInMillis(): number;
}

/** What is done around the serving of a request; an `onError` answers by setting the response. */
export type Middleware = MiddlewareObj<Invocation, GatewayAnswer, Error, TimeLeft>;

/** What a chain is made of. */
export interface ChainParts {
  /** `after` and `onError` run from the last to the first. */
  readonly middlewares: readonly Middleware[];
  readonly serve: (invocation: Invocation) => Promise<GatewayAnswer>;
  /** So much of Lambda's time is kept: what has not been served by then fails with what `outOfTime` returns. */
  readonly reserveMs: number;
  readonly outOfTime: () => Error;
}

/** Serves an invocation. Throws what no middleware has answered. */
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
