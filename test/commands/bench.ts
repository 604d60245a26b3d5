import { call } from '../../lib/commands/call.ts';
import { cancel } from '../../lib/commands/cancel.ts';
import { fax } from '../../lib/commands/fax.ts';
import { chooseByCmd } from '../../lib/commands/front-door.ts';
import { list } from '../../lib/commands/list.ts';
import { status } from '../../lib/commands/status.ts';
import type { GatewayAnswer } from '../../lib/edge/answer.ts';
import { anySpelling } from '../../lib/edge/any-spelling.ts';
import type { Command } from '../../lib/edge/exchange.ts';
import { legacyHandler, type HttpHandler } from '../../lib/edge/legacy-handler.ts';
import type { Log } from '../../lib/domain/ports.ts';
import type { Container } from '../../lib/runtime/container.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import type { Runtime } from '../../lib/runtime/runtime.ts';
import { credentials, type DemoUser } from '../demo.ts';
import { faxPath, gatewayEvent, lambdaContext, ringoutPath, type EventOptions } from '../gateway-event.ts';
import { startProduct, type ContainerOptions, type Product } from '../product.ts';
import type { ReceivedRequest } from '../simulator/received.ts';
import type { SimulatorOptions, Simulator } from '../simulator/server.ts';

/** Every HTTP function of one container. */
export interface Handlers {
  readonly ringout: HttpHandler;
  readonly fax: HttpHandler;
  readonly list: HttpHandler;
  readonly call: HttpHandler;
  readonly status: HttpHandler;
  readonly cancel: HttpHandler;
  readonly catchAll: HttpHandler;
}

/** The product with all its HTTP functions in one container, and what tests ask it most. */
export interface Bench {
  readonly product: Product;
  readonly simulator: Simulator;
  readonly handlers: Handlers;
  /** Sends to the function that API Gateway's routes would choose for the path. */
  send(options: EventOptions, remainingMs?: number): Promise<GatewayAnswer>;
  /** The same with an event as it is, such as one whose body is not base64. */
  sendEvent(event: Readonly<Record<string, unknown>>, remainingMs?: number): Promise<GatewayAnswer>;
  /** Body of the answer to a GET of `/ringout.asp`. */
  get(query: Readonly<Record<string, string>>): Promise<string>;
  /** Places a call and returns its session id. */
  place(query?: Readonly<Record<string, string>>): Promise<string>;
  /** What RingCentral was asked, token requests left out. */
  received(): readonly Sent[];
  /** Forgets what was received and lets more than a minute pass, so that no limit per minute carries over. */
  nextTest(): void;
  close(): Promise<void>;
}

/** One upstream request, as far as golden tables compare it. */
export interface Sent {
  readonly request: string;
  readonly body: unknown;
}

export interface BenchOptions {
  readonly users?: readonly DemoUser[];
  readonly simulator?: Partial<SimulatorOptions>;
  readonly container?: ContainerOptions;
}

export async function openBench(options: BenchOptions = {}): Promise<Bench> {
  const { users, simulator: simulatorOptions } = options;
  const product = await startProduct({
    ...(users === undefined ? {} : { users }),
    ...(simulatorOptions === undefined ? {} : { simulator: simulatorOptions }),
  });
  const { simulator } = product;
  const handlers = handlersOf(product, options.container);
  const bench: Bench = {
    product,
    simulator,
    handlers,
    send: (event, remainingMs) => bench.sendEvent(gatewayEvent(event), remainingMs),
    sendEvent: (event, remainingMs) => routeOf(handlers, event['path'])(event, lambdaContext(remainingMs)),
    get: async (query) => (await bench.send({ query })).body,
    async place(query = {}) {
      const body = await bench.get({ cmd: 'call', ...credentials, To: '6505550100', From: '6505553711', ...query });
      const sid = /^OK ([1-9]\d{8}) 3$/.exec(body)?.[1];
      if (sid === undefined) throw new Error(`no call was placed: ${body}`);
      return sid;
    },
    received: () => simulator.requests.filter(({ kind }) => kind !== 'token').map(summary),
    nextTest() {
      simulator.reset();
      product.clock.advance(61_000);
    },
    close: () => product.close(),
  };
  return bench;
}

/** The functions of one more container of the product, with parts of its runtime replaced if asked to. */
export function handlersOf(
  product: Product,
  options?: ContainerOptions,
  replace: (runtime: Runtime) => Partial<Runtime> = () => ({}),
): Handlers {
  const { runtime } = product.container(options);
  const replaced = { ...runtime, ...replace(runtime) };
  return handlersFrom({ runtime: () => replaced, log: logOf(product) });
}

/** A log into what the product prints. */
export const logOf = (product: Product): Log =>
  createLogger(
    'debug',
    (line) => product.lines.push(line),
    () => product.clock.nowMs(),
  );

export function handlersFrom(container: Container): Handlers {
  const front = (endpoint: 'ringout' | 'fax', name: string): HttpHandler =>
    legacyHandler({
      endpoint,
      name,
      container,
      choose: endpoint === 'ringout' ? chooseByCmd : () => fax,
    });
  const single = (command: Command): HttpHandler =>
    legacyHandler({ endpoint: 'ringout', name: command.name, container, choose: () => command });
  return {
    ringout: front('ringout', 'ringout'),
    fax: front('fax', 'fax'),
    list: single(list),
    call: single(call),
    status: single(status),
    cancel: single(cancel),
    catchAll: anySpelling({ ringout: front('ringout', 'catch-all'), fax: front('fax', 'catch-all') }),
  };
}

function routeOf(handlers: Handlers, path: unknown): HttpHandler {
  switch (path) {
    case ringoutPath:
      return handlers.ringout;
    case faxPath:
    case '/faxout.asp':
      return handlers.fax;
    case '/ringout/list':
      return handlers.list;
    case '/ringout/call':
      return handlers.call;
    case '/ringout/status':
      return handlers.status;
    case '/ringout/cancel':
      return handlers.cancel;
    default:
      return handlers.catchAll;
  }
}

const extensionPath = '/restapi/v1.0/account/~/extension/~';

function summary({ method, path, query, body }: ReceivedRequest): Sent {
  const search = new URLSearchParams(query).toString();
  return {
    request: `${method} ${path.replace(extensionPath, '…')}${search === '' ? '' : `?${search}`}`,
    body,
  };
}
