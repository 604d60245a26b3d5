import type { Clock } from '../domain/ports.ts';
import { createDocumentStore } from '../outbox/document-store.ts';
import type { Outbox, OutboxSettings } from '../outbox/outbox.ts';
import { createFaxQueue } from '../outbox/sqs-queue.ts';
import { createFaxStore } from '../state/fax-store.ts';
import type { Table } from '../state/table.ts';
import { createSqs } from './aws-clients.ts';

/** Opens the outbox. Passed in only by functions that handle faxes, because it adds the SQS client to a bundle. */
export type OpenOutbox = (
  settings: OutboxSettings,
  parts: { readonly env: Readonly<Record<string, string | undefined>>; readonly table: Table; readonly clock: Clock },
) => Outbox;

/** Opens the outbox in AWS, with the credentials and region from the variables that Lambda sets. */
export const openOutbox: OpenOutbox = (settings, { env, table, clock }) => {
  const sessionToken = env['AWS_SESSION_TOKEN'];
  const access = {
    bucket: settings.bucket,
    region: env['AWS_REGION'] ?? '',
    credentials: {
      accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    endpoint: env['AWS_ENDPOINT_URL_S3'],
  };
  return {
    settings,
    faxes: createFaxStore(table),
    documents: createDocumentStore(access, clock),
    queue: createFaxQueue(createSqs(), settings.queueUrl),
  };
};
