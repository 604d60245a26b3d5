import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { SQSEvent } from 'aws-lambda';
import { asObject } from '../../../lib/domain/untrusted.ts';
import { askStandIn } from '../../../infra/local/ask-stand-in.ts';
import { startEventSourceMapping, type EventSourceMapping } from '../../../infra/local/event-source-mapping.ts';
import { closer, listen } from '../../../infra/local/listen.ts';
import type { OutboxQueues } from '../../../infra/local/outbox-definition.ts';
import { startOutboxServices, type OutboxServices } from '../../../infra/local/outbox-services.ts';

const queues: OutboxQueues = {
  queue: {
    name: 'demo.fifo',
    attributes: { FifoQueue: 'true', VisibilityTimeout: '360' },
    redrive: { toQueue: 'dead.fifo', maxReceiveCount: 1000 },
  },
  deadLetters: { name: 'dead.fifo', attributes: { FifoQueue: 'true' }, redrive: undefined },
};

/** One invocation that the test ends. */
interface Invocation {
  readonly event: SQSEvent;
  readonly body: string;
  readonly receives: string;
  end(answer?: unknown): void;
  fail(): void;
}

let services: OutboxServices;
let mapping: EventSourceMapping;
let invocations: Invocation[];
let failures: string[];
/** Called with each invocation as it begins. */
let begun: (invocation: Invocation) => void;

beforeEach(async () => {
  services = await startOutboxServices(queues, 'demo-bucket');
  await services.ready;
  invocations = [];
  failures = [];
  begun = () => {};
  mapping = startEventSourceMapping({
    ...services,
    atOnce: 5,
    onFailure: (why) => failures.push(why),
    invoke(event) {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const invocation: Invocation = {
        event,
        body: event.Records[0]?.body ?? '',
        receives: event.Records[0]?.attributes.ApproximateReceiveCount ?? '',
        end: resolve,
        fail: () => reject(new Error('demo failure')),
      };
      invocations.push(invocation);
      begun(invocation);
      return promise;
    },
  });
});
afterEach(async () => {
  await mapping.stop();
  await services.close();
  expect(failures).toEqual([]);
});

const sqs = (operation: string, body: object = {}) =>
  askStandIn(services.url, { target: `AmazonSQS.${operation}`, body: { QueueUrl: services.queueUrl, ...body } });
const send = (group: string, id: string) =>
  sqs('SendMessage', { MessageBody: id, MessageGroupId: group, MessageDeduplicationId: id });
const hide = ({ event }: Invocation, seconds: number) =>
  sqs('ChangeMessageVisibility', { ReceiptHandle: event.Records[0]?.receiptHandle, VisibilityTimeout: seconds });

/** Resolves when `count` invocations have begun. Without them the test fails by jest's timeout. */
function atLeast(count: number): Promise<void> {
  if (invocations.length >= count) return Promise.resolve();
  return new Promise((resolve) => {
    begun = () => {
      if (invocations.length >= count) resolve();
    };
  });
}
const bodies = (): readonly string[] => invocations.map(({ body }) => body);
const failed = ({ event }: Invocation) => ({
  batchItemFailures: [{ itemIdentifier: event.Records[0]?.messageId }],
});
/** The numbers of visible and invisible messages. */
async function left(): Promise<readonly unknown[]> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
  const attributes = asObject(asObject(await sqs('GetQueueAttributes', { AttributeNames: names }))?.['Attributes']);
  return names.map((name) => attributes?.[name]);
}

test('a message arrives as the event of AWS, and is deleted when the function returns', async () => {
  await send('demo-user', 'demo-1');
  await atLeast(1);
  expect(invocations[0]?.event).toEqual({
    Records: [
      {
        messageId: expect.stringMatching(/^[\da-f-]{36}$/),
        receiptHandle: expect.any(String),
        body: 'demo-1',
        attributes: {
          SenderId: expect.any(String),
          SentTimestamp: expect.stringMatching(/^\d{13}$/),
          ApproximateReceiveCount: '1',
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
          MessageGroupId: 'demo-user',
          MessageDeduplicationId: 'demo-1',
          SequenceNumber: expect.stringMatching(/^\d{20}$/),
        },
        messageAttributes: {},
        md5OfBody: createHash('md5').update('demo-1').digest('hex'),
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:demo.fifo',
        awsRegion: 'us-east-1',
      },
    ],
  });
  expect(await left()).toEqual(['0', '1']);
  // The next message of the group arrives only after the deletion.
  await send('demo-user', 'demo-2');
  invocations[0]?.end({ batchItemFailures: [] });
  await atLeast(2);
  expect([bodies(), await left()]).toEqual([
    ['demo-1', 'demo-2'],
    ['0', '1'],
  ]);
});

test('a message reported as failed arrives again before the next one of its group', async () => {
  await send('demo-user', 'demo-1');
  await send('demo-user', 'demo-2');
  await atLeast(1);
  const [first] = invocations;
  if (first !== undefined) await hide(first, 0);
  first?.end(first === undefined ? undefined : failed(first));
  await atLeast(2);
  expect(invocations.map(({ body, receives }) => [body, receives])).toEqual([
    ['demo-1', '1'],
    ['demo-1', '2'],
  ]);
});

test('a message whose function fails arrives again when its visibility timeout ends', async () => {
  await send('demo-user', 'demo-1');
  await send('demo-user', 'demo-2');
  await atLeast(1);
  const [first] = invocations;
  first?.fail();
  await send('other-user', 'demo-3');
  await atLeast(2);
  expect([bodies(), await left()]).toEqual([
    ['demo-1', 'demo-3'],
    ['1', '2'],
  ]);
  if (first !== undefined) await hide(first, 0);
  await atLeast(3);
  expect(bodies()).toEqual(['demo-1', 'demo-3', 'demo-1']);
});

test('five groups are served at the same time, and another one when one of them is done', async () => {
  for (let group = 1; group <= 7; group += 1) await send(`user-${group}`, `demo-${group}`);
  await atLeast(5);
  expect([bodies().length, await left()]).toEqual([5, ['2', '5']]);
  invocations[2]?.end();
  await atLeast(6);
  expect([bodies().length, await left()]).toEqual([6, ['1', '5']]);
});

test('a group has one invocation at a time, even when its message is visible before the function returns', async () => {
  await send('demo-user', 'demo-1');
  await atLeast(1);
  const [first] = invocations;
  if (first !== undefined) await hide(first, 0);
  await send('other-user', 'demo-2');
  await atLeast(2);
  // The mapping has received the message again: a message of another group that was sent later has been served.
  expect([bodies(), await left()]).toEqual([
    ['demo-1', 'demo-2'],
    ['0', '2'],
  ]);
  first?.end(failed(first));
  await atLeast(3);
  expect(bodies()).toEqual(['demo-1', 'demo-2', 'demo-1']);
});

test('a stopped mapping invokes nothing and deletes nothing', async () => {
  await send('demo-user', 'demo-1');
  await atLeast(1);
  await mapping.stop();
  await send('other-user', 'demo-2');
  invocations[0]?.end();
  await new Promise((resolve) => setImmediate(resolve));
  expect([bodies(), await left()]).toEqual([['demo-1'], ['1', '1']]);
});

describe('with a queue of given answers', () => {
  let server: Server;
  let close: () => Promise<void>;
  let url: string;
  let asked: string[];
  let answer: (operation: string) => { status: number; body: unknown } | undefined;
  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      const operation = String(request.headers['x-amz-target']).replace('AmazonSQS.', '');
      asked.push(operation);
      const given = answer(operation);
      if (given !== undefined) response.writeHead(given.status).end(JSON.stringify(given.body));
    });
    close = closer(server);
    url = `http://127.0.0.1:${await listen(server, 0)}`;
  });
  afterEach(() => close());

  const message = {
    MessageId: 'demo-id',
    ReceiptHandle: 'demo-handle',
    Body: '{}',
    Attributes: { MessageGroupId: 'g' },
  };
  const start = (invoke: () => Promise<unknown>, told: string[] = []) =>
    startEventSourceMapping({
      url,
      queueUrl: `${url}/0/demo.fifo`,
      queueArn: 'arn:aws:sqs:us-east-1:000000000000:demo.fifo',
      atOnce: 1,
      invoke,
      onFailure: (why) => told.push(why),
    });

  // AWS Lambda developer guide, "Implementing partial batch responses": success and failure conditions.
  test.each([
    ['nothing', undefined, true],
    ['null', null, true],
    ['{}', {}, true],
    ['no list', { batchItemFailures: null }, true],
    ['an empty list', { batchItemFailures: [] }, true],
    ['its id', { batchItemFailures: [{ itemIdentifier: 'demo-id' }] }, false],
    ['another id', { batchItemFailures: [{ itemIdentifier: 'other' }] }, false],
    ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }, false],
    ['a misspelt key', { batchItemFailures: [{ id: 'demo-id' }] }, false],
    ['no list but an object', { batchItemFailures: {} }, false],
    ['text', 'demo', false],
  ])('the message is deleted or kept as in AWS when the function returns %s', async (_name, returned, isDeleted) => {
    let received = 0;
    const done = Promise.withResolvers<void>();
    answer = (operation) => {
      if (operation !== 'ReceiveMessage') return { status: 200, body: {} };
      received += 1;
      if (received > 1) done.resolve();
      return received > 1 ? undefined : { status: 200, body: { Messages: [message] } };
    };
    const started = start(() => Promise.resolve(returned));
    // With one invocation at a time, the mapping receives again when it is done with the message.
    await done.promise;
    await started.stop();
    expect(asked).toEqual(['ReceiveMessage', ...(isDeleted ? ['DeleteMessage'] : []), 'ReceiveMessage']);
  });

  test('a failed receive is reported and retried', async () => {
    const told: string[] = [];
    const again = Promise.withResolvers<void>();
    answer = () => {
      if (asked.length === 1) return { status: 500, body: { __type: 'InternalFailure' } };
      again.resolve();
      return undefined;
    };
    const started = start(() => Promise.reject(new Error('nothing to invoke')), told);
    await again.promise;
    await started.stop();
    expect(told).toEqual(['Error: AmazonSQS.ReceiveMessage: 500 {"__type":"InternalFailure"}']);
  });

  test('a failed deletion is reported, and the mapping continues', async () => {
    const told: string[] = [];
    const again = Promise.withResolvers<void>();
    answer = (operation) => {
      if (operation === 'DeleteMessage') return { status: 500, body: {} };
      if (asked.length === 1) return { status: 200, body: { Messages: [message] } };
      again.resolve();
      return undefined;
    };
    const started = start(() => Promise.resolve(), told);
    await again.promise;
    await started.stop();
    expect(told).toEqual(['Error: AmazonSQS.DeleteMessage: 500 {}']);
  });
});
