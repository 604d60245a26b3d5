import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startSimulator, type Simulator } from '../../test/simulator/server.ts';
import { bundle } from '../bundle.ts';
import { areFresh } from '../fresh-bundles.ts';
import { consoleRoutes } from './console-routes.ts';
import { demoClient, demoPassword, demoRecordsPerPage, demoSecret, demoUsers } from './demo.ts';
import { startEmulator } from './emulator.ts';
import { examples, type Example } from './examples.ts';
import type { Exchange } from './exchanges.ts';
import { startGateway } from './gateway.ts';
import { localAws, localAwsEnvironment } from './local-aws.ts';
import { secretFiles } from './secret-documents.ts';
import { startSecretsManager } from './secrets-manager.ts';
import { StartFailure } from './start-failure.ts';
import { startStateTable } from './state-table.ts';

export interface LocalStackOptions {
  /** Default 3000; 0 takes a free one. */
  readonly port?: number;
  /** Paths of secret documents, comma-separated; without it the demonstration's secret and the simulator are used. */
  readonly secretFile?: string | undefined;
  /** Added to the Lambdas' environment, such as LOG_LEVEL. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Keeps the Lambdas' log lines to itself. */
  readonly quiet?: boolean;
  /** Default: this project. */
  readonly projectDir?: string;
  /** Stops a start that is still going on. */
  readonly signal?: AbortSignal;
}

/** The whole product on this computer. */
export interface LocalStack {
  /** `http://localhost:<port>`. */
  readonly baseUrl: string;
  readonly consoleUrl: string;
  /** Undefined with a secret file: the product then talks to that document's server. */
  readonly simulator: Simulator | undefined;
  /** Who the demonstration's examples are; undefined with a secret file, whose passwords are nobody's business. */
  readonly demoUser: { readonly username: string; readonly extension: string; readonly password: string } | undefined;
  /** A line to paste for each command; with a secret file they hold placeholders. */
  readonly examples: readonly Example[];
  readonly exchanges: readonly Exchange[];
  /** Resolves when the emulator has ended, be it by {@link LocalStack.stop} or by itself. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const stateTableName = 'ringout-bridge-local-state';
const secretMaxAgeSeconds = 5;
const readyAttempts = 40;
const readyPauseMs = 250;

/**
 * Starts state table, secrets, simulator, emulator and gateway, and resolves when a legacy request has been answered
 * through all of them. Rejects with a {@link StartFailure} for what the user can put right; nothing is left running.
 */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const closers: (() => Promise<void>)[] = [];
  const stop = async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
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
  const projectDir = options.projectDir ?? join(import.meta.dirname, '..', '..');
  const signal = options.signal ?? new AbortController().signal;
  const own = options.secretFile === undefined ? undefined : await secretFiles(options.secretFile);

  // The port first: that it is taken should be known before anything slow begins.
  let emulatorUrl: string | undefined;
  let consoleAnswer: ReturnType<typeof consoleRoutes> | undefined;
  const gateway = await startGateway({
    port: options.port ?? 3000,
    emulatorUrl: () => emulatorUrl,
    console: (request, response) => consoleAnswer?.(request, response) ?? Promise.resolve(false),
  });
  closers.push(() => gateway.close());

  const simulator = own === undefined ? await startDemoSimulator() : undefined;
  if (simulator !== undefined) closers.push(() => simulator.close());
  const sources = own?.sources ?? [{ id: 'local/demo', read: async () => demoSecret(simulator?.url ?? '') }];
  const secrets = await startSecretsManager(sources);
  closers.push(() => secrets.close());
  const table = await startStateTable(join(projectDir, 'infra', 'resources', 'state-table.yml'), stateTableName);
  closers.push(() => table.close());

  const who = own?.firstUser ?? demoUsers[0];
  const password = own === undefined ? demoPassword : undefined;
  consoleAnswer = consoleRoutes({
    settings: { username: who.username, extension: who.extension, password },
    services: {
      dynamoDbUrl: table.url,
      stateTable: table.tableName,
      secretsManagerUrl: secrets.url,
      secretIds: sources.map(({ id }) => id),
    },
    simulatorUrl: simulator?.url,
    log: gateway.log,
  });

  if (!areFresh(projectDir)) await bundle(projectDir);
  let ready = false;
  let lastLine = '';
  const emulator = await startEmulator({
    projectDir,
    signal,
    environment: {
      ...localAwsEnvironment({ dynamoDbUrl: table.url, secretsManagerUrl: secrets.url }),
      AWS_DEFAULT_REGION: localAws.region,
      STATE_TABLE: table.tableName,
      SECRET_IDS: sources.map(({ id }) => id).join(','),
      SECRET_MAX_AGE_SECONDS: String(secretMaxAgeSeconds),
      LOG_LEVEL: 'info',
      ...options.environment,
    },
    onLine(line, stream) {
      lastLine = line;
      if (options.quiet === true || !ready) return;
      if (stream === 'stdout') console.log(line);
      else console.error(`emulator: ${line}`);
    },
  });
  closers.push(() => emulator.stop());
  emulatorUrl = emulator.url;

  // With somebody's own account the question is one that RingCentral is not asked for.
  const question =
    own === undefined
      ? `cmd=list&Username=${who.username}&Ext=${who.extension}&Password=${demoPassword}`
      : `cmd=status&SessionID=${randomInt(100_000_000, 1_000_000_000)}`;
  const answer = await firstAnswer(`${gateway.baseUrl}/ringout.asp?${question}`, signal);
  if (!answer.startsWith('OK ')) {
    throw new StartFailure(`The first request was answered with "${answer}". ${lastLine}`.trim());
  }
  ready = true;
  simulator?.reset();
  gateway.log.clear();

  const { baseUrl } = gateway;
  return {
    baseUrl,
    consoleUrl: `${baseUrl}/console`,
    simulator,
    demoUser: password === undefined ? undefined : { username: who.username, extension: who.extension, password },
    examples: examples({
      baseUrl,
      username: who.username,
      extension: who.extension,
      password: password ?? 'YOUR-PASSWORD',
      to: own === undefined ? '6505550100' : 'TO-NUMBER',
      from: own === undefined ? '6505551550' : 'FROM-NUMBER',
    }),
    get exchanges() {
      return gateway.log.exchanges;
    },
    ended: emulator.ended,
    stop,
  };
}

function startDemoSimulator(): Promise<Simulator> {
  return startSimulator({ users: demoUsers, ...demoClient, maximumPerPage: demoRecordsPerPage });
}

/** The first answer that is the product's own, or the gateway's `5` if there is none for ten seconds. */
async function firstAnswer(url: string, signal: AbortSignal): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    if (signal.aborted) throw new StartFailure('Stopped while starting.');
    const response = await fetch(url);
    const answer = (await response.text()).slice(0, 200);
    if (answer !== '5' || attempt === readyAttempts) return answer;
    await delay(readyPauseMs);
  }
}
