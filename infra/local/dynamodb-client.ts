import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { localAws } from './local-aws.ts';
import type { LocalStateTable } from './state-table.ts';

/** Creates a client of the table, which the caller must destroy. `options` override the SDK's defaults. */
export function clientOf({ url }: Pick<LocalStateTable, 'url'>, options: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({ ...localAws, endpoint: url, ...options });
}
