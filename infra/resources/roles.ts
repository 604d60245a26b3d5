import type { Resource, Resources, Value } from '../cloudformation.ts';
import { functionRows, type FunctionRow } from '../functions.ts';
import { logGroupId, roleId } from './logical-ids.ts';

function role(name: string, { sessions, marks }: FunctionRow): Resource {
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
  // Not CreateLogGroup: a deleted group would come back without retention.
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: { 'Fn::GetAtt': [logGroupId(name), 'Arn'] },
});

const listedSecrets: Value = {
  Sid: 'ListedSecrets',
  Effect: 'Allow',
  Action: 'secretsmanager:GetSecretValue',
  Resource: '${self:custom.secrets.arns}',
};

/** The item's type stands in the partition key, which is all of an item that IAM can condition on. */
const onItems = (Sid: string, keys: string, Action: readonly string[]): Value => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource: { 'Fn::GetAtt': ['StateTable', 'Arn'] },
  Condition: {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [keys] },
    // ForAllValues alone also holds for a request without keys.
    Null: { 'dynamodb:LeadingKeys': 'false' },
  },
});

const traces: Value = {
  Sid: 'Traces',
  Effect: 'Allow',
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  Resource: '*', // X-Ray has no resources to name
};

/** One role per function, with the least it needs. */
export const roles: Resources = {
  Resources: Object.fromEntries(functionRows.map(({ name, ...row }) => [roleId(name), role(name, row)])),
};
