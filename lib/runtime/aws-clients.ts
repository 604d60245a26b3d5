import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';

/**
 * Time limits that leave a legacy request room to go on without AWS: the SDK's own defaults wait for minutes. One
 * repetition covers the dead socket of a container that was frozen.
 */
const limits = (requestTimeoutMs: number) => ({
  maxAttempts: 2,
  // Nothing is added to the clients later on: putting their steps together anew for each request takes 0.1 ms.
  cacheMiddleware: true,
  requestHandler: { connectionTimeout: 4000, requestTimeout: requestTimeoutMs, throwOnRequestTimeout: true },
});

/** Only a bound: the state table limits each operation as a whole. */
export const createDynamoDb = (): DynamoDBClient => new DynamoDBClient(limits(6000));

/** Cold requests wait for it, so it is given less. */
export const createSecretsManager = (): SecretsManagerClient => new SecretsManagerClient(limits(4000));

/** A fax waits for it, and for its row and its documents. */
export const createSqs = (): SQSClient => new SQSClient(limits(4000));
