import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { Deadline } from '../domain/deadline.ts';
import { LegacyFailure, type FailureCode } from '../domain/failure.ts';
import type { CommandName, Log, LogFields } from '../domain/ports.ts';
import type { Container } from '../runtime/container.ts';
import { describeError } from '../runtime/logger.ts';
import type { Runtime } from '../runtime/runtime.ts';
import {
  failureAnswer,
  readFormat,
  toGateway,
  type Endpoint,
  type Format,
  type GatewayAnswer,
  type LegacyAnswer,
} from './answer.ts';
import { readEvent, type LegacyRequest } from './event.ts';
import type { Command, Exchange } from './exchange.ts';
import { brokenBody, readForm, type Form } from './form.ts';
import { remainingTimeMs } from './remaining-time.ts';
import { requestInLog } from './request-in-log.ts';

/** A Lambda handler behind API Gateway. It always answers and never throws. */
export type HttpHandler = (event: unknown, context: unknown) => Promise<GatewayAnswer>;

/** What makes one HTTP function out of the common chain. */
export interface HandlerParts {
  readonly endpoint: Endpoint;
  /** The function's name, for the log. */
  readonly name: string;
  readonly container: Container;
  /** Which command a request asks for, if any: fixed for a function of its own, read from `cmd` at the front door. */
  readonly choose: (form: Form) => Command | undefined;
}

/** Kept of the Lambda's time for turning a failure into an answer, for the log and the metrics. */
const closingReserveMs = 1500;

/** For a context that does not say how much time is left. */
const defaultRemainingMs = 28_000;

/** What the middlewares share about one invocation, as far as it has got. */
interface Invocation {
  readonly startedAtMs: number;
  readonly noted: Map<string, LogFields[string]>;
  asked: { readonly form: Form; readonly format: Format } | undefined;
  command: Command | undefined;
  log: Log;
  runtime: Runtime | undefined;
}

interface Shared extends Record<string, unknown> {
  invocation: Invocation;
}

type Middleware = MiddlewareObj<unknown, GatewayAnswer, Error, Context, Shared>;

/** The one way in: event -> exchange -> command -> answer, with one log line and the metrics of each request. */
export function legacyHandler(parts: HandlerParts): HttpHandler {
  const chain = middy<unknown, GatewayAnswer, Error, Context, Shared>({
    timeoutEarlyInMillis: closingReserveMs,
    timeoutEarlyResponse: () => {
      throw new OutOfTime();
    },
  })
    .use([observe(parts), answerFailures(parts), openExchange(parts)])
    .handler((opened) => serve(opened as Opened));

  return async (event, context) => {
    // Its own context, so that there always is a time limit.
    const timed = { getRemainingTimeInMillis: () => remainingTimeMs(context, defaultRemainingMs) } as Context;
    try {
      return await chain(event, timed);
    } catch (error) {
      // A fault of the chain itself; the client gets a legal answer all the same.
      parts.container.log.error('the middleware chain failed', describeError(error));
      return toGateway(failureAnswer(parts.endpoint, 'text', new LegacyFailure('internal')));
    }
  };
}

/** What openExchange puts in the event's place: a request, and the command it asks for. */
interface Opened {
  readonly exchange: Exchange;
  readonly command: Command | undefined;
}

const isServed = ({ method }: LegacyRequest): boolean => method === 'GET' || method === 'POST';

async function serve({ exchange, command }: Opened): Promise<GatewayAnswer> {
  if (!isServed(exchange.request)) throw new LegacyFailure('method');
  const broken = brokenBody(exchange.form);
  if (broken !== undefined) throw broken;
  if (command === undefined) throw new LegacyFailure('command');
  return toGateway(await command.serve(exchange));
}

/** Outermost: counts and logs every request, however it ended. */
function observe({ name, container }: HandlerParts): Middleware {
  const finish = (invocation: Invocation, failure: LegacyFailure | undefined): void => {
    const { runtime, noted, startedAtMs, log: ownLog } = invocation;
    const command = nameOf(invocation);
    const durationMs = Math.round(performance.now() - startedAtMs);
    const fields: LogFields = {
      command,
      outcome: failure === undefined ? 'ok' : 'failed',
      durationMs,
      ...Object.fromEntries(noted),
      ...(failure === undefined ? {} : { code: failure.code, ...failure.detail }),
      ...(failure?.code === 'internal' ? describeError(failure.cause) : {}),
    };
    // As an error, so that a request that failed is in the log at every level.
    if (failure === undefined) ownLog.info('answered', fields);
    else ownLog.error('answered', fields);
    runtime?.metrics.answered(command, durationMs);
    if (failure !== undefined) runtime?.metrics.failed(failure.code);
    runtime?.metrics.flush();
  };
  /** A fault in here must not take back the answer: the call may be ringing, the fax be on its way. */
  const finishSafely = (invocation: Invocation, failure?: LegacyFailure): void => {
    try {
      finish(invocation, failure);
    } catch (fault) {
      container.log.error('a request could not be counted', describeError(fault));
    }
  };
  return {
    before: ({ internal }) => {
      internal.invocation = {
        startedAtMs: performance.now(),
        noted: new Map(),
        asked: undefined,
        command: undefined,
        log: container.log.with({ function: name }),
        runtime: undefined,
      };
    },
    after: ({ internal: { invocation } }) => finishSafely(invocation),
    onError: ({ internal: { invocation }, error }) => finishSafely(invocation, asFailure(error, invocation)),
  };
}

/** Turns whatever was thrown into the command's last word, or else into the endpoint's way of saying so. */
function answerFailures({ endpoint }: HandlerParts): Middleware {
  return {
    onError: (request) => {
      const { invocation } = request.internal;
      request.response = toGateway(answerFailure(endpoint, invocation, asFailure(request.error, invocation)));
    },
  };
}

function answerFailure(endpoint: Endpoint, invocation: Invocation, failure: LegacyFailure): LegacyAnswer {
  const { asked, command, runtime } = invocation;
  if (asked === undefined) return failureAnswer(endpoint, 'text', failure);
  try {
    return command?.lastWord?.({ ...asked, failure, runtime }) ?? failureAnswer(endpoint, asked.format, failure);
  } catch (error) {
    // A last word may fail in its turn, for a call that is over by now.
    return failureAnswer(endpoint, asked.format, error instanceof LegacyFailure ? error : failure);
  }
}

/** Reads the event and puts the exchange in its place. */
function openExchange({ endpoint, name, container, choose }: HandlerParts): Middleware {
  return {
    before: (opening) => {
      const { invocation } = opening.internal;
      const request = readEvent(opening.event);
      const form = readForm(request);
      const format = endpoint === 'fax' ? 'text' : readFormat(form.fields);
      invocation.asked = { form, format };
      for (const [key, value] of Object.entries(requestInLog(request, form.fields))) invocation.noted.set(key, value);
      invocation.log = container.log.with({ function: name, requestId: request.requestId });
      // Before anything of ours can fail, so that a failure knows whose it is.
      const command = isServed(request) ? choose(form) : undefined;
      invocation.command = command;
      const runtime = container.runtime();
      invocation.runtime = runtime;
      invocation.log = runtime.log.with({ function: name, requestId: request.requestId });
      const exchange: Exchange = {
        request,
        form,
        format,
        runtime,
        deadline: new Deadline(runtime.clock, remainingTimeMs(opening.context, defaultRemainingMs) - closingReserveMs),
        log: invocation.log,
        note(fields) {
          for (const [key, value] of Object.entries(fields)) invocation.noted.set(key, value);
        },
      };
      opening.event = { exchange, command } satisfies Opened;
    },
  };
}

const nameOf = ({ command }: Invocation): CommandName => command?.name ?? 'unknown';

/** When time runs out in these commands, nobody knows how far RingCentral got. */
const uncertainCode: Partial<Record<CommandName, FailureCode>> = { call: 'call_uncertain', fax: 'fax_uncertain' };

/** Everything that is not a known failure is a bug; its cause goes to the log and not to the client. */
function asFailure(error: unknown, invocation: Invocation): LegacyFailure {
  if (error instanceof OutOfTime)
    return new LegacyFailure(uncertainCode[nameOf(invocation)] ?? 'deadline', { note: error.message });
  return error instanceof LegacyFailure ? error : new LegacyFailure('internal', {}, { cause: error });
}

/** The command did not come back in time; every step has a limit of its own, so this is the last line of defence. */
class OutOfTime extends Error {
  constructor() {
    super('the time of the function is nearly over');
    this.name = 'OutOfTime';
  }
}
