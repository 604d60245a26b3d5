import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { passed, type Check } from '../report/check.ts';
import { awsErrorCode, awsFailed } from './aws-failure.ts';
import type { NamedText } from '../../secret-document/documents.ts';

/** Reads the secret documents, with one check per secret that says whether it could be read. */
export async function readSecrets(
  client: Pick<SecretsManagerClient, 'send'>,
  secretIds: readonly string[],
): Promise<{ readonly checks: readonly Check[]; readonly documents: readonly NamedText[] }> {
  const readings = await Promise.all(secretIds.map((id) => readSecret(client, id)));
  return {
    checks: readings.map(({ check }) => check),
    documents: readings.flatMap(({ document }) => (document === undefined ? [] : [document])),
  };
}

interface Reading {
  readonly check: Check;
  readonly document?: NamedText;
}

async function readSecret(client: Pick<SecretsManagerClient, 'send'>, id: string): Promise<Reading> {
  const name = `secret ${id}`;
  try {
    const { SecretString: text, SecretBinary: bytes } = await client.send(new GetSecretValueCommand({ SecretId: id }));
    return {
      check: passed(name, 'readable'),
      document: { name: id, text: text ?? Buffer.from(bytes ?? []).toString('utf8') },
    };
  } catch (error) {
    const remedy = `Store the secret document: aws secretsmanager put-secret-value --secret-id ${id} --secret-string file://secret.json`;
    return { check: awsFailed(name, awsErrorCode(error), 'secretsmanager:GetSecretValue', remedy) };
  }
}
