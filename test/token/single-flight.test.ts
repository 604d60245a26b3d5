import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { localAwsEnvironment } from '../../infra/local/local-aws.ts';
import { startSecretsManager, type LocalSecretsManager } from '../../infra/local/secrets-manager.ts';
import { clientOf } from '../../infra/local/dynamodb-client.ts';
import { startStateTable, type LocalStateTable } from '../../infra/local/state-table.ts';
import { jwtFingerprint, userKey } from '../../lib/domain/user.ts';
import { bundle } from '../../infra/bundle.ts';
import { createTable } from '../../lib/state/table.ts';
import { createUserStore } from '../../lib/state/user-store.ts';
import { credentials, demoClient, demoUser, secretDocument, demoList } from '../demo.ts';
import { gatewayEvent } from '../gateway-event.ts';
import { startSimulator, type Simulator } from '../../infra/local/simulator/server.ts';
import { demoToken } from '../state/demo-rows.ts';
import { testClock } from '../clock.ts';

/** Fifty containers in ten threads, because fifty threads are too many for a small machine. */
const threads = 10;
const containersPerThread = 5;

let folder: string;
let simulator: Simulator;
let table: LocalStateTable;
let secretsManager: LocalSecretsManager;
let workers: readonly Worker[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'single-flight-'));
  mkdirSync(join(folder, 'functions'));
  symlinkSync(join(import.meta.dirname, '../../functions/list.ts'), join(folder, 'functions/list.ts'));
  await bundle(folder);
  simulator = await startSimulator({ users: [demoUser], ...demoClient, rateLimits: false });
  table = await startStateTable('infra/resources/state-table.yml', 'test-state');
  secretsManager = await startSecretsManager([
    { id: 'demo', read: () => Promise.resolve(JSON.stringify(secretDocument(simulator.url, [demoUser]))) },
  ]);
  const env = {
    ...localAwsEnvironment({ dynamoDbUrl: table.url, secretsManagerUrl: secretsManager.url }),
    STATE_TABLE: table.tableName,
    SECRET_IDS: 'demo',
    LOG_LEVEL: 'error',
  };
  workers = Array.from(
    { length: threads },
    () =>
      new Worker('./test/token/cold-containers.cjs', {
        workerData: { bundle: join(folder, 'dist/list/index.js'), count: containersPerThread },
        env,
        stdout: true,
      }),
  );
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.terminate()));
  await secretsManager.close();
  await table.close();
  await simulator.close();
  rmSync(folder, { recursive: true });
});

/** Sends all threads the same message at the same instant. Returns the answer of each container. */
async function askAll(message: unknown): Promise<readonly string[]> {
  const answers = workers.map(async (worker) => ((await once(worker, 'message')) as [string[]])[0]);
  for (const worker of workers) worker.postMessage(message, []);
  return (await Promise.all(answers)).flat();
}

/** Stores a token that has just expired, and that RingCentral rejects too. */
async function leaveExpiredToken(): Promise<void> {
  const client = clientOf(table);
  const store = createUserStore(createTable(client, table.tableName, testClock(), () => {}));
  const key = userKey({
    serverUrl: simulator.url,
    clientId: demoClient.clientId,
    username: '8889363711',
    extension: '101',
  });
  const fingerprint = jwtFingerprint({ jwt: demoUser.jwt, clientSecret: demoClient.clientSecret });
  const nowMs = Date.now();
  const { version } = await store.read(key);
  await store.takeLease(key, { owner: 'test', untilMs: nowMs + 1000, nowMs, seenVersion: version, fingerprint });
  const expired = demoToken(nowMs - 3_600_000, { accessToken: 'demo-expired', expiresAtMs: nowMs, fingerprint });
  const stored = await store.storeToken(key, 'test', version, expired);
  expect(stored).toBe(true);
  client.destroy();
  simulator.revokeAllTokens();
}

test.each([
  ['no token', () => Promise.resolve()],
  ['an expired token', leaveExpiredToken],
])(
  'fifty concurrent requests in fifty cold containers with %s make one token request, and all succeed',
  async (_, prepare) => {
    await prepare();
    await askAll('load');
    simulator.reset();

    const answers = await askAll(gatewayEvent({ query: { cmd: 'list', ...credentials } }));

    expect(answers).toHaveLength(50);
    expect(new Set(answers)).toEqual(new Set([demoList]));
    expect(simulator.requests.map(({ kind, status }) => `${kind} ${status}`).toSorted()).toEqual([
      ...Array.from({ length: 50 }, () => 'forwarding-number 200'),
      'token 200',
    ]);
  },
  60_000,
);
