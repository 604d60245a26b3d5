import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { startStateTable, type LocalStateTable } from '../infra/local/state-table.ts';
import { fax } from '../lib/commands/fax.ts';
import { chooseByCmd } from '../lib/commands/front-door.ts';
import type { GatewayAnswer } from '../lib/edge/answer.ts';
import { legacyHandler, type HttpHandler } from '../lib/edge/legacy-handler.ts';
import { createLogger } from '../lib/runtime/logger.ts';
import { createRuntime, type Runtime } from '../lib/runtime/runtime.ts';
import { testClock, type TestClock } from './clock.ts';
import { demoClient, demoUser, secretDocument, type DemoUser } from './demo.ts';
import { gatewayEvent, lambdaContext } from './gateway-event.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from './simulator/server.ts';

/** The product in this process: real handlers, a simulator of RingCentral on loopback, real DynamoDB semantics. */
export interface Product {
  readonly simulator: Simulator;
  readonly table: LocalStateTable;
  readonly clock: TestClock;
  /** The secret document as it will be read next; change it to rotate. */
  document: Record<string, unknown>;
  /** Everything the product has printed. */
  readonly lines: string[];
  /** A container of its own: module state is shared, everything else is not. */
  container(options?: ContainerOptions): TestContainer;
  close(): Promise<void>;
}

export interface ContainerOptions {
  readonly dynamoDb?: Pick<DynamoDBClient, 'send'>;
  readonly secretsManager?: Pick<SecretsManagerClient, 'send'>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface TestContainer {
  readonly runtime: Runtime;
  readonly ringout: HttpHandler;
  readonly fax: HttpHandler;
}

/** @param users the users of the secret and of the simulator alike */
export async function startProduct(
  options: { readonly users?: readonly DemoUser[]; readonly simulator?: Partial<SimulatorOptions> } = {},
): Promise<Product> {
  const users = options.users ?? [demoUser];
  const clock = testClock();
  const table = await startStateTable('infra/resources/state-table.yml', 'test-state');
  const simulator = await startSimulator({
    users: [...users],
    ...demoClient,
    clock: { nowMs: () => clock.nowMs() },
    ...options.simulator,
  });
  const dynamoDb = new DynamoDBClient({
    endpoint: table.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const lines: string[] = [];
  const product: Product = {
    simulator,
    table,
    clock,
    document: secretDocument(simulator.url, users),
    lines,
    container(containerOptions = {}) {
      const runtime = createRuntime(
        { STATE_TABLE: table.tableName, SECRET_IDS: 'demo', LOG_LEVEL: 'debug', ...containerOptions.env },
        {
          clock,
          write: (line) => lines.push(line),
          dynamoDb: containerOptions.dynamoDb ?? dynamoDb,
          secretsManager:
            containerOptions.secretsManager ??
            ({ send: () => Promise.resolve({ SecretString: JSON.stringify(product.document) }) } as never),
        },
      );
      const container = {
        runtime: () => runtime,
        log: createLogger(
          'debug',
          (line) => lines.push(line),
          () => clock.nowMs(),
        ),
      };
      return {
        runtime,
        ringout: legacyHandler({ endpoint: 'ringout', name: 'ringout', container, choose: chooseByCmd }),
        fax: legacyHandler({
          endpoint: 'fax',
          name: 'fax',
          container,
          choose: () => fax,
        }),
      };
    },
    async close() {
      dynamoDb.destroy();
      await simulator.close();
      await table.close();
    },
  };
  return product;
}

/** A GET of `/ringout.asp` with these parameters; the body of the answer. */
export async function ringout(handler: HttpHandler, query: Readonly<Record<string, string>>): Promise<string> {
  return (await handler(gatewayEvent({ query }), lambdaContext())).body;
}

/** A multipart POST of `/faxapi.asp` as a browser's form data; the whole answer. */
export async function postFax(
  handler: HttpHandler,
  fields: readonly (readonly [string, string | File])[],
): Promise<GatewayAnswer> {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  const encoded = new Response(form);
  const event = gatewayEvent({
    method: 'POST',
    path: '/faxapi.asp',
    headers: { 'Content-Type': encoded.headers.get('content-type') ?? '' },
    body: new Uint8Array(await encoded.arrayBuffer()),
  });
  return handler(event, lambdaContext());
}
