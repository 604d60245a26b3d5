import { Deadline } from '../domain/deadline.ts';
import { LegacyFailure } from '../domain/failure.ts';
import type { Log } from '../domain/ports.ts';
import { asArray, asObject, asText } from '../domain/untrusted.ts';
import { deliverFax, type Delivered } from '../outbox/deliver.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { faxIdIn } from '../outbox/sqs-queue.ts';
import type { Container } from '../runtime/container.ts';
import { describeError } from '../runtime/logger.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { remainingTimeMs } from './remaining-time.ts';

/** Part of Lambda's time reserved for the writes after the last request, in milliseconds. */
const closingReserveMs = 1500;
const defaultRemainingMs = 60_000;

/** Answer to Lambda's event source for SQS: the messages to deliver again. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Creates the handler of the fax sender. A message that has to wait is hidden for that time and reported as failed,
 * which Lambda's metrics do not count as an error. After a bug a message is hidden for six minutes.
 */
export function queueHandler(
  name: string,
  container: Container,
): (event: unknown, context: unknown) => Promise<BatchAnswer> {
  return async (event, context) => {
    const runtime = container.runtime();
    const { outbox, clock, metrics } = runtime;
    if (outbox === undefined) throw new LegacyFailure('configuration', { hint: 'the outbox is not set' });
    const log = runtime.log.with({ function: name });
    const deadline = new Deadline(clock, remainingTimeMs(context, defaultRemainingMs) - closingReserveMs);
    const failures: { readonly itemIdentifier: string }[] = [];
    try {
      for (const record of asArray(asObject(event)?.['Records'])) {
        const message = readMessage(record);
        const delivered = await serve(message, { runtime, outbox, deadline, log });
        if (delivered.kind === 'done') continue;
        failures.push({ itemIdentifier: message.messageId });
        await outbox.queue.delay(message.receiptHandle, delivered.ms / 1000).catch((error: unknown) => {
          log.warn('a message could not be hidden and comes again in six minutes', describeError(error));
        });
      }
    } finally {
      metrics.flush();
    }
    return { batchItemFailures: failures };
  };
}

interface Message {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly faxId: string | undefined;
  readonly sentAtMs: number;
  readonly receives: number;
}

function readMessage(value: unknown): Message {
  const record = asObject(value);
  const attributes = asObject(record?.['attributes']);
  return {
    messageId: asText(record?.['messageId']) ?? '',
    receiptHandle: asText(record?.['receiptHandle']) ?? '',
    faxId: faxIdIn(asText(record?.['body']) ?? ''),
    sentAtMs: Number(asText(attributes?.['SentTimestamp']) ?? 0),
    receives: Number(asText(attributes?.['ApproximateReceiveCount'])) || 1,
  };
}

/** Wait after a bug in milliseconds, so that the message group is not retried continuously. */
const bugWaitMs = 360_000;

async function serve(
  { faxId, sentAtMs, receives }: Message,
  parts: { readonly runtime: Runtime; readonly outbox: Outbox; readonly deadline: Deadline; readonly log: Log },
): Promise<Delivered> {
  const { runtime, outbox, deadline, log } = parts;
  const { faxes, documents, queue, settings } = outbox;
  if (faxId === undefined) {
    log.error('a message of the queue names no fax');
    return { kind: 'done' };
  }
  try {
    return await deliverFax(
      { faxId, sentAtMs, receives },
      { ...runtime, faxes, documents, queue, ...settings, deadline, log },
    );
  } catch (error) {
    log.error('a fax could not be served', { fax: faxId, ...describeError(error) });
    runtime.metrics.failed('internal');
    return { kind: 'wait', ms: bugWaitMs };
  }
}
