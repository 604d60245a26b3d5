import { Deadline } from '../domain/deadline.ts';
import { LegacyFailure } from '../domain/failure.ts';
import type { CommandName, LogFields } from '../domain/ports.ts';
import type { Container } from '../runtime/container.ts';
import { describeError } from '../runtime/logger.ts';
import {
  failureAnswer,
  readFormat,
  toGateway,
  type Endpoint,
  type GatewayAnswer,
  type LegacyAnswer,
} from './answer.ts';
import { createChain, type Invocation, type Middleware } from './chain.ts';
import { readEvent, type LegacyRequest } from './event.ts';
import type { Command, Exchange } from './exchange.ts';
import { brokenBody, readForm, type Form } from './form.ts';
import { remainingTimeMs } from './remaining-time.ts';
import { originInLog, requestInLog } from './request-in-log.ts';
import { isOfOtherSite } from './web-page.ts';

/** A Lambda handler behind API Gateway. It always returns an answer and never throws. */
export type HttpHandler = (event: unknown, context: unknown) => Promise<GatewayAnswer>;

/** What differs between the HTTP functions. */
export interface HandlerParts {
  readonly endpoint: Endpoint;
  /** The function's name, for the log. */
  readonly name: string;
  readonly container: Container;
  /** Returns the requested command, if any: a fixed one for a single-command function, otherwise the one in `cmd`. */
  readonly choose: (form: Form) => Command | undefined;
}

/** Part of Lambda's time reserved for the answer to a failure, the log and the metrics, in milliseconds. */
const closingReserveMs = 1500;

/** Used when the context has no remaining time, in milliseconds. */
const defaultRemainingMs = 28_000;

/**
 * Creates an HTTP handler: event -> exchange -> command -> answer, with one log line and the metrics of each request.
 */
export function legacyHandler(parts: HandlerParts): HttpHandler {
  const { endpoint, container } = parts;
  const serveInTime = createChain({
    middlewares: [observe(parts), answerFailures(parts)],
    serve: (invocation) => serve(invocation, parts),
    reserveMs: closingReserveMs,
    outOfTime: () => new OutOfTime(),
  });

  return async (event, context) => {
    try {
      return await serveInTime(begin(event, context, parts));
    } catch (error) {
      // A bug in the chain itself; the client still gets a valid answer.
      container.log.error('the middleware chain failed', describeError(error));
      return toGateway(failureAnswer(endpoint, 'text', new LegacyFailure('internal')));
    }
  };
}

function begin(event: unknown, context: unknown, { name, container }: HandlerParts): Invocation {
  return {
    event,
    remainingMs: () => remainingTimeMs(context, defaultRemainingMs),
    startedAtMs: container.clock.elapsedMs(),
    logFields: new Map(),
    asked: undefined,
    command: undefined,
    log: container.log.with({ function: name }),
    runtime: undefined,
    deadline: undefined,
  };
}

async function serve(invocation: Invocation, parts: HandlerParts): Promise<GatewayAnswer> {
  const exchange = openExchange(invocation, parts);
  if (!isServed(exchange.request)) throw new LegacyFailure('method');
  const broken = brokenBody(exchange.form);
  if (broken !== undefined) throw broken;
  if (invocation.command === undefined) throw new LegacyFailure('command');
  refuseOtherSites(invocation.command, exchange);
  return toGateway(await invocation.command.serve(exchange));
}

/** Called before the credentials are checked, so that a page can neither use nor guess them. */
function refuseOtherSites({ otherSites }: Command, exchange: Exchange): void {
  const { request, runtime } = exchange;
  if (otherSites === 'served' || !isOfOtherSite(request.webPage, runtime.allowedOrigins)) return;
  exchange.addToLog({ origin: originInLog(request.webPage) });
  throw new LegacyFailure('cross_site');
}

const isServed = ({ method }: LegacyRequest): boolean => method === 'GET' || method === 'POST';

/** Reads the event, and stores in the invocation what answering a failure needs. */
function openExchange(invocation: Invocation, { endpoint, name, container, choose }: HandlerParts): Exchange {
  const request = readEvent(invocation.event);
  const form = readForm(request);
  const format = endpoint === 'fax' ? 'text' : readFormat(form.fields);
  invocation.asked = { form, format };
  for (const [key, value] of Object.entries(requestInLog(request, form.fields))) invocation.logFields.set(key, value);
  invocation.log = container.log.with({ function: name, requestId: request.requestId });
  // Set before anything else can fail, so that a failure is counted for its command.
  invocation.command = isServed(request) ? choose(form) : undefined;
  const runtime = container.runtime();
  invocation.runtime = runtime;
  invocation.log = runtime.log.with({ function: name, requestId: request.requestId });
  const deadline = new Deadline(runtime.clock, invocation.remainingMs() - closingReserveMs);
  invocation.deadline = deadline;
  return {
    request,
    form,
    format,
    runtime,
    deadline,
    log: invocation.log,
    addToLog(fields) {
      for (const [key, value] of Object.entries(fields)) invocation.logFields.set(key, value);
    },
  };
}

/** Turns an error into the command's `answerOnFailure`, otherwise into the endpoint's failure answer. */
function answerFailures({ endpoint }: HandlerParts): Middleware {
  return {
    onError: (request) => {
      const { event: invocation, error } = request;
      request.response = toGateway(answerFailedRequest(endpoint, invocation, asFailure(error, invocation)));
    },
  };
}

function answerFailedRequest(endpoint: Endpoint, invocation: Invocation, failure: LegacyFailure): LegacyAnswer {
  const { asked, command, runtime } = invocation;
  if (asked === undefined) return failureAnswer(endpoint, 'text', failure);
  try {
    return command?.answerOnFailure?.({ ...asked, failure, runtime }) ?? failureAnswer(endpoint, asked.format, failure);
  } catch (error) {
    // `answerOnFailure` may itself throw, for example for a call that is over by now.
    return failureAnswer(endpoint, asked.format, error instanceof LegacyFailure ? error : failure);
  }
}

/** Counts and logs every request, with any outcome. */
function observe({ container }: HandlerParts): Middleware {
  /** An exception here must not replace the answer: the call may be ringing, or the fax sent. */
  const finishSafely = (invocation: Invocation, failure?: LegacyFailure): void => {
    try {
      finish(invocation, Math.round(container.clock.elapsedMs() - invocation.startedAtMs), failure);
    } catch (fault) {
      container.log.error('a request could not be counted', describeError(fault));
    }
  };
  return {
    after: ({ event: invocation }) => finishSafely(invocation),
    onError: ({ event: invocation, error }) => finishSafely(invocation, asFailure(error, invocation)),
  };
}

function finish(invocation: Invocation, durationMs: number, failure: LegacyFailure | undefined): void {
  const { runtime, logFields, log } = invocation;
  const command = commandNameOf(invocation);
  const fields: LogFields = {
    command,
    outcome: failure === undefined ? 'ok' : 'failed',
    durationMs,
    ...Object.fromEntries(logFields),
    ...(failure === undefined ? {} : { code: failure.code, ...failure.detail }),
    ...(failure?.code === 'internal' ? describeError(failure.cause) : {}),
  };
  // Logged as an error, so that failed requests are in the log at every level.
  if (failure === undefined) log.info('answered', fields);
  else log.error('answered', fields);
  runtime?.metrics.answered(command, durationMs);
  if (failure !== undefined) runtime?.metrics.failed(failure.code);
  runtime?.metrics.flush();
}

const commandNameOf = ({ command }: Invocation): CommandName => command?.name ?? 'unknown';

/** An unknown error is a bug; its cause goes to the log but not to the client. */
function asFailure(error: unknown, invocation: Invocation): LegacyFailure {
  if (error instanceof OutOfTime)
    return new LegacyFailure(invocation.deadline?.end() ?? 'deadline', { hint: error.message });
  return error instanceof LegacyFailure ? error : new LegacyFailure('internal', {}, { cause: error });
}

/** The command timed out. Every step has its own limit, so this is only a fallback. */
class OutOfTime extends Error {
  constructor() {
    super('the time of the function is nearly over');
    this.name = 'OutOfTime';
  }
}
