import { setTimeout as delay } from 'node:timers/promises';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { asArray, asObject, asText } from '../../lib/domain/untrusted.ts';
import { askStandIn } from './ask-stand-in.ts';
import { localAws } from './local-aws.ts';

export interface EventSourceMappingOptions {
  /** Where SQS answers. */
  readonly url: string;
  /** A FIFO queue. */
  readonly queueUrl: string;
  readonly queueArn: string;
  /** Invocations under way at most: MaximumConcurrency. */
  readonly atOnce: number;
  /** Rejects when the function failed or ran out of time; that is told elsewhere. */
  readonly invoke: (event: SQSEvent) => Promise<unknown>;
  /** Gets why the queue could not be asked. */
  readonly onFailure: (why: string) => void;
}

/** What gives a function the messages of a queue. */
export interface EventSourceMapping {
  /** Ends asking the queue. Invocations under way go on, but their messages stay. */
  stop(): Promise<void>;
}

/** The longest that SQS lets one wait for a message. */
const longPollSeconds = 20;
const afterFailureMs = 1000;

/**
 * Does for a FIFO queue what Lambda does with batch size 1 and ReportBatchItemFailures (AWS Lambda developer guide, "Using
 * Lambda with Amazon SQS"): one invocation per message group at a time, and so many in all. A message is deleted when the
 * function has returned without naming it as failed. Otherwise, it stays invisible for as long as the queue says.
 */
export function startEventSourceMapping(options: EventSourceMappingOptions): EventSourceMapping {
  const { url, queueUrl, atOnce, onFailure } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const running = new Set<Promise<void>>();
  /** The last message of each group that is not done. */
  const groups = new Map<string, Promise<void>>();

  const ask = (operation: string, body: object, until?: AbortSignal): Promise<unknown> =>
    askStandIn(url, {
      target: `AmazonSQS.${operation}`,
      body: { QueueUrl: queueUrl, ...body },
      ...(until !== undefined && { signal: until }),
    });

  const serve = async (record: SQSRecord, before: Promise<void> | undefined): Promise<void> => {
    // The queue holds back a group while its message is invisible, and the function may make it visible before it returns.
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

/** The messages of a ReceiveMessage in the shape of Lambda's event. */
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

/** Of a batch of one message: any failure named is its, and so is an answer that Lambda cannot read. */
function hasFailed(answer: unknown): boolean {
  if (answer === undefined || answer === null) return false;
  if (asObject(answer) === undefined) return true;
  const failures = asObject(answer)?.['batchItemFailures'];
  if (failures === undefined || failures === null) return false;
  return !Array.isArray(failures) || failures.length > 0;
}
