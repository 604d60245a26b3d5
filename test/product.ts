import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { startStateTable, type LocalStateTable } from '../infra/local/state-table.ts';
import type { Log } from '../lib/domain/ports.ts';
import type { GatewayAnswer } from '../lib/edge/answer.ts';
import { queueHandler } from '../lib/edge/queue-handler.ts';
import { createLogger } from '../lib/runtime/logger.ts';
import { createRuntime, type Runtime } from '../lib/runtime/runtime.ts';
import { testClock, type TestClock } from './clock.ts';
import { directDynamoDb } from './direct-dynamodb.ts';
import { credentials, demoClient, demoUser, secretDocument, type DemoUser } from './demo.ts';
import { gatewayEvent, lambdaContext, type EventOptions } from './gateway-event.ts';
import { handlerFor, handlersFrom, type Handlers } from './handlers.ts';
import type { ReceivedRequest } from '../infra/local/simulator/received.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../infra/local/simulator/server.ts';
import { memoryOutbox } from './outbox/memory-outbox.ts';
import { phoneRules } from '../lib/legacy/phone-number.ts';

/**
 * The product in this process: real handlers, a simulator of RingCentral on loopback, and real DynamoDB semantics. It
 * also has helpers for the most frequent requests of tests.
 */
export interface Product {
  readonly simulator: Simulator;
  readonly table: LocalStateTable;
  readonly clock: TestClock;
  /** The secret document that the next read returns. Change it to rotate the secret. */
  document: Record<string, unknown>;
  /** The lines that the product has printed. */
  readonly lines: string[];
  /** The functions of the first container, which `send` and `get` call. */
  readonly handlers: Handlers;
  /** Creates another container. Containers share module state and nothing else. */
  container(options?: ContainerOptions): TestContainer;
  /** Sends a request to the function that API Gateway's routes select for the path. */
  send(options: EventOptions, remainingMs?: number): Promise<GatewayAnswer>;
  /** Sends an event unchanged, such as one whose body is not base64. */
  sendEvent(event: Readonly<Record<string, unknown>>, remainingMs?: number): Promise<GatewayAnswer>;
  /** Sends a GET of `/ringout.asp`. Returns the body of the answer. */
  get(query: Readonly<Record<string, string>>): Promise<string>;
  /** Places a call and returns its session id. */
  place(query?: Readonly<Record<string, string>>): Promise<string>;
  /** A client of the table that records the names of its operations (`Get`, `Update`, …). */
  watchedTable(): WatchedTable;
  /** Advances the clock as soon as RingCentral has carried out the next call or fax. */
  passWhilePlacing(ms: number): Promise<void>;
  /** The documents of waiting faxes, by fax id. */
  readonly documents: ReadonlyMap<string, Uint8Array>;
  /** The operations on bucket and queue of the outbox. */
  readonly outboxOperations: string[];
  /** Lets another container send the waiting faxes. By default the first one does. */
  sendFaxesBy(container: TestContainer): void;
  /** The requests to RingCentral except token requests. */
  received(): readonly Sent[];
  /** Clears the received requests and advances the clock by over a minute, so that no limit per minute carries over. */
  nextTest(): void;
  close(): Promise<void>;
}

/** Access to the product's table that records its operations. */
export interface WatchedTable {
  readonly dynamoDb: Pick<DynamoDBClient, 'send'>;
  readonly operations: string[];
}

/** Differences of one container from the default. */
export interface ContainerOptions {
  readonly dynamoDb?: Pick<DynamoDBClient, 'send'>;
  readonly secretsManager?: Pick<SecretsManagerClient, 'send'>;
  readonly env?: Readonly<Record<string, string>>;
  /** Parts of the runtime that replace the real ones. */
  readonly replace?: (runtime: Runtime) => Partial<Runtime>;
}

/** Every HTTP function of one container, and their runtime. */
export interface TestContainer extends Handlers {
  readonly runtime: Runtime;
}

/** The parts of an upstream request that golden tables compare. */
export interface Sent {
  readonly request: string;
  readonly body: unknown;
}

/** Differences of one product from the default, which serves the demo user. */
export interface ProductOptions {
  /** The users of both the secret and the simulator. */
  readonly users?: readonly DemoUser[];
  readonly simulator?: Partial<SimulatorOptions>;
  /** Whether deduplication is off, for tests that repeat a call or fax. */
  readonly repeatsAreOthers?: boolean;
  /** Whether faxes go through the outbox, with bucket and queue in memory; by default they are sent directly. */
  readonly outbox?: boolean;
}

/** Starts the product with an empty table. The caller closes it. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const users = options.users ?? [demoUser];
  const clock = testClock();
  const table = await startStateTable('infra/resources/state-table.yml', 'test-state');
  const simulator = await startSimulator({
    users: [...users],
    ...demoClient,
    clock: { nowMs: () => clock.nowMs() },
    // A test makes more requests a minute than RingCentral allows. Tests of limits set them.
    rateLimits: false,
    ...options.simulator,
  });
  const dynamoDb = directDynamoDb(table);
  const lines: string[] = [];
  const outbox = memoryOutbox();
  const container = (containerOptions: ContainerOptions = {}): TestContainer => {
    const runtime = createRuntime(
      {
        STATE_TABLE: table.tableName,
        SECRET_IDS: 'demo',
        LOG_LEVEL: 'debug',
        ...(options.repeatsAreOthers === true ? { REPEAT_CALL_SECONDS: '0', REPEAT_FAX_SECONDS: '0' } : {}),
        ...(options.outbox === true ? { OUTBOX: 'on', OUTBOX_BUCKET: 'demo', OUTBOX_QUEUE_URL: 'demo' } : {}),
        ...containerOptions.env,
      },
      {
        clock,
        phoneRules,
        openOutbox: outbox.open,
        write: (line) => lines.push(line),
        dynamoDb: containerOptions.dynamoDb ?? dynamoDb,
        secretsManager:
          containerOptions.secretsManager ??
          ({ send: () => Promise.resolve({ SecretString: JSON.stringify(product.document) }) } as never),
      },
    );
    const replaced = { ...runtime, ...containerOptions.replace?.(runtime) };
    return { runtime: replaced, ...handlersFrom({ runtime: () => replaced, log: logOf(product), clock }) };
  };
  const product: Omit<Product, 'handlers'> = {
    simulator,
    table,
    clock,
    document: secretDocument(simulator.url, users),
    lines,
    documents: outbox.objects,
    outboxOperations: outbox.operations,
    sendFaxesBy: ({ runtime }) =>
      outbox.deliverTo(queueHandler('send-fax', { runtime: () => runtime, log: logOf(product), clock })),
    container,
    send: (event, remainingMs) => product.sendEvent(gatewayEvent(event), remainingMs),
    sendEvent: (event, remainingMs) => handlerFor(handlers, event)(event, lambdaContext(remainingMs)),
    get: async (query) => (await product.send({ query })).body,
    async place(query = {}) {
      const body = await product.get({ cmd: 'call', ...credentials, To: '6505550100', From: '6505553711', ...query });
      const sid = /^OK ([1-9]\d{8}) 3$/.exec(body)?.[1];
      if (sid === undefined) throw new Error(`no call was placed: ${body}`);
      return sid;
    },
    watchedTable() {
      const operations: string[] = [];
      const send = ((command: { readonly constructor: { readonly name: string } }, sendOptions: never) => {
        operations.push(command.constructor.name.replace('ItemCommand', ''));
        return dynamoDb.send(command as never, sendOptions);
      }) as DynamoDBClient['send'];
      return { dynamoDb: { send }, operations };
    },
    async passWhilePlacing(ms) {
      while (simulator.calls.length + simulator.faxes.length === 0) await clock.sleep(1);
      clock.advance(ms);
    },
    received: () => simulator.requests.filter(({ kind }) => kind !== 'token').map(summary),
    nextTest() {
      simulator.reset();
      clock.advance(61_000);
    },
    async close() {
      outbox.close();
      await simulator.close();
      await dynamoDb.close();
      await table.close();
    },
  };
  const first = product.container();
  const handlers: Handlers = first;
  product.sendFaxesBy(first);
  return Object.assign(product, { handlers });
}

/** A log that writes to the product's lines, with the product's clock. */
export const logOf = (product: Pick<Product, 'lines' | 'clock'>): Log =>
  createLogger(
    'debug',
    (line) => product.lines.push(line),
    () => product.clock.nowMs(),
  );

const extensionPath = '/restapi/v1.0/account/~/extension/~';

function summary({ method, path, query, body }: ReceivedRequest): Sent {
  const search = new URLSearchParams(query).toString();
  return {
    request: `${method} ${path.replace(extensionPath, '…')}${search === '' ? '' : `?${search}`}`,
    body,
  };
}
