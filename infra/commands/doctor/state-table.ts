import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  paginateListTables,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { failed, passed, shown, skipped, type Check } from '../report/check.ts';
import { awsErrorCode, awsFailed } from '../aws/aws-failure.ts';

const redeploy = 'The table is not the one of infra/resources/state-table.yml; deploy again.';

/** Checks that the state table exists, has the expected key and expires its items. */
export async function checkStateTable(
  client: Pick<DynamoDBClient, 'send'>,
  tableName: string,
  options: { readonly local: boolean },
): Promise<readonly Check[]> {
  const key = await checkKey(client, tableName);
  if (key.outcome !== 'ok') return [key, skipped('state expiry', 'the table cannot be used')];
  // dynalite does not expire items. The product itself ignores expired ones.
  return [key, options.local ? skipped('state expiry', 'not emulated') : await checkExpiry(client, tableName)];
}

async function checkKey(client: Pick<DynamoDBClient, 'send'>, tableName: string): Promise<Check> {
  const name = 'state table';
  try {
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    const keys = (table?.KeySchema ?? []).map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(', ');
    const type = table?.AttributeDefinitions?.find(({ AttributeName }) => AttributeName === 'pk')?.AttributeType;
    if (keys !== 'pk HASH' || type !== 'S') {
      return failed(name, `its key is ${shown(keys)}, not the text pk`, redeploy);
    }
    // DynamoDB serves reads and writes in every state except these two.
    if (table?.TableStatus === 'CREATING' || table?.TableStatus === 'DELETING') {
      return failed(name, shown(table.TableStatus), 'Run the doctor again in a minute.');
    }
    return passed(name, shown(tableName));
  } catch (error) {
    const remedy = 'Look at the stage and the region; deploy again if the table is gone.';
    return awsFailed(name, awsErrorCode(error), 'dynamodb:DescribeTable', remedy);
  }
}

async function checkExpiry(client: Pick<DynamoDBClient, 'send'>, tableName: string): Promise<Check> {
  const name = 'state expiry';
  try {
    const { TimeToLiveDescription: expiry } = await client.send(
      new DescribeTimeToLiveCommand({ TableName: tableName }),
    );
    const isOn = expiry?.TimeToLiveStatus === 'ENABLED' || expiry?.TimeToLiveStatus === 'ENABLING';
    if (isOn && expiry.AttributeName === 'expiresAt') return passed(name, 'by expiresAt');
    return failed(name, 'the table keeps old calls for ever', redeploy);
  } catch (error) {
    return awsFailed(name, awsErrorCode(error), 'dynamodb:DescribeTimeToLive', redeploy);
  }
}

/**
 * Finds the name of a stack's state table without the stack: CloudFormation derives the table's name from the stack's.
 * Returns undefined if no table matches, or more than one. Throws the AWS SDK's errors.
 */
export async function findStateTable(client: DynamoDBClient, stackName: string): Promise<string | undefined> {
  const names: string[] = [];
  for await (const page of paginateListTables({ client }, {})) {
    names.push(...(page.TableNames ?? []).filter((table) => table.startsWith(`${stackName}-StateTable-`)));
  }
  return names.length === 1 ? names[0] : undefined;
}
