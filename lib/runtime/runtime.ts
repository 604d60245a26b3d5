import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { PhoneRules } from '../domain/phone.ts';
import type { Clock, Log, Metrics } from '../domain/ports.ts';
import type { RepeatWindows } from '../domain/repeat-windows.ts';
import { createGuessMemory, type GuessMemory } from '../access/guess-memory.ts';
import { createApi, type OpenApi } from '../ringcentral/user-api.ts';
import { createCoverPages, type ResolveCover } from '../ringcentral/cover-pages.ts';
import { createGrants } from '../ringcentral/grants.ts';
import { createSend } from '../ringcentral/sdk.ts';
import { createTransport, type Transport } from '../ringcentral/transport.ts';
import type { TokenSource } from '../ringcentral/token-source.ts';
import { createSessionMemory, type SessionMemory } from '../sessions/session-memory.ts';
import { createMarkStore, type MarkStore } from '../state/mark-store.ts';
import { createSessionStore, type SessionStore } from '../state/session-store.ts';
import { createTable } from '../state/table.ts';
import { createUserStore, type UserStore } from '../state/user-store.ts';
import { createTokenFallback } from '../token/token-fallback.ts';
import { createTokenSource } from '../token/token-source.ts';
import { createDynamoDb, createSecretsManager } from './aws-clients.ts';
import { systemClock } from './clock.ts';
import { readConfig } from './config.ts';
import { createLogger, describeError } from './logger.ts';
import { createMetrics } from './metrics.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { OpenOutbox } from './outbox.ts';
import { createSecretSource, type SecretSource } from './secret-source.ts';

/** Sent to RingCentral as part of the user agent. */
export const version = '0.1.0';

/** Everything a function needs, created once per container. */
export interface Runtime {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly secrets: SecretSource;
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly marks: MarkStore;
  readonly repeatWindows: RepeatWindows;
  /** Origins of other sites' pages that may send call, list and fax. */
  readonly allowedOrigins: ReadonlySet<string>;
  readonly sessionMemory: SessionMemory;
  readonly guessMemory: GuessMemory;
  readonly tokens: TokenSource;
  readonly openApi: OpenApi;
  /** Opens a connection to a RingCentral server for an expected request. Never rejects. */
  readonly prepareConnection: Transport['prepare'];
  readonly resolveCover: ResolveCover;
  /** Undefined in functions that do not handle faxes, and when the outbox is not set up. */
  readonly outbox: Outbox | undefined;
}

/** Output, phone-number rules, and replacements for tests. */
export interface RuntimeOptions {
  /** Called with each line of the log and of the metrics. */
  readonly write: (line: string) => void;
  readonly phoneRules: PhoneRules;
  readonly clock?: Clock;
  readonly dynamoDb?: Pick<DynamoDBClient, 'send'>;
  readonly secretsManager?: Pick<SecretsManagerClient, 'send'>;
  readonly openOutbox?: OpenOutbox | undefined;
}

/** @throws LegacyFailure `configuration` when the environment lacks a setting */
export function createRuntime(env: Readonly<Record<string, string | undefined>>, options: RuntimeOptions): Runtime {
  const config = readConfig(env);
  const clock = options.clock ?? systemClock;
  const { write } = options;
  const log = createLogger(config.logLevel, write, () => clock.nowMs());
  const metrics = createMetrics(config.serviceName, write);

  const table = createTable(options.dynamoDb ?? createDynamoDb(), config.stateTable, clock, (error) => {
    metrics.add('StateFailures');
    log.error('the state table cannot be used', describeError(error));
  });
  const users = createUserStore(table);
  const secrets = createSecretSource({
    client: options.secretsManager ?? createSecretsManager(),
    secretIds: config.secretIds,
    maxAgeMs: config.secretMaxAgeMs,
    phoneRules: options.phoneRules,
    clock,
    log,
    metrics,
  });
  const transport = createTransport(clock);
  const send = createSend(clock, version, transport);
  const grants = createGrants(send, clock, metrics);
  const tokens = createTokenSource({
    store: users,
    grants,
    fallback: createTokenFallback(grants, clock),
    clock,
    metrics,
    reloadUser: async (user) => (await secrets.reload()).byKey(user.key),
  });
  return {
    clock,
    log,
    metrics,
    secrets,
    users,
    sessions: createSessionStore(table),
    marks: createMarkStore(table),
    repeatWindows: config.repeatWindows,
    allowedOrigins: config.allowedOrigins,
    sessionMemory: createSessionMemory(),
    guessMemory: createGuessMemory(),
    tokens,
    prepareConnection: (serverUrl, purpose) => transport.prepare(serverUrl, purpose),
    openApi: createApi({ send, tokens, store: users, clock, metrics }),
    resolveCover: createCoverPages(),
    outbox: config.outbox === undefined ? undefined : options.openOutbox?.(config.outbox, { env, table, clock }),
  };
}
