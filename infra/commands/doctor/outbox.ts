import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { asArray, asCount, asObject, asText, parseJson, type Json } from '../../../lib/domain/untrusted.ts';
import type { AwsCli, AwsCliResult } from '../aws/aws-cli.ts';
import { awsErrorCode, awsFailed } from '../aws/aws-failure.ts';
import type { OutboxParts } from '../aws/stack.ts';
import { counted, failed, passed, shown, skipped, type Check } from '../report/check.ts';

const names = { bucket: 'fax bucket', queue: 'fax queue', mapping: 'fax sending' } as const;

const redeploy =
  'It is not as infra/resources/outbox.yml has it: somebody has changed it. Change it back, or deploy again.';
const gone = 'Look at it in the AWS console; if it is gone, deploy again.';

/** Six times the timeout of send-fax. AWS refuses a value below the timeout. */
const visibilitySeconds = 360;

/** The checks of {@link checkOutbox} as skipped. */
export const skippedOutbox = (why: string): readonly Check[] => Object.values(names).map((name) => skipped(name, why));

/** Checks the storage of waiting faxes, and whether Lambda passes them to the function that sends them. */
export async function checkOutbox(aws: AwsCli, outbox: OutboxParts): Promise<readonly Check[]> {
  const { bucket, queueUrl, mappingId } = outbox;
  if (bucket === undefined || queueUrl === undefined || mappingId === undefined) {
    return skippedOutbox('the stack has none: it was deployed by an earlier version');
  }
  const [blocks, encryption, attributes, mapping] = await Promise.all([
    aws('s3api', 'get-public-access-block', '--bucket', bucket),
    aws('s3api', 'get-bucket-encryption', '--bucket', bucket),
    aws('sqs', 'get-queue-attributes', '--queue-url', queueUrl, '--attribute-names', 'All'),
    aws('lambda', 'get-event-source-mapping', '--uuid', mappingId),
  ]);
  return [
    checkAnswer(names.bucket, blocks, 's3:GetBucketPublicAccessBlock', (block) =>
      checkAnswer(names.bucket, encryption, 's3:GetEncryptionConfiguration', (rules) =>
        checkBucket(bucket, block, rules),
      ),
    ),
    checkAnswer(names.queue, attributes, 'sqs:GetQueueAttributes', (json) =>
      checkQueue(asObject(json['Attributes']) ?? {}),
    ),
    checkAnswer(names.mapping, mapping, 'lambda:GetEventSourceMapping', (json) => checkMapping(mappingId, json)),
  ];
}

/** Checks the queue of the local stack. Its bucket has no settings, and its event source mapping is not a resource. */
export async function checkLocalQueue(sqs: Pick<SQSClient, 'send'>, queueUrl: string): Promise<Check> {
  try {
    const answer = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }));
    return checkQueue({ ...answer.Attributes });
  } catch (error) {
    return awsFailed(names.queue, awsErrorCode(error), 'sqs:GetQueueAttributes', 'Start npm start again.');
  }
}

/** S3's error codes for a missing setting, one per kind of setting. */
const notThere = new Set(['NoSuchPublicAccessBlockConfiguration', 'ServerSideEncryptionConfigurationNotFoundError']);

function checkAnswer(name: string, result: AwsCliResult, action: string, check: (json: Json) => Check): Check {
  if (result.kind === 'answered') return check(asObject(result.json) ?? {});
  if (result.kind === 'failed' && notThere.has(result.code)) return check({});
  return awsFailed(name, result.kind === 'failed' ? result.code : 'the aws command is not installed', action, gone);
}

const publicAccessBlocks = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'];

function checkBucket(bucket: string, block: Json, encryption: Json): Check {
  const set = asObject(block['PublicAccessBlockConfiguration']);
  if (!publicAccessBlocks.every((name) => set?.[name] === true)) {
    return failed(names.bucket, `${shown(bucket)}: public access is not blocked`, redeploy);
  }
  const [rule] = asArray(asObject(encryption['ServerSideEncryptionConfiguration'])?.['Rules']);
  const algorithm = asText(asObject(asObject(rule)?.['ApplyServerSideEncryptionByDefault'])?.['SSEAlgorithm']);
  if (algorithm === undefined) return failed(names.bucket, `${shown(bucket)}: not encrypted`, redeploy);
  return passed(
    names.bucket,
    `no public access, encrypted with ${algorithm === 'AES256' ? "S3's key" : 'a key of KMS'}`,
  );
}

function checkQueue(attributes: Json): Check {
  const wrong = (what: string): Check => failed(names.queue, what, redeploy);
  if (attributes['FifoQueue'] !== 'true') return wrong('no FIFO queue: faxes would lose their order');
  if ((asCount(attributes['VisibilityTimeout']) ?? 0) < visibilitySeconds) {
    return wrong(
      `visibility time-out of ${shown(attributes['VisibilityTimeout'])} s: a fax that is being sent comes again`,
    );
  }
  const redrive = asObject(parseJson(asText(attributes['RedrivePolicy']) ?? ''));
  if (asText(redrive?.['deadLetterTargetArn']) === undefined) return wrong('no queue for dead letters');
  const waiting = asCount(attributes['ApproximateNumberOfMessages']) ?? 0;
  const inFlight = asCount(attributes['ApproximateNumberOfMessagesNotVisible']) ?? 0;
  return passed(names.queue, `FIFO, with ${counted(waiting + inFlight, 'message')}`);
}

function checkMapping(id: string, mapping: Json): Check {
  const state = asText(mapping['State']);
  if (state === 'Creating' || state === 'Enabling' || state === 'Updating') {
    return failed(names.mapping, shown(state), 'Run the doctor again in a minute.');
  }
  if (state !== 'Enabled') {
    return failed(
      names.mapping,
      `${shown(state)}: no fax that waits is sent`,
      `Switch it on: aws lambda update-event-source-mapping --uuid ${id} --enabled`,
    );
  }
  // Without it, Lambda deletes the message of a fax that has to wait, and the fax is lost.
  if (!asArray(mapping['FunctionResponseTypes']).includes('ReportBatchItemFailures')) {
    return failed(names.mapping, 'faxes that have to wait are lost', redeploy);
  }
  return passed(names.mapping, 'enabled');
}
