import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import type { AwsCliResult } from '../../../../infra/commands/aws/aws-cli.ts';
import { checkLocalQueue, checkOutbox } from '../../../../infra/commands/doctor/outbox.ts';
import { asDeployed } from './deployed.ts';
import { fakeAwsCli } from './test-world.ts';

const outbox = { bucket: 'test-outbox', queueUrl: 'demo', mappingId: 'demo-id', hours: 24 };
const check = (changes: Readonly<Record<string, AwsCliResult | object>> = {}) =>
  checkOutbox(fakeAwsCli({ ...asDeployed, ...changes }), outbox);
const { Attributes } = asDeployed['sqs get-queue-attributes'];
const { PublicAccessBlockConfiguration: blocks } = asDeployed['s3api get-public-access-block'];
const failing = (code: string) => ({ kind: 'failed', code }) as const;

test('an outbox as deployed passes', async () => {
  expect((await check()).map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
});

test('a bucket with a KMS key passes and is reported as such', async () => {
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }];
  const [bucket] = await check({ 's3api get-bucket-encryption': { ServerSideEncryptionConfiguration: { Rules } } });
  expect(bucket?.detail).toBe('no public access, encrypted with a key of KMS');
});

test.each<[string, string, AwsCliResult | object, string]>([
  [
    'a bucket with one public access block off',
    's3api get-public-access-block',
    { PublicAccessBlockConfiguration: { ...blocks, BlockPublicPolicy: false } },
    'test-outbox: public access is not blocked',
  ],
  [
    'a bucket without blocks',
    's3api get-public-access-block',
    failing('NoSuchPublicAccessBlockConfiguration'),
    'test-outbox: public access is not blocked',
  ],
  [
    'a bucket without encryption',
    's3api get-bucket-encryption',
    failing('ServerSideEncryptionConfigurationNotFoundError'),
    'test-outbox: not encrypted',
  ],
  [
    'no bucket',
    's3api get-public-access-block',
    failing('NoSuchBucket'),
    's3:GetBucketPublicAccessBlock: NoSuchBucket',
  ],
  [
    'a queue that is not FIFO',
    'sqs get-queue-attributes',
    { Attributes: { ...Attributes, FifoQueue: undefined } },
    'no FIFO queue: faxes would lose their order',
  ],
  [
    'a queue with a short visibility timeout',
    'sqs get-queue-attributes',
    { Attributes: { ...Attributes, VisibilityTimeout: '60' } },
    'visibility time-out of 60 s: a fax that is being sent comes again',
  ],
  [
    'a queue without dead letters',
    'sqs get-queue-attributes',
    { Attributes: { ...Attributes, RedrivePolicy: undefined } },
    'no queue for dead letters',
  ],
  ['no permission', 'sqs get-queue-attributes', failing('AccessDenied'), 'sqs:GetQueueAttributes: AccessDenied'],
  [
    'a disabled mapping',
    'lambda get-event-source-mapping',
    { State: 'Disabled' },
    'Disabled: no fax that waits is sent',
  ],
  ['a mapping that is being updated', 'lambda get-event-source-mapping', { State: 'Updating' }, 'Updating'],
  [
    'a mapping without batch item failures',
    'lambda get-event-source-mapping',
    { State: 'Enabled', FunctionResponseTypes: [] },
    'faxes that have to wait are lost',
  ],
  [
    'no aws command',
    'lambda get-event-source-mapping',
    { kind: 'missing' },
    'lambda:GetEventSourceMapping: the aws command is not installed',
  ],
])('%s is a failed check', async (_, command, answer, detail) => {
  const crosses = (await check({ [command]: answer })).filter(({ outcome }) => outcome === 'failed');
  expect(crosses).toEqual([
    expect.objectContaining({
      detail,
      remedy: expect.stringMatching(/^(?:Change it back|It is not as|Look at|Allow|Switch|Run)/) as unknown,
    }),
  ]);
});

test('a disabled mapping is reported with the command that enables it', async () => {
  const [, , mapping] = await check({ 'lambda get-event-source-mapping': { State: 'Disabled' } });
  expect(mapping).toMatchObject({
    remedy: 'Switch it on: aws lambda update-event-source-mapping --uuid demo-id --enabled',
  });
});

test('every check is skipped for a stack of an earlier version', async () => {
  const checks = await checkOutbox(fakeAwsCli({}), { ...outbox, mappingId: undefined });
  expect(checks.map(({ outcome, detail }) => `${outcome}: ${detail}`)).toEqual(
    Array<string>(3).fill('skipped: the stack has none: it was deployed by an earlier version'),
  );
});

describe('the local queue', () => {
  const sqs = mockClient(SQSClient);
  beforeEach(() => sqs.reset());
  const client = new SQSClient({ region: 'us-east-1' });

  test('is checked like the deployed one', async () => {
    sqs.on(GetQueueAttributesCommand, { QueueUrl: 'demo', AttributeNames: ['All'] }).resolves({ Attributes });
    expect(await checkLocalQueue(client, 'demo')).toMatchObject({ outcome: 'ok', detail: 'FIFO, with 3 messages' });
  });

  test('that does not answer is a failed check', async () => {
    sqs.on(GetQueueAttributesCommand).rejects(Object.assign(new Error('x'), { name: 'QueueDoesNotExist' }));
    expect(await checkLocalQueue(client, 'demo')).toMatchObject({
      outcome: 'failed',
      detail: 'sqs:GetQueueAttributes: QueueDoesNotExist',
      remedy: 'Start npm start again.',
    });
  });
});
