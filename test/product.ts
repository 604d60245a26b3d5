import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { startStateTable, type LocalStateTable } from '../infra/local/state-table.ts';
import { fax } from '../lib/commands/fax.ts';
import { chooseByCmd } from '../lib/commands/front-door.ts';
import type { Clock } from '../lib/domain/ports.ts';
import type { GatewayAnswer } from '../lib/edge/answer.ts';
import { legacyHandler, type HttpHandler } from '../lib/edge/legacy-handler.ts';
import { createLogger } from '../lib/runtime/logger.ts';
import { createRuntime, type Runtime } from '../lib/runtime/runtime.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from './simulator/server.ts';
import type { SimulatedUser } from './simulator/user.ts';

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

/** Wall-clock time that a test can move on; a wait takes 20 ms at the most and leaves the clock alone. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function testClock(startMs = Date.UTC(2026, 10, 23, 12)): TestClock {
  let offsetMs = 0;
  const startedAt = performance.now();
  return {
    // Runs on with real time, so that time-outs towards real sockets mean the same on both sides.
    nowMs: () => Math.round(startMs + offsetMs + performance.now() - startedAt),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 20))),
    random: () => 0.5,
    advance(ms) {
      offsetMs += ms;
    },
  };
}

/** A demo user as the simulator and the secret document know them. */
export interface DemoUser extends SimulatedUser {
  readonly legacyPassword: string | null;
  readonly homeCountryCode?: string;
  readonly callBackNumber?: string;
}

export const demoUser: DemoUser = {
  username: '18889363711',
  extension: '101',
  jwt: 'demo-jwt-101',
  legacyPassword: '1234',
  forwardingNumbers: [
    { id: '1', phoneNumber: '+16505553711', label: 'Home', type: 'Home', features: ['CallForwarding'] },
    { id: '2', phoneNumber: '+16505551550', label: 'Business', type: 'Work', features: ['CallForwarding', 'CallFlip'] },
    { id: '3', phoneNumber: '+16505551999', label: 'Flip only', type: 'Other', features: ['CallFlip'] },
    { id: '4', phoneNumber: '+16505551233', label: 'Mobile', type: 'Mobile', features: ['CallForwarding'] },
  ],
};

export const demoClient = { clientId: 'demo-client', clientSecret: 'demo-client-secret' };

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

export function secretDocument(serverUrl: string, users: readonly DemoUser[]): Record<string, unknown> {
  return {
    serverUrl,
    ...demoClient,
    users: users.map(({ username, extension, jwt, legacyPassword, homeCountryCode, callBackNumber }) => ({
      username,
      extension,
      jwt,
      legacyPassword,
      ...(homeCountryCode === undefined ? {} : { homeCountry: homeCountryCode }),
      ...(callBackNumber === undefined ? {} : { callBackNumber }),
    })),
  };
}

/** The demo user's credentials as a program sends them. */
export const credentials = { Username: demoUser.username, Ext: demoUser.extension, Password: '1234' };

export interface EventOptions {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Goes in as base64, the way API Gateway does with all media types declared binary. */
  readonly body?: Uint8Array | string;
  readonly sourceIp?: string;
}

/** An API Gateway REST proxy event. */
export function gatewayEvent(options: EventOptions): Record<string, unknown> {
  const { method = 'GET', path = '/ringout.asp', query = {}, headers = {}, body, sourceIp = '198.51.100.7' } = options;
  const pairs = Object.entries(query).map(([name, value]) => [name, typeof value === 'string' ? [value] : [...value]]);
  const multi = Object.fromEntries(pairs) as Record<string, string[]>;
  return {
    resource: path,
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters:
      pairs.length === 0 ? null : Object.fromEntries(Object.entries(multi).map(([n, v]) => [n, v.at(-1)])),
    multiValueQueryStringParameters: pairs.length === 0 ? null : multi,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      accountId: '000000000000',
      apiId: 'demoapi',
      httpMethod: method,
      path: `/test${path}`,
      stage: 'test',
      requestId: 'demo-request',
      identity: { sourceIp, userAgent: null },
    },
    body: body === undefined ? null : Buffer.from(body).toString('base64'),
    isBase64Encoded: body !== undefined,
  };
}

/** A Lambda context with this much time left. */
export function lambdaContext(remainingMs = 28_000): { getRemainingTimeInMillis(): number } {
  const endsAt = performance.now() + remainingMs;
  return { getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()) };
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
