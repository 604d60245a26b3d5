import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asObject, asText } from '../../lib/domain/untrusted.ts';
import { generousLimits } from './simulator/rate-limit.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from './simulator/server.ts';
import type { EnvironmentName } from '../environment.ts';
import { areFresh } from '../fresh-bundles.ts';
import { functions, type FunctionName } from '../functions.ts';
import { consoleRoutes } from './console-routes.ts';
import { demoClient, demoPassword, demoRecordsPerPage, demoSecret, demoUsers } from './demo.ts';
import { examples, type Example } from './examples.ts';
import { createExchangeLog, type RecordedExchange } from './exchanges.ts';
import { startEventSourceMapping } from './event-source-mapping.ts';
import { startGateway } from './gateway.ts';
import { createLambda, type Lambda } from './lambda.ts';
import { ownAddressesIn } from './lan.ts';
import { localAws, localAwsEnvironment } from './local-aws.ts';
import { outboxQueues } from './outbox-definition.ts';
import { readOutbox } from './outbox-rows.ts';
import { startOutboxServices, type OutboxServices } from './outbox-services.ts';
import { proxyEvent } from './proxy-event.ts';
import { secretFiles } from './secret-documents.ts';
import { startSecretsManager } from './secrets-manager.ts';
import { writeServicesFile, type LocalServices } from './services-file.ts';
import { StartFailure } from './start-failure.ts';
import { startStateTable } from './state-table.ts';

export interface LocalStackOptions {
  /** Default 3000; 0 takes a free port. */
  readonly port?: number;
  /** Paths of secret documents, comma-separated. Default: the demonstration's secret, with the simulator. */
  readonly secretFile?: string | undefined;
  /** Address ranges of the local network from which programs may call, such as `192.168.1.0/24`; default none. */
  readonly lan?: readonly string[];
  /** Added to the Lambdas' environment, such as LOG_LEVEL. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Number of `ringout` containers to start in advance, plus one of `send-fax`, once the port is open; default 0. */
  readonly warmContainers?: number;
  /** Raises the simulator's rate limits above RingCentral's. */
  readonly noLimits?: boolean;
  /** Overrides other settings of the simulator. */
  readonly simulator?: Partial<SimulatorOptions>;
  /** Prints nothing. */
  readonly quiet?: boolean;
}

/** The whole product on this computer. */
export interface LocalStack {
  /** `http://localhost:<port>`. */
  readonly baseUrl: string;
  readonly consoleUrl: string;
  /** Base URLs for programs on the network; empty if this computer has no address in `lan`. */
  readonly lanUrls: readonly string[];
  /** Undefined with a secret file: the product then calls the server that the document names. */
  readonly simulator: Simulator | undefined;
  /** The user of the demonstration's examples. Undefined with a secret file, whose passwords must not be printed. */
  readonly demoUser: { readonly username: string; readonly extension: string; readonly password: string } | undefined;
  /** One line to paste per command; with a secret file, with placeholders for password and numbers. */
  readonly examples: readonly Example[];
  readonly exchanges: readonly RecordedExchange[];
  /** Ends a function's busy containers like a crash. Resolves with their number. */
  kill(name: FunctionName): Promise<number>;
  /** Counts the faxes that are not sent yet. They exist only in memory, so stopping the stack loses them. */
  faxesWaiting(): Promise<number>;
  stop(): Promise<void>;
}

const stateTableName = 'ringout-bridge-local-state';
const outboxBucketName = 'ringout-bridge-local-outbox';
const secretMaxAgeSeconds = 5;
const refreshEveryMinutes = functions['refresh-token'].schedule.everyMinutes;
const projectDir = join(import.meta.dirname, '..', '..');

/**
 * Starts state table, secrets, outbox, simulator and functions. Opens the gateway's port after a function has answered a
 * first legacy request. Rejects with a {@link StartFailure} for a reason that the user can correct. After any failure,
 * nothing keeps running.
 */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const closers: (() => Promise<void>)[] = [];
  // In reverse order, because later services use earlier ones.
  const stop = async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  try {
    return await start(options, closers, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: LocalStackOptions,
  closers: (() => Promise<void>)[],
  stop: () => Promise<void>,
): Promise<LocalStack> {
  const secretFile = options.secretFile === undefined ? undefined : await secretFiles(options.secretFile, Date.now());
  if (secretFile?.remarks !== undefined && options.quiet !== true) console.error(secretFile.remarks);
  if (!areFresh(projectDir)) {
    // Imported only here, because loading esbuild takes time that most starts save.
    const { bundle } = await import('../bundle.ts');
    await bundle(projectDir);
  }

  const simulator = secretFile === undefined ? await startDemoSimulator(options) : undefined;
  if (simulator !== undefined) closers.push(() => simulator.close());
  const sources = secretFile?.sources ?? [{ id: 'local/demo', read: async () => demoSecret(simulator?.url ?? '') }];
  const secrets = await startSecretsManager(sources);
  closers.push(() => secrets.close());
  const table = await startStateTable(resourceFile('state-table.yml'), stateTableName);
  closers.push(() => table.close());
  const outbox = await startOutbox();
  closers.push(() => outbox.close());
  const services: LocalServices = {
    dynamoDbUrl: table.url,
    stateTable: table.tableName,
    secretsManagerUrl: secrets.url,
    secretIds: sources.map(({ id }) => id),
    s3Url: outbox.url,
    sqsUrl: outbox.url,
    outboxBucket: outbox.bucket,
    outboxQueueUrl: outbox.queueUrl,
    outboxDeadLettersUrl: outbox.deadLettersUrl,
    accessKeyId: localAws.credentials.accessKeyId,
  };

  const log = createExchangeLog();
  let isReady = false;
  let lastLine = '';
  const lambda = createLambda({
    distDir: join(projectDir, 'dist'),
    environment: { ...functionEnvironment(services), ...options.environment },
    onLine(line, stream) {
      lastLine = line;
      if (isLogLine(line)) log.readLine(line);
      if (options.quiet === true || !isReady) return;
      if (stream === 'stderr') console.error(line);
      else if (isLogLine(line)) console.log(line);
    },
  });
  closers.push(() => lambda.stop());

  const exampleUser = secretFile?.firstUser ?? demoUsers[0];
  const password = secretFile === undefined ? demoPassword : undefined;
  const answer = await firstAnswer(
    lambda,
    secretFile === undefined
      ? { cmd: 'list', Username: exampleUser.username, Ext: exampleUser.extension, Password: demoPassword }
      : // For a real account: `status` of an unknown session id sends no request to RingCentral.
        { cmd: 'status', SessionID: String(randomInt(100_000_000, 1_000_000_000)) },
  );
  if (!answer.startsWith('OK ')) {
    throw new StartFailure(`The first request was answered with "${answer}". ${lastLine}`.trim());
  }
  await outbox.ready;
  isReady = true;
  simulator?.reset();
  const mapping = startEventSourceMapping({
    ...outbox,
    atOnce: functions['send-fax'].queue.atOnce,
    invoke: (event) => lambda.invoke('send-fax', JSON.stringify(event)),
    onFailure(why) {
      if (options.quiet !== true) console.error(`send-fax: ${why}`);
    },
  });
  closers.push(() => mapping.stop());
  closers.push(repeat(() => void lambda.invoke('refresh-token', '{}').catch(() => {}), refreshEveryMinutes));

  const gateway = await startGateway({
    port: options.port ?? 3000,
    lan: options.lan ?? [],
    invoke: (name, event) => lambda.invoke(name, event),
    log,
    onOwnAnswer(why) {
      if (options.quiet !== true) console.error(`gateway: ${why}`);
    },
    console: consoleRoutes({
      settings: { username: exampleUser.username, extension: exampleUser.extension, password },
      simulatorUrl: simulator?.url,
      log,
      outbox: () => readOutbox(table),
    }),
  });
  closers.push(() => gateway.close());
  closers.push(await writeServicesFile(Number(new URL(gateway.baseUrl).port || 80), services));
  void warmUp(lambda, options.warmContainers ?? 0);
  const { baseUrl } = gateway;
  return {
    baseUrl,
    consoleUrl: `${baseUrl}/console`,
    lanUrls: ownAddressesIn(options.lan ?? []).map((address) => {
      return `http://${address.includes(':') ? `[${address}]` : address}:${new URL(baseUrl).port || 80}`;
    }),
    simulator,
    demoUser:
      password === undefined
        ? undefined
        : { username: exampleUser.username, extension: exampleUser.extension, password },
    examples: examples(
      {
        baseUrl,
        username: exampleUser.username,
        extension: exampleUser.extension,
        password: password ?? 'YOUR-PASSWORD',
        to: secretFile === undefined ? '6505550100' : 'TO-NUMBER',
        from: secretFile === undefined ? '6505551550' : 'FROM-NUMBER',
      },
      process.platform === 'win32' ? 'powershell' : 'sh',
    ),
    get exchanges() {
      return log.exchanges;
    },
    kill: (name) => lambda.kill(name),
    async faxesWaiting() {
      const { counts } = await readOutbox(table);
      return (counts['waiting'] ?? 0) + (counts['sending'] ?? 0) + (counts['unclear'] ?? 0);
    },
    stop,
  };
}

/** Starts `send-fax` first, because a program that faxes waits for its answer too. */
async function warmUp(lambda: Lambda, ringOutContainers: number): Promise<void> {
  if (ringOutContainers > 0) await lambda.warm('send-fax', 1);
  await lambda.warm('ringout', ringOutContainers);
}

/** Returns the variables of a deployed function, of Lambda itself, and of the AWS stand-ins. */
function functionEnvironment(services: LocalServices): Readonly<Record<string, string>> {
  const deployed: Record<EnvironmentName, string> = {
    STATE_TABLE: services.stateTable,
    SECRET_IDS: services.secretIds.join(','),
    SECRET_MAX_AGE_SECONDS: String(secretMaxAgeSeconds),
    REPEAT_CALL_SECONDS: '10',
    REPEAT_FAX_SECONDS: '60',
    REPEAT_UNCERTAIN_SECONDS: '60',
    OUTBOX: 'on',
    OUTBOX_BUCKET: services.outboxBucket,
    OUTBOX_QUEUE_URL: services.outboxQueueUrl,
    OUTBOX_HOURS: '24',
    OUTBOX_SETTLE_SECONDS: '120',
    ALLOWED_ORIGINS: '',
    LOG_LEVEL: 'info',
    POWERTOOLS_SERVICE_NAME: 'ringout-bridge-local',
  };
  return { ...deployed, ...localAwsEnvironment(services), TZ: ':UTC' };
}

function resourceFile(name: string): string {
  return join(projectDir, 'infra', 'resources', name);
}

async function startOutbox(): Promise<OutboxServices> {
  const file = resourceFile('outbox.yml');
  return startOutboxServices(outboxQueues(await readFile(file, 'utf8'), file), outboxBucketName);
}

/** The product logs one JSON object per line. Lines of metrics are JSON too, but have no level. */
function isLogLine(line: string): boolean {
  return line.startsWith('{') && /"level":"/.test(line);
}

/** Invokes `ringout` before the port is open. Resolves with the beginning of its answer; empty if it failed. */
async function firstAnswer(lambda: Lambda, query: Readonly<Record<string, string>>): Promise<string> {
  const request = {
    method: 'GET',
    path: '/ringout.asp',
    query: Object.entries(query),
    headers: [],
    body: undefined,
    sourceIp: '127.0.0.1',
    requestId: 'first-request',
    arrivedAtMs: Date.now(),
  };
  const event = proxyEvent(request, { resource: request.path, pathParameters: null });
  const answer = await lambda.invoke('ringout', JSON.stringify(event)).catch(() => undefined);
  return (asText(asObject(answer)?.['body']) ?? '').slice(0, 200);
}

/** Emulates a schedule. Returns a function that ends it. */
function repeat(act: () => void, everyMinutes: number): () => Promise<void> {
  const timer = setInterval(act, everyMinutes * 60_000);
  timer.unref();
  return async () => clearInterval(timer);
}

function startDemoSimulator({ noLimits = false, simulator }: LocalStackOptions): Promise<Simulator> {
  return startSimulator({
    users: demoUsers,
    ...demoClient,
    maximumPerPage: demoRecordsPerPage,
    ...(noLimits && { rateLimits: generousLimits }),
    ...simulator,
  });
}
