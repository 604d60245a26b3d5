import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';

/**
 * Time limits short enough that a legacy request can still be served without AWS: the SDK's defaults wait for minutes.
 * One retry covers the dead socket of a container that was frozen.
 */
const limits = (requestTimeoutMs: number) => ({
  maxAttempts: 2,
  // No middleware is added to the clients later, so its order is cached: resolving it for each request takes 0.1 ms.
  cacheMiddleware: true,
  requestHandler: { connectionTimeout: 4000, requestTimeout: requestTimeoutMs, throwOnRequestTimeout: true },
});

/** Only an upper bound: lib/state/table.ts limits each operation as a whole. */
export const createDynamoDb = (): DynamoDBClient => new DynamoDBClient(limits(6000));

/** Cold requests wait for the secret, so the limit is shorter. */
export const createSecretsManager = (): SecretsManagerClient => new SecretsManagerClient(limits(4000));

/** A fax request waits for SQS, and for its row and documents as well. */
export const createSqs = (): SQSClient => new SQSClient(limits(4000));
