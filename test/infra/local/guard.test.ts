import { request as httpRequest } from 'node:http';
import { createExchangeLog } from '../../../infra/local/exchanges.ts';
import { startGateway } from '../../../infra/local/gateway.ts';
import { localAws } from '../../../infra/local/local-aws.ts';
import { startOutboxServices } from '../../../infra/local/outbox-services.ts';
import { startSecretsManager } from '../../../infra/local/secrets-manager.ts';
import { startSimulator } from '../../../infra/local/simulator/server.ts';
import { startStateTable } from '../../../infra/local/state-table.ts';
import { demoClient } from '../../demo.ts';

type StandIn = 'table' | 'secrets' | 'outbox';
type ServerName = StandIn | 'simulator' | 'gateway';

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

let urls: Readonly<Record<ServerName, string>>;
let close: () => Promise<void>;
let secretReads = 0;
let invocations = 0;

beforeAll(async () => {
  const table = await startStateTable('infra/resources/state-table.yml', 'demo-state');
  const secrets = await startSecretsManager([
    {
      id: 'demo',
      read() {
        secretReads += 1;
        return Promise.resolve('demo-secret-text');
      },
    },
  ]);
  const outbox = await startOutboxServices(
    {
      queue: { name: 'demo.fifo', attributes: {}, redrive: { toQueue: 'dead.fifo', maxReceiveCount: 3 } },
      deadLetters: { name: 'dead.fifo', attributes: {}, redrive: undefined },
    },
    'demo-bucket',
  );
  await outbox.ready;
  const simulator = await startSimulator({ users: [], ...demoClient });
  const gateway = await startGateway({
    port: 0,
    log: createExchangeLog(),
    invoke() {
      invocations += 1;
      return Promise.resolve({ statusCode: 200, body: 'OK 1' });
    },
  });
  urls = {
    table: table.url,
    secrets: secrets.url,
    outbox: outbox.url,
    simulator: simulator.url,
    gateway: gateway.baseUrl,
  };
  close = async () => {
    for (const server of [gateway, simulator, outbox, secrets, table]) await server.close();
  };
});
afterAll(() => close());
beforeEach(() => {
  secretReads = 0;
  invocations = 0;
});

/** Sends a request with any Host header, which `fetch` does not allow. */
function ask(server: ServerName, { method = 'GET', path = '/', headers = {}, body }: Asked) {
  return new Promise<{ status: number | undefined; names: readonly string[]; text: string }>((resolve, reject) => {
    const asked = httpRequest(new URL(path, urls[server]), { method, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode, names: Object.keys(answer.headers), text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const portOf = (server: ServerName): string => new URL(urls[server]).port;

const scope = (accessKeyId: string): string =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/any/aws4_request, SignedHeaders=host, Signature=none`;
const ownKey = localAws.credentials.accessKeyId;

/** A request that reads data of a stand-in if it is accepted. */
function reading(server: StandIn, headers: Readonly<Record<string, string>>): Asked {
  const of = {
    table: { target: 'DynamoDB_20120810.Scan', type: 'application/x-amz-json-1.0', body: '{"TableName":"demo-state"}' },
    outbox: { target: 'AmazonSQS.ListQueues', type: 'application/x-amz-json-1.0', body: '{}' },
    secrets: {
      target: 'secretsmanager.GetSecretValue',
      type: 'application/x-amz-json-1.1',
      body: '{"SecretId":"demo"}',
    },
  }[server];
  return {
    method: 'POST',
    headers: { 'content-type': of.type, 'x-amz-target': of.target, 'x-amz-date': '20260101T000000Z', ...headers },
    body: of.body,
  };
}

test('the access key is 128 random bits, and new for each start', () => {
  expect(ownKey).toMatch(/^[0-9a-f]{32}$/);
  jest.isolateModules(() => {
    const again = jest.requireActual<{ localAws: typeof localAws }>('../../../infra/local/local-aws.ts').localAws;
    expect(again.credentials.accessKeyId).not.toBe(ownKey);
  });
});

describe.each(['table', 'secrets', 'outbox'] as const)('the stand-in for the %s', (server) => {
  test('accepts the access key', async () => {
    const { status, text } = await ask(server, reading(server, { authorization: scope(ownKey) }));
    expect([status, text]).toEqual([200, expect.stringMatching(/"Count":0|demo-secret-text|demo\.fifo/)]);
  });

  test.each<[string, () => Readonly<Record<string, string>>]>([
    ['no key', () => ({})],
    ['the key of every SDK example', () => ({ authorization: scope('local') })],
    ['another start’s key', () => ({ authorization: scope('0'.repeat(32)) })],
    ['the beginning of the key', () => ({ authorization: scope(ownKey.slice(0, 31)) })],
    ['the key with one more digit', () => ({ authorization: scope(`${ownKey}0`) })],
    ['another scheme', () => ({ authorization: `Bearer ${ownKey}` })],
    ['the key from a web page', () => ({ authorization: scope(ownKey), origin: 'http://attacker.example' })],
    [
      'a host name that DNS points here',
      () => ({ authorization: scope(ownKey), host: `attacker.example:${portOf(server)}` }),
    ],
  ])('refuses %s and reads nothing', async (_, headers) => {
    const { status, text } = await ask(server, reading(server, headers()));
    expect([status, JSON.parse(text), secretReads]).toEqual([
      403,
      {
        __type: 'UnrecognizedClientException',
        message: 'This stand-in serves the functions of its own start only.',
      },
      0,
    ]);
  });

  test('refuses the key in a query, and the browser’s page of DynamoDB', async () => {
    expect((await ask(server, { path: `/?X-Amz-Credential=${ownKey}/20260101` })).status).toBe(403);
    expect((await ask(server, { path: '/shell/' })).status).toBe(403);
  });
});

test.each(['/demo-bucket', '/demo-bucket/faxes/demo', '/_fauxqs/queues', '/health'])(
  'the stand-in for the outbox refuses a request without the key at %s',
  async (path) => {
    expect((await ask('outbox', { path })).status).toBe(403);
    expect((await ask('outbox', { path, method: 'PUT', body: 'demo' })).status).toBe(403);
  },
);

const all = ['table', 'secrets', 'outbox', 'simulator', 'gateway'] as const;

describe.each(all)('the port of the %s', (server) => {
  test.each<[string, () => string]>([
    ['a name that a web page has for this computer', () => `attacker.example:${portOf(server)}`],
    ['a name that ends in localhost', () => `attacker.localhost:${portOf(server)}`],
    ['a name that begins with localhost', () => `localhost.attacker.example:${portOf(server)}`],
    ['another port', () => 'localhost:1'],
    ['no port', () => 'localhost'],
    ['another address of this computer', () => `127.0.0.2:${portOf(server)}`],
    ['a user before the name', () => `localhost@attacker.example:${portOf(server)}`],
  ])('refuses a Host header with %s', async (_, host) => {
    const path = server === 'gateway' ? '/ringout.asp' : '/';
    const { status } = await ask(server, { path, headers: { host: host() } });
    expect([status, invocations, secretReads]).toEqual([403, 0, 0]);
  });

  test('gives web pages no permission', async () => {
    const headers = {
      origin: 'http://attacker.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,x-amz-target',
    };
    const { names } = await ask(server, {
      method: 'OPTIONS',
      path: server === 'simulator' ? '/__simulator/clock' : '/ringout.asp',
      headers,
    });
    expect(names.filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

test.each(['localhost', 'LocalHost', '127.0.0.1', '[::1]'])(
  'the Host %s with the right port is accepted',
  async (name) => {
    const headers = { host: `${name}:${portOf('gateway')}` };
    expect((await ask('gateway', { path: '/ringout.asp', headers })).text).toBe('OK 1');
    expect((await ask('simulator', { headers: { host: `${name}:${portOf('simulator')}` } })).status).toBe(200);
  },
);

describe('a gateway on the network', () => {
  const lan = ['127.0.0.2/32', '127.0.0.3/32'];
  let url: URL;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    const gateway = await startGateway({
      port: 0,
      lan,
      log: createExchangeLog(),
      console: ({ path }) => {
        const page = { status: 200, headers: {}, body: 'console' };
        return Promise.resolve(path === '/console' ? page : undefined);
      },
      invoke: () => Promise.resolve({ statusCode: 200, body: 'OK 1' }),
    });
    [url, stop] = [new URL(gateway.baseUrl), () => gateway.close()];
  });
  afterAll(() => stop());

  /** The answer when a program at one address calls another with this Host header. */
  function call(from: string, to: string, host: string, path = '/ringout.asp'): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = host === '' ? {} : { host };
      const options = { host: to, port: url.port, localAddress: from, path, headers, setHost: false };
      const asked = httpRequest(options, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () => resolve(`${answer.statusCode} ${text}`));
      });
      asked.on('error', reject);
      asked.end();
    });
  }

  // All of 127.0.0.0/8 is this computer's; 127.0.0.9 stands for its address on the network.
  test.each([
    ['127.0.0.2', '127.0.0.9', () => `127.0.0.9:${url.port}`],
    ['127.0.0.3', '127.0.0.9', () => `127.0.0.9:${url.port}`],
    ['127.0.0.2', '127.0.0.9', () => url.host],
  ])('serves a program at %s that names %s', async (from, to, host) => {
    expect(await call(from, to, host())).toBe('200 OK 1');
  });

  test.each([
    ['a host name, which a web page may point here', () => `demo.example:${url.port}`],
    ['another address than the one it was sent to', () => `127.0.0.8:${url.port}`],
    ['another port', () => '127.0.0.9:1'],
    ['an invalid address', () => `999.0.0.9:${url.port}`],
  ])('refuses a request that names %s', async (_, host) => {
    expect(await call('127.0.0.2', '127.0.0.9', host())).toBe('403 5');
  });

  test.each(['127.0.0.9', 'localhost'])(
    'refuses another address on the network, whatever it names: %s',
    async (host) => {
      expect(await call('127.0.0.4', '127.0.0.9', `${host}:${url.port}`)).toBe('403 5');
    },
  );

  test('shows the console only to this computer', async () => {
    expect(await call('127.0.0.1', '127.0.0.1', url.host, '/console')).toBe('200 console');
    // Other computers get the catch-all function, which has no console.
    expect(await call('127.0.0.2', '127.0.0.9', `127.0.0.9:${url.port}`, '/console')).toBe('200 OK 1');
  });
});
