import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { readSecrets } from '../../../../infra/commands/aws/secrets.ts';

function secretsManager() {
  const client = new SecretsManagerClient({ region: 'us-east-1' });
  return { client, aws: mockClient(client) };
}

test('reads every secret, as text or bytes', async () => {
  const { client, aws } = secretsManager();
  aws.on(GetSecretValueCommand, { SecretId: 'a' }).resolves({ SecretString: '{"a":1}' });
  aws.on(GetSecretValueCommand, { SecretId: 'b' }).resolves({ SecretBinary: Buffer.from('{"b":2}') });
  expect(await readSecrets(client, ['a', 'b'])).toEqual({
    checks: [
      { name: 'secret a', outcome: 'ok', detail: 'readable' },
      { name: 'secret b', outcome: 'ok', detail: 'readable' },
    ],
    documents: [
      { name: 'a', text: '{"a":1}' },
      { name: 'b', text: '{"b":2}' },
    ],
  });
});

test.each([
  [
    'ResourceNotFoundException',
    'Store the secret document: aws secretsmanager put-secret-value --secret-id a --secret-string file://secret.json',
  ],
  ['AccessDeniedException', 'Allow these AWS credentials the action secretsmanager:GetSecretValue.'],
])('%s is a failed check with its remedy', async (code, remedy) => {
  const { client, aws } = secretsManager();
  aws.on(GetSecretValueCommand).rejects(Object.assign(new Error('a message'), { name: code }));
  expect(await readSecrets(client, ['a'])).toEqual({
    checks: [{ name: 'secret a', outcome: 'failed', detail: `secretsmanager:GetSecretValue: ${code}`, remedy }],
    documents: [],
  });
});
