import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { clientOf } from '../../../infra/local/dynamodb-client.ts';
import { startStateTable, tableKeys } from '../../../infra/local/state-table.ts';

const definition = `
Resources:
  Other: { Type: AWS::SNS::Topic }
  DemoTable:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: { Ref: Demo }
    Properties:
      TableName: { Fn::Sub: '\${AWS::StackName}-demo' }
      AttributeDefinitions: [{ AttributeName: demoKey, AttributeType: S }]
      KeySchema: [{ AttributeName: demoKey, KeyType: HASH }]
`;

test('reads the keys from a CloudFormation definition', () => {
  expect(tableKeys(definition, 'demo.yml')).toEqual({
    keySchema: [{ AttributeName: 'demoKey', KeyType: 'HASH' }],
    attributeDefinitions: [{ AttributeName: 'demoKey', AttributeType: 'S' }],
  });
});

test.each(['', 'Resources: {}', 'Resources: { T: { Type: AWS::DynamoDB::Table, Properties: {} } }'])(
  'a definition without a table is refused: %s',
  (text) => {
    expect(() => tableKeys(text, 'demo.yml')).toThrow(
      'demo.yml defines no AWS::DynamoDB::Table with KeySchema and AttributeDefinitions.',
    );
  },
);

test('the table stores items until it is closed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ringout-bridge-'));
  await writeFile(join(folder, 'table.yml'), definition);
  const table = await startStateTable(join(folder, 'table.yml'), 'demo-table');
  const client = clientOf(table, { maxAttempts: 1 });
  const item = { demoKey: { S: 'a' }, value: { N: '1' } };
  await client.send(new PutItemCommand({ TableName: 'demo-table', Item: item }));
  const { Item } = await client.send(new GetItemCommand({ TableName: 'demo-table', Key: { demoKey: { S: 'a' } } }));
  expect(Item).toEqual(item);
  await table.close();
  await expect(client.send(new GetItemCommand({ TableName: 'demo-table', Key: item }))).rejects.toThrow(
    /ECONNREFUSED|socket hang up/,
  );
  client.destroy();
  await rm(folder, { recursive: true });
});
