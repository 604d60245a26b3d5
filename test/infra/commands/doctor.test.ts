import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import type { AwsPlace } from '../../../infra/commands/aws/place.ts';
import type { World } from '../../../infra/commands/world/world.ts';
import { runDoctor } from '../../../infra/commands/doctor/run.ts';
import { localAws } from '../../../infra/local/local-aws.ts';
import { startSecretsManager, type LocalSecretsManager } from '../../../infra/local/secrets-manager.ts';
import { servicesFile } from '../../../infra/local/services-file.ts';
import { credentials, demoUser, secretDocument } from '../../demo.ts';
import { ringout } from '../../handlers.ts';
import { startProduct, type Product } from '../../product.ts';
import { asDeployed } from './doctor/deployed.ts';
import { serveProduct, serveStub, type LegacyServer } from './legacy-server.ts';
import { fakeAwsCli, testWorld, type TestWorld } from './doctor/test-world.ts';

/** A second user, whose JWT RingCentral does not know. */
const stranger = {
  ...demoUser,
  extension: '102',
  jwt: 'demo-jwt-102-unknown',
  legacyPassword: 'demo-password-102',
  callBackNumber: '+16505550147',
};

const { accessKeyId } = localAws.credentials;

let product: Product;
let secrets: LocalSecretsManager;
let server: LegacyServer;
let services: unknown;

beforeAll(async () => {
  product = await startProduct();
  secrets = await startSecretsManager([{ id: 'demo', read: () => Promise.resolve(JSON.stringify(product.document)) }]);
  server = await serveProduct(product, { '/console/settings': () => ({ body: '{}' }) });
});
beforeEach(() => {
  product.simulator.reset();
  product.document = secretDocument(product.simulator.url, [demoUser]);
  services = {
    dynamoDbUrl: product.table.url,
    stateTable: product.table.tableName,
    secretsManagerUrl: secrets.url,
    secretIds: ['demo'],
    ...outboxOfStack,
    accessKeyId,
  };
});
afterAll(async () => {
  await server.close();
  await secrets.close();
  await product.close();
});

const deployedExpiry = { AttributeName: 'expiresAt', TimeToLiveStatus: 'ENABLED' } as const;

const queue = { sqsUrl: 'http://127.0.0.1:1', outboxQueueUrl: 'http://127.0.0.1:1/demo.fifo' } as const;
const outboxOfStack = {
  ...queue,
  s3Url: 'http://127.0.0.1:1',
  outboxBucket: 'demo',
  outboxDeadLettersUrl: 'http://127.0.0.1:1/demo-dead.fifo',
};

/** A world with local DynamoDB and Secrets Manager, for a deployment or the local stack. */
function awsWorld(parts: Partial<World> = {}): TestWorld & { readonly places: AwsPlace[] } {
  const places: AwsPlace[] = [];
  const world = testWorld({
    awsCli: () => fakeAwsCli(asDeployed),
    sqs: ({ region }) => new SQSClient({ region }),
    dynamoDb(place) {
      places.push(place);
      const client = new DynamoDBClient({ ...localAws, endpoint: place.standIn?.endpoint ?? product.table.url });
      // The emulator cannot describe the expiry.
      if (place.standIn === undefined) {
        client.middlewareStack.add(
          (next, { commandName }) =>
            (args) =>
              commandName === 'DescribeTimeToLiveCommand'
                ? Promise.resolve({ response: {}, output: { $metadata: {}, TimeToLiveDescription: deployedExpiry } })
                : next(args),
          { step: 'initialize' },
        );
      }
      return client;
    },
    secretsManager(place) {
      places.push(place);
      return new SecretsManagerClient({ ...localAws, endpoint: place.standIn?.endpoint ?? secrets.url });
    },
    ...parts,
  });
  return { ...world, places };
}

const table = (world: TestWorld): string => world.printed.join('\n').replaceAll(/ in \d+ ms/g, ' in 1 ms');

describe('--file', () => {
  const file = (): Partial<World> => ({ readFile: () => Promise.resolve(JSON.stringify(product.document)) });

  test('a valid document prints a table without a cross, with exit code 0', async () => {
    const world = testWorld(file());
    expect(await runDoctor(['--file', 'secret.json'], world)).toBe(0);
    expect(table(world)).toBe(
      [
        'Secret documents',
        '  ✓  document secret.json  well-formed, 1 user',
        '  ✓  users are unique      1 user',
        '',
        'User ****3711, extension 101 (secret.json: users[0])',
        '  ✓  JWT                 accepted',
        '  ✓  app permissions     ReadAccounts, RingOut, Faxes',
        '  ✓  account             Confirmed',
        '  ✓  extension           Enabled',
        '  ✓  home country        US',
        '  –  calls               RingCentral does not list the feature RingOut',
        '  ✓  faxes               the token has Faxes; the feature itself is not listed',
        '  ✓  forwarding numbers  7 usable as From: ****3711, ****1550, ****1233, ****0120, ****0121, ...',
        '  ✓  caller ids          1 usable as Clid: ****3711',
        '  ✓  call-back number    not set: the first forwarding number is used',
        '',
        '11 ✓  0 ✗  1 –',
      ].join('\n'),
    );
    expect(world.progressed).toEqual(['user 1 of 1: ****3711, extension 101 ...']);
  });

  test('a failed check is exit code 1, and no secret or full phone number is printed', async () => {
    product.document = secretDocument(product.simulator.url, [demoUser, stranger]);
    const world = testWorld(file());
    expect(await runDoctor(['--file', 'secret.json', '--json'], world)).toBe(1);
    const report = JSON.parse(world.printed.join('')) as { ok: boolean; sections: { title: string }[] };
    expect(report.ok).toBe(false);
    expect(report.sections.map(({ title }) => title)).toEqual([
      'Secret documents',
      'User ****3711, extension 101 (secret.json: users[0])',
      'User ****3711, extension 102 (secret.json: users[1])',
    ]);
    const output = [...world.printed, ...world.progressed].join('\n');
    const tokens = product.simulator.requests.map(({ headers }) => headers['authorization']?.split(' ')[1] ?? 'none');
    for (const secret of ['demo-jwt', 'demo-client', '1234', 'demo-password', ...tokens]) {
      expect(output).not.toContain(secret === '1234' ? '"1234"' : secret);
    }
    expect(output).not.toMatch(/\d{7,}/);
  });

  test('--no-network sends RingCentral no request', async () => {
    const world = testWorld(file());
    expect(await runDoctor(['--file', 'secret.json', '--no-network'], world)).toBe(0);
    expect(product.simulator.requests).toEqual([]);
  });

  test('a file that cannot be read is exit code 1', async () => {
    const world = testWorld({ readFile: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOENT' })) });
    expect(await runDoctor(['--file', 'secret.json'], world)).toBe(1);
    expect(table(world)).toContain('✗  document secret.json  cannot be read (ENOENT)');
  });

  test('an aborted run prints no report and is exit code 130', async () => {
    const world = testWorld(file(), AbortSignal.abort());
    expect(await runDoctor(['--file', 'secret.json'], world)).toBe(130);
    expect(world.printed).toEqual([]);
  });
});

describe('--stage', () => {
  const args = ['--stage', 'prod', '--list'];
  // Requests to the endpoint of the stack go to the server of this test.
  const toServer = {
    fetch: ((url: string, init) => fetch(url.replace(/^https:\/\/[^/]+\/prod/, server.url), init)) as typeof fetch,
  };

  test('a deployment in order passes every check', async () => {
    await ringout(product.container().ringout, { cmd: 'list', ...credentials });
    const world = awsWorld(toServer);
    expect(await runDoctor(args, world)).toBe(0);
    const [deployment, endpoint] = table(world).split('\n\n');
    expect(deployment?.split('\n')).toEqual([
      'Deployment ringout-bridge-prod in us-east-1',
      '  ✓  stack               ringout-bridge-prod: UPDATE_COMPLETE',
      '  ✓  allowlist           1 range, everybody else is refused',
      expect.stringMatching(/^ {2}✓ {2}gateway responses {3}\d+ types answer as set$/),
      '  ✓  access log          the role that writes it is set',
      '  ✓  execution logs      off',
      "  ✓  fax bucket          no public access, encrypted with S3's key",
      '  ✓  fax queue           FIFO, with 3 messages',
      '  ✓  fax sending         enabled',
      '  ✓  secret demo         readable',
      '  ✓  document demo       well-formed, 1 user',
      '  ✓  users are unique    1 user',
      '  ✓  state table         test-state',
      '  ✓  state expiry        by expiresAt',
    ]);
    expect(endpoint?.split('\n')).toEqual([
      'Endpoint https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod',
      '  ✓  ringout.asp         "OK ****0000 " in 1 ms',
      '  ✓  another spelling    "OK ****0001 " in 1 ms',
      '  ✓  faxapi.asp          "5" in 1 ms',
    ]);
    expect(table(world)).toMatch(/✓ {2}stored token {8}0 min old, good for \d+ min$/m);
    expect(table(world)).toMatch(/✓ {2}list {16}"OK \*{4}3711;Home;\*{4}1550;Business;\*{4}1233;Mobile;\*{4}0120;/);
    expect(world.places).toEqual([{ region: 'us-east-1' }, { region: 'us-east-1' }]);
    expect(world.progressed).toEqual([
      'reading the stack ringout-bridge-prod ...',
      'asking API Gateway how the API is set ...',
      'looking at the outbox ...',
      'reading the secrets ...',
      'looking at the state table ...',
      'asking https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod ...',
      'user 1 of 1: ****3711, extension 101 ...',
    ]);
  });

  test.each([
    ['the option', ['--region', 'eu-west-1'], { AWS_REGION: 'us-west-2' }, 'eu-west-1'],
    ['the environment', [], { AWS_REGION: 'us-west-2' }, 'us-west-2'],
    ['the default of serverless.yml', [], {}, 'us-east-1'],
  ])('the region comes from %s', async (_, more, environment, region) => {
    const asked: string[] = [];
    const awsCli = (place: string) => {
      asked.push(place);
      return fakeAwsCli({});
    };
    await runDoctor(['--stage', 'prod', ...more], awsWorld({ environment, awsCli }));
    expect(asked).toEqual([region]);
  });

  const withoutCli = { awsCli: () => fakeAwsCli({ 'cloudformation describe-stacks': { kind: 'missing' as const } }) };

  test('without the aws command the other checks still run', async () => {
    const environment = { SECRET_IDS: 'demo', STATE_TABLE: 'test-state' };
    const world = awsWorld({ ...withoutCli, environment });
    const nobody = await serveStub({ body: '' });
    await nobody.close();
    expect(await runDoctor(['--stage', 'prod', '--url', nobody.url], world)).toBe(1);
    const lines = table(world).split('\n');
    expect(lines.slice(1, 14)).toEqual([
      '  –  stack               the aws command is not installed: the stack and its API are not looked at',
      '  –  allowlist           needs the aws command',
      '  –  gateway responses   needs the aws command',
      '  –  access log          needs the aws command',
      '  –  execution logs      needs the aws command',
      '  –  fax bucket          needs the aws command',
      '  –  fax queue           needs the aws command',
      '  –  fax sending         needs the aws command',
      '  ✓  secret demo         readable',
      '  ✓  document demo       well-formed, 1 user',
      '  ✓  users are unique    1 user',
      '  ✓  state table         test-state',
      '  ✓  state expiry        by expiresAt',
    ]);
    expect(lines).toContain('  ✗  ringout.asp         the connection is refused (ECONNREFUSED)');
  });

  test('without names in the environment it reads the default secret and searches for the table', async () => {
    const world = awsWorld(withoutCli);
    expect(await runDoctor(['--stage', 'prod'], world)).toBe(1);
    expect(table(world)).toContain(
      '✗  secret ringout-bridge/prod  secretsmanager:GetSecretValue: ResourceNotFoundException',
    );
    expect(table(world)).toContain('–  state table                 its name is not known');
    expect(world.progressed).toContain('looking for the state table ...');
    expect(table(world)).toContain('–  ringout.asp         the address is not known: give it with --url');
  });
});

describe('--local', () => {
  const sqs = mockClient(SQSClient);
  beforeEach(() => {
    sqs.reset();
    sqs.on(GetQueueAttributesCommand).resolves({
      Attributes: {
        FifoQueue: 'true',
        VisibilityTimeout: '360',
        RedrivePolicy: '{"deadLetterTargetArn":"demo","maxReceiveCount":1000}',
      },
    });
  });
  afterAll(() => sqs.restore());
  const args = () => ['--local', '--url', server.url];
  const servicesOfStack: Partial<World> = {
    readFile: (path) =>
      path === servicesFile(Number(new URL(server.url).port))
        ? Promise.resolve(JSON.stringify(services))
        : Promise.reject(new Error(`no file ${path}`)),
  };

  test('checks the services of the local stack at the addresses in its services file', async () => {
    const world = awsWorld(servicesOfStack);
    expect(await runDoctor([...args(), '--list'], world)).toBe(0);
    expect(table(world)).toContain('✓  state table         test-state');
    expect(table(world)).toContain('–  state expiry        not emulated');
    expect(table(world)).toContain('✓  JWT                 accepted');
    expect(table(world)).toContain('✓  list                "OK ****3711;Home');
    expect(world.places).toEqual([
      { region: 'us-east-1', standIn: { endpoint: product.table.url, accessKeyId } },
      { region: 'us-east-1', standIn: { endpoint: secrets.url, accessKeyId } },
    ]);
  });

  test('checks the queue of the local stack at the address in its services file', async () => {
    sqs.on(GetQueueAttributesCommand, { QueueUrl: queue.outboxQueueUrl }).resolves({ Attributes: {} });
    const asked: AwsPlace[] = [];
    const world = awsWorld({
      readFile: () => Promise.resolve(JSON.stringify(services)),
      sqs(place) {
        asked.push(place);
        return new SQSClient({ region: place.region });
      },
    });
    expect(await runDoctor(args(), world)).toBe(1);
    expect(table(world)).toContain('✗  fax queue           no FIFO queue: faxes would lose their order');
    expect(asked).toEqual([{ region: 'us-east-1', standIn: { endpoint: queue.sqsUrl, accessKeyId } }]);
  });

  test.each([
    ['is missing', undefined],
    ['is damaged', '{"dynamoDbUrl":'],
    ['lacks the key', JSON.stringify({ dynamoDbUrl: 'http://127.0.0.1:1' })],
    [
      'names services on another computer',
      JSON.stringify({
        dynamoDbUrl: 'http://192.0.2.1',
        stateTable: 'a',
        secretsManagerUrl: 'http://192.0.2.1',
        accessKeyId,
      }),
    ],
  ])('checks only the endpoint when the services file %s', async (_, text) => {
    const world = awsWorld({
      readFile: () => (text === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(text)),
    });
    expect(await runDoctor(args(), world)).toBe(0);
    expect(world.places).toEqual([]);
    expect(table(world)).toContain('–  local stack         its services file is not here');
    expect(table(world)).toContain('✓  ringout.asp');
  });

  test.each([
    ['3001', 'http://localhost:3001'],
    ['', 'http://localhost:3000'],
    ['demo', 'http://localhost:3000'],
  ])('without --url the address is that of npm start with PORT=%s', async (PORT, url) => {
    const refusing = () => Promise.reject(new TypeError('fetch failed'));
    const world = testWorld({ environment: { PORT }, fetch: refusing });
    expect(await runDoctor(['--local'], world)).toBe(1);
    expect(world.printed.join()).toContain(`Local stack ${url}`);
  });

  test('a stack that does not run is a failed check', async () => {
    const world = testWorld();
    expect(await runDoctor(['--local', '--url', 'http://127.0.0.1:9'], world)).toBe(1);
    expect(table(world)).toContain('✗  local stack         nothing answers there');
  });
});

test('missing arguments are exit code 2 and print nothing', async () => {
  const world = testWorld();
  expect(await runDoctor([], world)).toBe(2);
  expect(world.printed).toEqual([]);
  expect(world.progressed).toEqual([
    'Say what to look at: --file, --stage or --local.\nnpm run doctor -- --help says more.',
  ]);
});

test('--help names every option', async () => {
  const world = testWorld();
  expect(await runDoctor(['--help'], world)).toBe(0);
  expect(world.printed.join().split(':')[0]).toBe('npm run doctor');
  for (const option of ['file', 'no-network', 'stage', 'region', 'local', 'url', 'list', 'json', 'help']) {
    expect(world.printed.join()).toContain(`--${option}`);
  }
});
