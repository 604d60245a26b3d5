import { DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { readFile } from 'node:fs/promises';
import type { SQSEvent } from 'aws-lambda';
import { startEventSourceMapping } from '../../../infra/local/event-source-mapping.ts';
import { outboxQueues } from '../../../infra/local/outbox-definition.ts';
import { startOutboxServices } from '../../../infra/local/outbox-services.ts';
import { startSecretsManager } from '../../../infra/local/secrets-manager.ts';
import { clientOf } from '../../../infra/local/dynamodb-client.ts';
import { localAwsEnvironment } from '../../../infra/local/local-aws.ts';
import { startStateTable } from '../../../infra/local/state-table.ts';
import answerParent from './answer-parent.cjs';

/** The questions to the process of the local AWS services. */
export interface AskAws {
  /** The secret document to serve from now on. */
  readonly secret?: string;
  /** Empties the state table. */
  readonly empty?: true;
  /** Empties the table except for calls, so that no token is left. */
  readonly forgetUsers?: true;
  /** Waits for a message of the outbox's queue. */
  readonly delivery?: true;
  /** The answer of `send-fax` to the last message. */
  readonly delivered?: unknown;
}

/** The environment variables with which clients find the services. */
export interface AwsAnswer {
  readonly environment: Readonly<Record<string, string>>;
  readonly tableName: string;
  /** The event of a requested message. */
  readonly delivery?: SQSEvent;
}

let secretText = '';
const table = await startStateTable('infra/resources/state-table.yml', 'bench-state');
const secrets = await startSecretsManager([{ id: 'bench', read: () => Promise.resolve(secretText) }]);
const client = clientOf(table);

const outboxFile = 'infra/resources/outbox.yml';
const outbox = await startOutboxServices(outboxQueues(await readFile(outboxFile, 'utf8'), outboxFile), 'bench-outbox');
await outbox.ready;
let asked = Promise.withResolvers<(event: SQSEvent) => void>();
let answered = Promise.withResolvers<unknown>();
startEventSourceMapping({
  ...outbox,
  atOnce: 1,
  async invoke(event) {
    (await asked.promise)(event);
    return answered.promise;
  },
  onFailure: console.error,
});

/** The next message, which stays in the queue until it is answered. */
function nextDelivery(): Promise<SQSEvent> {
  return new Promise((resolve) => asked.resolve(resolve));
}

function answer(delivered: unknown): void {
  answered.resolve(delivered);
  [asked, answered] = [Promise.withResolvers(), Promise.withResolvers()];
}

async function deleteRows(prefix: string): Promise<void> {
  const { Items: items = [] } = await client.send(new ScanCommand({ TableName: table.tableName }));
  for (const { pk } of items) {
    if (pk?.S?.startsWith(prefix) === true)
      await client.send(new DeleteItemCommand({ TableName: table.tableName, Key: { pk } }));
  }
}

answerParent(async ({ secret, empty, forgetUsers, delivery, delivered }: AskAws): Promise<AwsAnswer> => {
  secretText = secret ?? secretText;
  if (empty === true) await deleteRows('');
  if (forgetUsers === true) await deleteRows('USER#');
  if (delivered !== undefined) answer(delivered);
  return {
    environment: {
      ...localAwsEnvironment({
        dynamoDbUrl: table.url,
        secretsManagerUrl: secrets.url,
        s3Url: outbox.url,
        sqsUrl: outbox.url,
      }),
      OUTBOX_BUCKET: outbox.bucket,
      OUTBOX_QUEUE_URL: outbox.queueUrl,
    },
    ...(delivery === true && { delivery: await nextDelivery() }),
    tableName: table.tableName,
  };
});
