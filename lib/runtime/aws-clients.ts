import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/**
 * Time limits that leave a legacy request room to go on without AWS: the SDK's own defaults wait for minutes. One
 * repetition covers the dead socket of a container that was frozen.
 */
const limits = (requestTimeoutMs: number) => ({
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: requestTimeoutMs, throwOnRequestTimeout: true },
});

/**
 * DynamoDB answers in milliseconds. The limit is that wide because a cold container is short of processor time and must
 * not take its own slowness for a fault of the table: it would ask for a token without the lease.
 */
export const createDynamoDb = (): DynamoDBClient => new DynamoDBClient(limits(3000));

export const createSecretsManager = (): SecretsManagerClient => new SecretsManagerClient(limits(4000));
