import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { QueueUnavailable } from '../../lib/outbox/ports.ts';
import { createFaxQueue, faxIdIn } from '../../lib/outbox/sqs-queue.ts';

const client = new SQSClient({ region: 'eu-central-1' });
const sqs = mockClient(client);
const queue = createFaxQueue(client, 'https://sqs.example/demo.fifo');
beforeEach(() => sqs.reset());

const inputs = (): readonly unknown[] => sqs.calls().map(({ args: [command] }) => command.input);

test('a fax is one message in the group of its user, deduplicated by its id', async () => {
  await queue.send('demo-fax', 'demo-user', 0);
  await queue.send('demo-fax', 'demo-user', 2);
  const message = {
    QueueUrl: 'https://sqs.example/demo.fifo',
    MessageBody: '{"id":"demo-fax"}',
    MessageGroupId: 'demo-user',
  };
  expect(inputs()).toEqual([
    { ...message, MessageDeduplicationId: 'demo-fax' },
    { ...message, MessageDeduplicationId: 'demo-fax.2' },
  ]);
});

test.each([
  [0, 0],
  [-5, 0],
  [0.2, 1],
  [61, 61],
  [100_000, 39_600],
])('a message that waits %d s is hidden for %d s', async (seconds, hidden) => {
  await queue.delay('demo-receipt', seconds);
  expect(sqs.commandCalls(ChangeMessageVisibilityCommand)[0]?.args[0].input.VisibilityTimeout).toBe(hidden);
});

test('a queue that does not answer throws QueueUnavailable', async () => {
  sqs.on(SendMessageCommand).rejects(Object.assign(new Error('demo'), { name: 'TimeoutError' }));
  await expect(queue.send('demo-fax', 'demo-user', 0)).rejects.toThrow(QueueUnavailable);
});

test.each([
  ['{"id":"demo-fax"}', 'demo-fax'],
  ['{"id":""}', undefined],
  ['{"id":7}', undefined],
  ['no JSON', undefined],
])('the message %s names the fax %s', (body, id) => expect(faxIdIn(body)).toBe(id));
