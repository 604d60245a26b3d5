import { DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { startSecretsManager } from '../../../infra/local/secrets-manager.ts';
import { clientOf } from '../../../infra/local/dynamodb-client.ts';
import { localAwsEnvironment } from '../../../infra/local/local-aws.ts';
import { startStateTable } from '../../../infra/local/state-table.ts';
import answerParent from './answer-parent.cjs';

/** What the process of the local AWS services can be asked. */
export interface AskAws {
  /** The secret document to serve from now on. */
  readonly secret?: string;
  /** Empties the state table. */
  readonly empty?: true;
  /** Empties it of everything but calls: no token is left. */
  readonly forgetUsers?: true;
}

/** The environment in which clients find the services. */
export interface AwsAnswer {
  readonly environment: Readonly<Record<string, string>>;
  readonly tableName: string;
}

let secretText = '';
const table = await startStateTable('infra/resources/state-table.yml', 'bench-state');
const secrets = await startSecretsManager([{ id: 'bench', read: () => Promise.resolve(secretText) }]);
const client = clientOf(table);

async function deleteRows(prefix: string): Promise<void> {
  const { Items: items = [] } = await client.send(new ScanCommand({ TableName: table.tableName }));
  for (const { pk } of items) {
    if (pk?.S?.startsWith(prefix) === true)
      await client.send(new DeleteItemCommand({ TableName: table.tableName, Key: { pk } }));
  }
}

answerParent(async ({ secret, empty, forgetUsers }: AskAws): Promise<AwsAnswer> => {
  secretText = secret ?? secretText;
  if (empty === true) await deleteRows('');
  if (forgetUsers === true) await deleteRows('USER#');
  return {
    environment: localAwsEnvironment({ dynamoDbUrl: table.url, secretsManagerUrl: secrets.url }),
    tableName: table.tableName,
  };
});
