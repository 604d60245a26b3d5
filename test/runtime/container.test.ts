import { localAwsEnvironment } from '../../infra/local/local-aws.ts';
import { startSecretsManager } from '../../infra/local/secrets-manager.ts';
import { LegacyFailure } from '../../lib/domain/failure.ts';
import { openContainer } from '../../lib/runtime/container.ts';
import { demoUser, secretDocument } from '../demo.ts';
import { phoneRules } from '../../lib/legacy/phone-number.ts';

test('a container without its settings loads, and every request is told of it', () => {
  const container = openContainer({ SECRET_IDS: 'demo' }, phoneRules);
  for (let request = 0; request < 2; request += 1) {
    expect(() => container.runtime()).toThrow(new LegacyFailure('configuration', { note: 'STATE_TABLE is not set' }));
  }
});

test('a container without its settings counts every request, so that the alarm rings, and nothing before', async () => {
  const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const env = {
      _HANDLER: 'dist/catch-all/index.handler',
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

test('a container reads the secret while it loads, and the first request waits for that same read', async () => {
  let reads = 0;
  const text = JSON.stringify(secretDocument('https://platform.ringcentral.com', [demoUser]));
  const secretsManager = await startSecretsManager([
    {
      id: 'demo',
      read() {
        reads += 1;
        return Promise.resolve(text);
      },
    },
  ]);
  Object.assign(process.env, localAwsEnvironment({ secretsManagerUrl: secretsManager.url }));
  const container = openContainer({ STATE_TABLE: 'demo-state', SECRET_IDS: 'demo' }, phoneRules);
  const runtime = container.runtime();
  expect(container.runtime()).toBe(runtime);
  expect((await runtime.secrets.directory()).users.map(({ extension }) => extension)).toEqual(['101']);
  expect(reads).toBe(1);
  await secretsManager.close();
});
