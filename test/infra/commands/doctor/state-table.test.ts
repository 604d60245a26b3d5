import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTablesCommand,
  type TableDescription,
  type TimeToLiveDescription,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { checkStateTable, findStateTable } from '../../../../infra/commands/doctor/state-table.ts';
import { localAws } from '../../../../infra/local/local-aws.ts';
import { clientOf } from '../../../../infra/local/dynamodb-client.ts';
import { startStateTable } from '../../../../infra/local/state-table.ts';

const name = 'ringout-bridge-prod-StateTable-1A2B3C';

const rightTable: TableDescription = {
  TableStatus: 'ACTIVE',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
};
const rightExpiry: TimeToLiveDescription = { AttributeName: 'expiresAt', TimeToLiveStatus: 'ENABLED' };

const named = (error: string): Error => Object.assign(new Error('a message that may quote anything'), { name: error });

async function check(table: TableDescription | Error, expiry: TimeToLiveDescription | Error = rightExpiry) {
  const client = new DynamoDBClient(localAws);
  const aws = mockClient(client);
  const describe = aws.on(DescribeTableCommand, { TableName: name });
  if (table instanceof Error) describe.rejects(table);
  else describe.resolves({ Table: table });
  const describeExpiry = aws.on(DescribeTimeToLiveCommand, { TableName: name });
  if (expiry instanceof Error) describeExpiry.rejects(expiry);
  else describeExpiry.resolves({ TimeToLiveDescription: expiry });
  return checkStateTable(client, name, { local: false });
}

test('a table as deployed passes', async () => {
  expect(await check(rightTable)).toEqual([
    { name: 'state table', outcome: 'ok', detail: name },
    { name: 'state expiry', outcome: 'ok', detail: 'by expiresAt' },
  ]);
});

test.each([
  [
    'another key',
    { ...rightTable, KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }] },
    'its key is id HASH, not the text pk',
  ],
  [
    'a sort key',
    { ...rightTable, KeySchema: [...(rightTable.KeySchema ?? []), { AttributeName: 'sk', KeyType: 'RANGE' as const }] },
    'its key is pk HASH, sk RANGE, not the text pk',
  ],
  [
    'a key of another type',
    { ...rightTable, AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'N' as const }] },
    'its key is pk HASH, not the text pk',
  ],
  ['a table that is being created', { ...rightTable, TableStatus: 'CREATING' as const }, 'CREATING'],
  ['a missing table', named('ResourceNotFoundException'), 'dynamodb:DescribeTable: ResourceNotFoundException'],
  ['no permission', named('AccessDeniedException'), 'dynamodb:DescribeTable: AccessDeniedException'],
  ['no credentials', named('CredentialsProviderError'), 'dynamodb:DescribeTable: CredentialsProviderError'],
])('%s fails, and the check of expiry is skipped', async (_, table, detail) => {
  expect(await check(table)).toEqual([
    { name: 'state table', outcome: 'failed', detail, remedy: expect.any(String) },
    { name: 'state expiry', outcome: 'skipped', detail: 'the table cannot be used' },
  ]);
});

test.each([
  ['off', { TimeToLiveStatus: 'DISABLED' as const }, 'the table keeps old calls for ever'],
  ['by another attribute', { ...rightExpiry, AttributeName: 'ttl' }, 'the table keeps old calls for ever'],
  ['not readable', named('AccessDeniedException'), 'dynamodb:DescribeTimeToLive: AccessDeniedException'],
])('expiry that is %s fails', async (_, expiry, detail) => {
  expect((await check(rightTable, expiry))[1]).toMatchObject({ name: 'state expiry', outcome: 'failed', detail });
});

test('expiry that is being enabled passes', async () => {
  const [, expiry] = await check(rightTable, { ...rightExpiry, TimeToLiveStatus: 'ENABLING' });
  expect(expiry?.outcome).toBe('ok');
});

test('the table of the local stack, created from the deployed definition, passes', async () => {
  const table = await startStateTable('infra/resources/state-table.yml', 'test-state');
  const client = clientOf(table);
  try {
    expect(await checkStateTable(client, table.tableName, { local: true })).toEqual([
      { name: 'state table', outcome: 'ok', detail: 'test-state' },
      { name: 'state expiry', outcome: 'skipped', detail: 'not emulated' },
    ]);
  } finally {
    client.destroy();
    await table.close();
  }
});

test.each([
  ['one table of the stack', [['a', name], ['z']], name],
  ['none', [['a'], ['z']], undefined],
  ['two, which is ambiguous', [[name, `${name}X`]], undefined],
])('searches all pages of table names: %s', async (_, pages, expected) => {
  const client = new DynamoDBClient(localAws);
  const list = mockClient(client).on(ListTablesCommand);
  for (const [index, TableNames] of pages.entries()) {
    list.resolvesOnce({ TableNames, ...(index < pages.length - 1 && { LastEvaluatedTableName: `${index}` }) });
  }
  expect(await findStateTable(client, 'ringout-bridge-prod')).toBe(expected);
});
