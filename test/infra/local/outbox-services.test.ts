import { createHash } from 'node:crypto';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import { standInAuthorization } from '../../../infra/local/ask-stand-in.ts';
import { localAws } from '../../../infra/local/local-aws.ts';
import { outboxQueues } from '../../../infra/local/outbox-definition.ts';
import { startOutboxServices, type OutboxServices } from '../../../infra/local/outbox-services.ts';

const definition = `
Resources:
  Table: { Type: AWS::DynamoDB::Table }
  DemoQueue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: \${self:service}-\${sls:stage}-demo.fifo
      FifoQueue: true
      ContentBasedDeduplication: false
      VisibilityTimeout: 360
      MessageRetentionPeriod: \${self:custom.settings.demoSeconds}
      RedrivePolicy:
        deadLetterTargetArn: { Fn::GetAtt: [DemoDeadLetters, Arn] }
        maxReceiveCount: 3
  DemoDeadLetters:
    Type: AWS::SQS::Queue
    Properties: { FifoQueue: true, MessageRetentionPeriod: 1209600 }
`;

test('reads the queues from a CloudFormation definition', () => {
  expect(outboxQueues(definition, 'demo.yml')).toEqual({
    queue: {
      name: 'ringout-bridge-local-demo.fifo',
      attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'false', VisibilityTimeout: '360' },
      redrive: { toQueue: 'DemoDeadLetters.fifo', maxReceiveCount: 3 },
    },
    deadLetters: {
      name: 'DemoDeadLetters.fifo',
      attributes: { FifoQueue: 'true', MessageRetentionPeriod: '1209600' },
      redrive: undefined,
    },
  });
});

test.each([
  '',
  'Resources: {}',
  'Resources: { Q: { Type: AWS::SQS::Queue, Properties: { FifoQueue: true } } }',
  definition.replace('GetAtt: [DemoDeadLetters', 'GetAtt: [Others'),
  definition.replace('maxReceiveCount: 3', 'maxReceiveCount: { Ref: Three }'),
])('a definition without the two queues is refused: %#', (text) => {
  expect(() => outboxQueues(text, 'demo.yml')).toThrow(
    'demo.yml defines no AWS::SQS::Queue with a RedrivePolicy to another one.',
  );
});

describe('the services', () => {
  let services: OutboxServices;
  let s3: S3Client;
  let sqs: SQSClient;
  beforeAll(async () => {
    services = await startOutboxServices(outboxQueues(definition, 'demo.yml'), 'demo-bucket');
    const settings = { ...localAws, endpoint: services.url, maxAttempts: 1 };
    s3 = new S3Client({ ...settings, forcePathStyle: true });
    sqs = new SQSClient(settings);
    await services.ready;
  });
  afterAll(async () => {
    s3.destroy();
    sqs.destroy();
    await services.close();
  });

  const queue = () => ({ QueueUrl: services.queueUrl });
  const send = (group: string, id: string) =>
    sqs.send(
      new SendMessageCommand({ ...queue(), MessageBody: id, MessageGroupId: group, MessageDeduplicationId: id }),
    );
  const receive = async (): Promise<Message | undefined> => {
    const command = new ReceiveMessageCommand({ ...queue(), MessageSystemAttributeNames: ['All'] });
    return (await sqs.send(command)).Messages?.[0];
  };
  const hide = (message: Message | undefined, seconds: number) =>
    sqs.send(
      new ChangeMessageVisibilityCommand({
        ...queue(),
        ReceiptHandle: message?.ReceiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  const remove = (message: Message | undefined) =>
    sqs.send(new DeleteMessageCommand({ ...queue(), ReceiptHandle: message?.ReceiptHandle }));

  test('the bucket keeps an object byte for byte until it is deleted', async () => {
    const object = { Bucket: services.bucket, Key: 'faxes/demo-id' };
    const body = Buffer.alloc(4_700_000, Buffer.from([0, 13, 10, 255, 128]));
    await s3.send(new PutObjectCommand({ ...object, Body: body }));
    const { Body } = await s3.send(new GetObjectCommand(object));
    const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    expect(digest((await Body?.transformToByteArray()) ?? Buffer.of())).toBe(digest(body));
    await s3.send(new DeleteObjectCommand(object));
    await expect(s3.send(new GetObjectCommand(object))).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('the queues have the attributes of the definition', async () => {
    const attributesOf = async (QueueUrl: string) =>
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes;
    const deadLetters = await attributesOf(services.deadLettersUrl);
    expect(deadLetters).toMatchObject({ FifoQueue: 'true', MessageRetentionPeriod: '1209600' });
    expect(await attributesOf(services.queueUrl)).toMatchObject({
      QueueArn: services.queueArn,
      FifoQueue: 'true',
      VisibilityTimeout: '360',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters?.['QueueArn'], maxReceiveCount: 3 }),
    });
  });

  // event-source-mapping.test.ts has the order of a group.
  test('a repeated id is deduplicated', async () => {
    for (const id of ['one-1', 'one-1', 'one-2']) await send('one', id);
    for (const id of ['one-1', 'one-2']) {
      const message = await receive();
      expect(message?.Body).toBe(id);
      await remove(message);
    }
    expect(await receive()).toBeUndefined();
  });

  test('a message that was received too often goes to the dead letters', async () => {
    await send('dead', 'dead-1');
    for (let time = 0; time < 3; time += 1) await hide(await receive(), 0);
    expect(await receive()).toBeUndefined();
    const dead = await sqs.send(new ReceiveMessageCommand({ QueueUrl: services.deadLettersUrl }));
    expect(dead.Messages?.map(({ Body }) => Body)).toEqual(['dead-1']);
  });
});

test('a request that arrives before the services are loaded is answered', async () => {
  const services = await startOutboxServices(outboxQueues(definition, 'demo.yml'), 'demo-bucket');
  const answer = await fetch(`${services.url}/health`, {
    headers: { authorization: standInAuthorization },
  });
  expect(answer.status).toBe(200);
  await services.close();
  await expect(fetch(services.url)).rejects.toThrow('fetch failed');
});
