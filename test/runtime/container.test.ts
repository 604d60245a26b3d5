import { createServer, type Server } from 'node:http';
import { closer, listen } from '../../infra/local/listen.ts';
import { localAwsEnvironment } from '../../infra/local/local-aws.ts';
import { startSecretsManager } from '../../infra/local/secrets-manager.ts';
import { LegacyFailure } from '../../lib/domain/failure.ts';
import { openContainer } from '../../lib/runtime/container.ts';
import { demoUser, secretDocument } from '../demo.ts';
import { phoneRules } from '../../lib/legacy/phone-number.ts';

test('a container without its settings loads, and every request fails with the reason', () => {
  const container = openContainer({ SECRET_IDS: 'demo' }, phoneRules);
  for (let request = 0; request < 2; request += 1) {
    expect(() => container.runtime()).toThrow(new LegacyFailure('configuration', { hint: 'STATE_TABLE is not set' }));
  }
});

test('a container without its settings counts every request as a failure, but not the init phase', async () => {
  const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const env = {
      _HANDLER: 'dist/catch-all/entry.handler',
      AWS_LAMBDA_FUNCTION_NAME: 'ringout-bridge-prod-catch-all',
    };
    const container = openContainer(env, phoneRules);
    await new Promise(setImmediate);
    expect(written).not.toHaveBeenCalled();
    expect(() => container.runtime()).toThrow(LegacyFailure);
    const lines = written.mock.calls.map(([text]) => JSON.parse(String(text)) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { service: 'ringout-bridge-prod', code: 'configuration', Failures: 1 },
      { service: 'ringout-bridge-prod', FailuresToActOn: 1 },
    ]);
  } finally {
    written.mockRestore();
  }
});

/** The parts of Secrets Manager, DynamoDB (an empty table) and RingCentral that a container contacts while it loads. */
async function services(secret: () => Promise<string>) {
  const asked: string[] = [];
  const open: (() => Promise<void>)[] = [];
  const start = async (server: Server): Promise<string> => {
    open.push(closer(server));
    return `http://127.0.0.1:${await listen(server, 0)}`;
  };
  const ringCentralUrl = await start(createServer().on('connection', () => asked.push('a connection to RingCentral')));
  const dynamoDbUrl = await start(
    createServer((request, response) => {
      asked.push(String(request.headers['x-amz-target']).replace(/^.*\./, ''));
      response.end('{}');
    }),
  );
  const secretsManager = await startSecretsManager([
    {
      id: 'demo',
      async read() {
        asked.push('the secret');
        return secret();
      },
    },
  ]);
  Object.assign(process.env, localAwsEnvironment({ secretsManagerUrl: secretsManager.url, dynamoDbUrl }));
  return {
    asked,
    ringCentralUrl,
    close: async (): Promise<void> => {
      await Promise.all([secretsManager.close(), ...open.map((close) => close())]);
    },
  };
}

const settings = { STATE_TABLE: 'demo-state', SECRET_IDS: 'demo' };

test('a container connects while it loads, and the first request waits for the read of the secret already under way', async () => {
  const { promise: text, resolve } = Promise.withResolvers<string>();
  const { asked, ringCentralUrl, close } = await services(() => text);
  const container = openContainer(settings, phoneRules);
  const runtime = container.runtime();
  expect(container.runtime()).toBe(runtime);
  const directory = runtime.secrets.directory();
  resolve(JSON.stringify(secretDocument(ringCentralUrl, [demoUser])));
  expect((await directory).users.map(({ extension }) => extension)).toEqual(['101']);
  await container.ready;
  expect(asked.toSorted()).toEqual(['GetItem', 'a connection to RingCentral', 'the secret']);
  await close();
});

describe('a container becomes ready', () => {
  test('without its settings', async () => {
    await expect(openContainer({}, phoneRules).ready).resolves.toBeUndefined();
  });

  test('when the secret cannot be used', async () => {
    const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const { asked, close } = await services(() => Promise.resolve('no JSON'));
    await expect(openContainer(settings, phoneRules).ready).resolves.toBeUndefined();
    expect(asked).toEqual(['the secret']);
    await close();
    written.mockRestore();
  });

  test('after two seconds, when Secrets Manager does not answer', async () => {
    const never = new Promise<string>(() => {});
    const { close } = await services(() => never);
    const from = performance.now();
    await expect(openContainer(settings, phoneRules).ready).resolves.toBeUndefined();
    expect(performance.now() - from).toBeGreaterThan(1900);
    await close();
  });
});
