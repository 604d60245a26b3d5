import { faxObject, readFaxObject } from '../../lib/outbox/fax-object.ts';
import type { BatchAnswer } from '../../lib/edge/queue-handler.ts';
import type { OpenOutbox } from '../../lib/runtime/outbox.ts';
import { createFaxStore } from '../../lib/state/fax-store.ts';

/** Bucket and queue of the outbox in this process. */
export interface MemoryOutbox {
  readonly open: OpenOutbox;
  /** Sets the handler that sends the faxes. No message is delivered before. */
  deliverTo(handler: (event: unknown, context: unknown) => Promise<BatchAnswer>): void;
  readonly objects: ReadonlyMap<string, Uint8Array>;
  /** The operations that S3 and SQS would receive, oldest first. */
  readonly operations: string[];
  /** Stops the delivery of messages. */
  close(): void;
}

/** A waiting message is delivered again after this many real milliseconds: the product's clock is a test clock. */
const againAfterMs = 20;

export function memoryOutbox(): MemoryOutbox {
  const objects = new Map<string, Uint8Array>();
  const operations: string[] = [];
  const queue: { readonly id: string; readonly group: string; readonly sentAtMs: number }[] = [];
  const groupsAtWork = new Set<string>();
  let handler: Parameters<MemoryOutbox['deliverTo']>[0] | undefined;

  function deliver(): void {
    const groups = new Set<string>();
    for (const message of queue) {
      if (groups.has(message.group) || groupsAtWork.has(message.group)) continue;
      groups.add(message.group);
      groupsAtWork.add(message.group);
      void serve(message);
    }
  }

  async function serve(message: (typeof queue)[number]): Promise<void> {
    const record = {
      messageId: message.id,
      receiptHandle: message.id,
      body: JSON.stringify({ id: message.id }),
      attributes: { SentTimestamp: String(message.sentAtMs) },
    };
    const answer = await handler?.({ Records: [record] }, undefined);
    const isDone = answer?.batchItemFailures.length === 0;
    operations.push('ReceiveMessage', ...(isDone ? ['DeleteMessage'] : []));
    if (isDone) queue.splice(queue.indexOf(message), 1);
    setTimeout(
      () => {
        groupsAtWork.delete(message.group);
        deliver();
      },
      isDone ? 0 : againAfterMs,
    ).unref();
  }

  return {
    objects,
    operations,
    open: (settings, { table, clock }) => ({
      settings,
      faxes: createFaxStore(table),
      documents: {
        async put(id, order) {
          operations.push('PutObject');
          objects.set(id, Buffer.concat(faxObject(order)));
        },
        async get(id) {
          operations.push('GetObject');
          return readFaxObject(objects.get(id) ?? new Uint8Array());
        },
        async delete(id) {
          operations.push('DeleteObject');
          objects.delete(id);
        },
      },
      queue: {
        async send(id, userKey) {
          operations.push('SendMessage');
          queue.push({ id, group: userKey, sentAtMs: clock.nowMs() });
          setImmediate(deliver);
        },
        async delay() {
          operations.push('ChangeMessageVisibility');
        },
      },
    }),
    deliverTo(given) {
      handler = given;
    },
    close() {
      queue.length = 0;
    },
  };
}
