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
