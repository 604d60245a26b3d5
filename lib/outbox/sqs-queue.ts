import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { asObject, asText, parseJson } from '../domain/untrusted.ts';
import { QueueUnavailable, type FaxQueue } from './ports.ts';

/** The longest that SQS keeps a message from being received again, in seconds, with some time to spare. */
const longestDelaySeconds = 11 * 3600;

/** The outbox's FIFO queue. */
export function createFaxQueue(client: Pick<SQSClient, 'send'>, queueUrl: string): FaxQueue {
  async function attempt(operation: Promise<unknown>): Promise<void> {
    try {
      await operation;
    } catch (error) {
      throw new QueueUnavailable(error);
    }
  }

  return {
    // Equal ids within five minutes are one message: what the AWS SDK repeats is not delivered twice.
    send: (id, userKey, round) =>
      attempt(
        client.send(
          new SendMessageCommand({
            QueueUrl: queueUrl,
            MessageBody: JSON.stringify({ id }),
            MessageGroupId: userKey,
            MessageDeduplicationId: round === 0 ? id : `${id}.${round}`,
          }),
        ),
      ),
    delay: (receiptHandle, seconds) =>
      attempt(
        client.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: queueUrl,
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: Math.min(Math.max(Math.ceil(seconds), 0), longestDelaySeconds),
          }),
        ),
      ),
  };
}

/** The fax that a message is about; undefined for a message of another kind. */
export function faxIdIn(body: string): string | undefined {
  return asText(asObject(parseJson(body))?.['id']);
}
