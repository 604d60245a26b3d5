import { localAwsEnvironment } from '../../infra/local/local-aws.ts';
import { startSecretsManager } from '../../infra/local/secrets-manager.ts';
import { createDynamoDb, createSecretsManager } from '../../lib/runtime/aws-clients.ts';
import { credentials, demoUser, secretDocument } from '../demo.ts';
import { ringout } from '../handlers.ts';
import { startProduct, type Product } from '../product.ts';
import { startRelay, type Relay } from '../relay.ts';

/*
 * Connections live as long as a container. While a container is frozen they may die unnoticed. Each dead connection costs
 * one reconnect and no failure, and no call is sent on one.
 */

let product: Product;
let ask: (query: Readonly<Record<string, string>>) => Promise<string>;
let relays: { readonly ringCentral: Relay; readonly dynamoDb: Relay; readonly secrets: Relay };
let close: () => Promise<void>;

beforeEach(async () => {
  product = await startProduct();
  const secretsManager = await startSecretsManager([
    { id: 'demo', read: () => Promise.resolve(JSON.stringify(product.document)) },
  ]);
  relays = {
    ringCentral: await startRelay(product.simulator.url),
    dynamoDb: await startRelay(product.table.url),
    secrets: await startRelay(secretsManager.url),
  };
  product.document = secretDocument(relays.ringCentral.url, [demoUser]);
  Object.assign(
    process.env,
    localAwsEnvironment({ dynamoDbUrl: relays.dynamoDb.url, secretsManagerUrl: relays.secrets.url }),
  );
  const dynamoDb = createDynamoDb();
  const secretsClient = createSecretsManager();
  // Age 0, so that every request reads the secret too.
  const container = product.container({
    dynamoDb,
    secretsManager: secretsClient,
    env: { SECRET_MAX_AGE_SECONDS: '0' },
  });
  ask = (query) => {
    product.clock.advance(1);
    return ringout(container.ringout, query);
  };
  close = async () => {
    dynamoDb.destroy();
    secretsClient.destroy();
    await Promise.all(Object.values(relays).map((relay) => relay.close()));
    await secretsManager.close();
    await product.close();
  };
});
afterEach(() => close());

const list = { cmd: 'list', ...credentials };
const call = { cmd: 'call', ...credentials, To: '6505550100', From: '6505553711' };

const connections = (): Readonly<Record<string, number>> => ({
  ringCentral: relays.ringCentral.connections,
  dynamoDb: relays.dynamoDb.connections,
  secrets: relays.secrets.connections,
});

/** The requests to RingCentral except those for tokens. */
const asked = (): readonly string[] =>
  product.simulator.requests.map(({ kind }) => kind).filter((kind) => kind !== 'token');

test('all invocations of a container share one connection to RingCentral, to DynamoDB and to Secrets Manager', async () => {
  for (let request = 0; request < 5; request += 1) expect(await ask(list)).toMatch(/^OK 6505553711/);
  expect(await ask(call)).toMatch(/^OK \d{9} 3$/);
  expect(connections()).toEqual({ ringCentral: 1, dynamoDb: 1, secrets: 1 });
  expect(asked()).toHaveLength(6);
});

test('a read uses the dead connections, gets a reset on each, and is served by new ones', async () => {
  await ask(list);
  for (const relay of Object.values(relays)) relay.freeze();
  product.clock.advance(20_000);
  expect(await ask(list)).toMatch(/^OK 6505553711/);
  expect(connections()).toEqual({ ringCentral: 2, dynamoDb: 2, secrets: 2 });
  expect(Object.values(relays).map((relay) => relay.resets)).toEqual([1, 1, 1]);
  expect(asked()).toEqual(['forwarding-number', 'forwarding-number']);
});

test('a call never touches the dead connection to RingCentral: it is placed once, on a new one', async () => {
  await ask(list);
  for (const relay of Object.values(relays)) relay.freeze();
  product.clock.advance(20_000);
  expect(await ask(call)).toMatch(/^OK \d{9} 3$/);
  expect(connections()).toEqual({ ringCentral: 2, dynamoDb: 2, secrets: 2 });
  expect(relays.ringCentral.resets).toBe(0);
  expect(asked()).toEqual(['forwarding-number', 'ring-out']);
});
