import { GetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientOf } from '../../infra/local/dynamodb-client.ts';
import { startStateTable, type LocalStateTable } from '../../infra/local/state-table.ts';
import { createSessionStore, type SessionStore } from '../../lib/state/session-store.ts';
import { createTable, type Item, type Table } from '../../lib/state/table.ts';
import { createUserStore, type UserStore } from '../../lib/state/user-store.ts';
import { testClock } from '../clock.ts';

/** The deployed table definition with real DynamoDB semantics, and both stores on it. */
export interface LocalTable {
  readonly table: Table;
  readonly users: UserStore;
  readonly sessions: SessionStore;
  /** A row as it is stored, its key included. */
  row(key: string): Promise<Item | undefined>;
  close(): Promise<void>;
}

/** @param open returns the client of the table, by default one of the AWS SDK */
export async function openLocalTable(
  open: (server: LocalStateTable) => Pick<DynamoDBClient, 'send'> & Partial<Pick<DynamoDBClient, 'destroy'>> = clientOf,
): Promise<LocalTable> {
  const server = await startStateTable('infra/resources/state-table.yml', 'test-state');
  const { tableName } = server;
  const client = open(server);
  const table = createTable(client, tableName, testClock(), () => {});
  return {
    table,
    users: createUserStore(table),
    sessions: createSessionStore(table),
    row: async (key) => (await client.send(new GetItemCommand({ TableName: tableName, Key: { pk: { S: key } } }))).Item,
    async close() {
      client.destroy?.();
      await server.close();
    },
  };
}
