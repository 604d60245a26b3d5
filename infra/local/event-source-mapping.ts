import { setTimeout as delay } from 'node:timers/promises';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { asArray, asObject, asText } from '../../lib/domain/untrusted.ts';
import { askStandIn } from './ask-stand-in.ts';
import { localAws } from './local-aws.ts';

export interface EventSourceMappingOptions {
  /** The address of SQS. */
  readonly url: string;
  /** The URL of a FIFO queue. */
  readonly queueUrl: string;
  readonly queueArn: string;
  /** Maximum number of concurrent invocations, which AWS calls MaximumConcurrency. */
  readonly atOnce: number;
  /** Rejects when the function failed or timed out. lambda.ts reports the reason. */
  readonly invoke: (event: SQSEvent) => Promise<unknown>;
  /** Receives the reason when the queue does not answer. */
  readonly onFailure: (why: string) => void;
}

/** Passes the messages of a queue to a function. */
export interface EventSourceMapping {
  /** Stops polling the queue. Running invocations continue, but their messages stay in the queue. */
  stop(): Promise<void>;
}

/** SQS's maximum for long polling. */
const longPollSeconds = 20;
const afterFailureMs = 1000;

/**
 * Emulates Lambda's event source mapping of a FIFO queue with batch size 1 and ReportBatchItemFailures (AWS Lambda
 * developer guide, "Using Lambda with Amazon SQS"). Runs one invocation per message group at a time, up to the maximum
 * in total. Deletes a message when the function returns without reporting it as failed. Otherwise the message stays
 * invisible for the time that the queue defines.
 */
export function startEventSourceMapping(options: EventSourceMappingOptions): EventSourceMapping {
  const { url, queueUrl, atOnce, onFailure } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const running = new Set<Promise<void>>();
  /** The last unfinished message of each group. */
  const groups = new Map<string, Promise<void>>();

  const ask = (operation: string, body: object, until?: AbortSignal): Promise<unknown> =>
    askStandIn(url, {
      target: `AmazonSQS.${operation}`,
      body: { QueueUrl: queueUrl, ...body },
      ...(until !== undefined && { signal: until }),
    });

  const serve = async (record: SQSRecord, before: Promise<void> | undefined): Promise<void> => {
    // The queue holds back a group while its message is invisible. The function may make the message visible before it
    // returns.
    await before;
    if (signal.aborted) return;
    const isDone = await options.invoke({ Records: [record] }).then(
      (answer) => !hasFailed(answer),
      () => false,
    );
    if (isDone && !signal.aborted) await ask('DeleteMessage', { ReceiptHandle: record.receiptHandle });
  };

  const take = (record: SQSRecord): void => {
    const group = record.attributes.MessageGroupId ?? '';
    const served = serve(record, groups.get(group))
      .catch((error: unknown) => onFailure(String(error)))
      .finally(() => {
        running.delete(served);
        if (groups.get(group) === served) groups.delete(group);
      });
    running.add(served);
    groups.set(group, served);
  };

  const poll = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        if (running.size >= atOnce) await Promise.race([stopped, ...running]);
        else for (const record of recordsOf(await ask('ReceiveMessage', receive, signal), options)) take(record);
      } catch (error) {
        if (signal.aborted) return;
        onFailure(String(error));
        await delay(afterFailureMs, undefined, { signal }).catch(() => {});
      }
    }
  };
  const polling = poll();
  return {
    async stop() {
      stopping.abort();
      await polling;
    },
  };
}

const receive = {
  MaxNumberOfMessages: 1,
  WaitTimeSeconds: longPollSeconds,
  MessageSystemAttributeNames: ['All'],
};

/** Converts the messages of a ReceiveMessage into the records of Lambda's event. */
function recordsOf(received: unknown, { queueArn }: EventSourceMappingOptions): SQSRecord[] {
  return asArray(asObject(received)?.['Messages']).map((message) => {
    const text = (name: string): string => asText(asObject(message)?.[name]) ?? '';
    return {
      messageId: text('MessageId'),
      receiptHandle: text('ReceiptHandle'),
      body: text('Body'),
      attributes: asObject(asObject(message)?.['Attributes']) as unknown as SQSRecord['attributes'],
      messageAttributes: {},
      md5OfBody: text('MD5OfBody'),
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: localAws.region,
    };
  });
}

/**
 * With one message per batch, any reported failure is that message's. A response that Lambda cannot read counts as a
 * failure too.
 */
function hasFailed(answer: unknown): boolean {
  if (answer === undefined || answer === null) return false;
  if (asObject(answer) === undefined) return true;
  const failures = asObject(answer)?.['batchItemFailures'];
  if (failures === undefined || failures === null) return false;
  return !Array.isArray(failures) || failures.length > 0;
}
