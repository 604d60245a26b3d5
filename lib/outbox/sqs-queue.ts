import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { asObject, asText, parseJson } from '../domain/untrusted.ts';
import { QueueUnavailable, type FaxQueue } from './ports.ts';

/** Longest visibility timeout, in seconds: SQS's limit of 12 h with a margin. */
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
    // SQS deduplicates equal ids within five minutes, so a retry of the AWS SDK is not delivered twice.
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

/** Returns the id of a message's fax, or undefined for another kind of message. */
export function faxIdIn(body: string): string | undefined {
  return asText(asObject(parseJson(body))?.['id']);
}
