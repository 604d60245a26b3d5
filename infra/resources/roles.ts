import type { Resource, Resources, Value } from '../cloudformation.ts';
import { functionRows, type FunctionRow } from '../functions.ts';
import { logGroupId, roleId } from './logical-ids.ts';

function role(name: string, { sessions, marks, faxes, outbox }: FunctionRow): Resource {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [
        {
          PolicyName: name,
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              ownLogGroup(name),
              listedSecrets,
              onItems('UserState', 'USER#*', ['dynamodb:GetItem', 'dynamodb:UpdateItem']),
              ...(sessions === undefined ? [] : [onItems('Sessions', 'SESSION#*', sessions)]),
              ...(marks === undefined ? [] : [onItems('Marks', 'MARK#*', marks)]),
              ...(faxes === undefined ? [] : [onItems('Faxes', 'FAX#*', faxes)]),
              ...(outbox === undefined ? [] : onOutbox[outbox]),
              { 'Fn::If': ['XRay', traces, { Ref: 'AWS::NoValue' }] },
            ],
          },
        },
      ],
    },
  };
}

const ownLogGroup = (name: string): Value => ({
  Sid: 'OwnLogGroup',
  Effect: 'Allow',
  // Without CreateLogGroup, because a function would recreate a deleted group without retention.
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: { 'Fn::GetAtt': [logGroupId(name), 'Arn'] },
});

const listedSecrets: Value = {
  Sid: 'ListedSecrets',
  Effect: 'Allow',
  Action: 'secretsmanager:GetSecretValue',
  Resource: '${self:custom.secrets.arns}',
};

/** IAM conditions can use only the partition key of an item, so that key contains the item's type. */
const onItems = (Sid: string, keys: string, Action: readonly string[]): Value => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource: { 'Fn::GetAtt': ['StateTable', 'Arn'] },
  Condition: {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [keys] },
    // ForAllValues alone would also match a request without keys.
    Null: { 'dynamodb:LeadingKeys': 'false' },
  },
});

const queue = (...Action: readonly string[]): Value => ({
  Sid: 'OutboxQueue',
  Effect: 'Allow',
  Action,
  Resource: { 'Fn::GetAtt': ['OutboxQueue', 'Arn'] },
});
const bytes = (...Action: readonly string[]): Value => ({
  Sid: 'OutboxBytes',
  Effect: 'Allow',
  Action,
  Resource: { 'Fn::Join': ['/', [{ 'Fn::GetAtt': ['OutboxBucket', 'Arn'] }, 'faxes/*']] },
});
/** S3 uses the KMS key on behalf of the function that calls S3. */
const key = (Action: string): Value => ({
  'Fn::If': [
    'OutboxKey',
    {
      Sid: 'OutboxKey',
      Effect: 'Allow',
      Action,
      Resource: '${self:custom.settings.outboxKeyArn}',
      Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Sub': 's3.${AWS::Region}.${AWS::URLSuffix}' } } },
    },
    { Ref: 'AWS::NoValue' },
  ],
});

const onOutbox: Readonly<Record<NonNullable<FunctionRow['outbox']>, readonly Value[]>> = {
  enters: [bytes('s3:PutObject'), key('kms:GenerateDataKey'), queue('sqs:SendMessage')],
  sends: [
    bytes('s3:GetObject', 's3:DeleteObject'),
    {
      // Without ListBucket, S3 answers 403 for a deleted object. There is no condition on s3:prefix, because a read of
      // one object has no prefix.
      Sid: 'OutboxMissingBytes',
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: { 'Fn::GetAtt': ['OutboxBucket', 'Arn'] },
    },
    key('kms:Decrypt'),
    queue(
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ChangeMessageVisibility',
      'sqs:SendMessage',
    ),
  ],
};

const traces: Value = {
  Sid: 'Traces',
  Effect: 'Allow',
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  Resource: '*', // X-Ray has no resources with ARNs
};

/** One role per function, with the least permissions it needs. */
export const roles: Resources = {
  Resources: Object.fromEntries(functionRows.map(({ name, ...row }) => [roleId(name), role(name, row)])),
};
