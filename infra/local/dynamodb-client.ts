import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { localAws } from './local-aws.ts';
import type { LocalStateTable } from './state-table.ts';

/** A client of the table; whoever opens it destroys it. `options` are the SDK's, where a default of it will not do. */
export function clientOf({ url }: Pick<LocalStateTable, 'url'>, options: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({ ...localAws, endpoint: url, ...options });
}
