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

/** DynamoDB answers in milliseconds; what takes longer than a second is a fault. */
export const createDynamoDb = (): DynamoDBClient => new DynamoDBClient(limits(1000));

export const createSecretsManager = (): SecretsManagerClient => new SecretsManagerClient(limits(2500));
