import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from './template.ts';

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const text = readFileSync(join(import.meta.dirname, '../../docs/deploy-policy.json'), 'utf8');
const { Statement: statements } = JSON.parse(text) as { readonly Statement: readonly Statement[] };

type Request = readonly [action: string, resource: string, context?: Readonly<Record<string, string>>];

const at = 'us-east-1:123456789012';
const role = 'arn:aws:iam::123456789012:role/ringout-bridge-prod-CallRole-1A2B3C';
const lambda = `arn:aws:lambda:${at}:function:ringout-bridge-prod-call`;
const table = `arn:aws:dynamodb:${at}:table/ringout-bridge-prod-StateTable-1A2B3C`;
const secret = `arn:aws:secretsmanager:${at}:secret:ringout-bridge/prod-AbC123`;
const bucket = 'arn:aws:s3:::ringout-bridge-prod-serverlessdeploymentbucket-1a2b3c';
const outboxBucket = 'arn:aws:s3:::ringout-bridge-prod-outboxbucket-1a2b3c';
const queue = `arn:aws:sqs:${at}:ringout-bridge-prod-outbox.fifo`;
const mapping = `arn:aws:lambda:${at}:event-source-mapping:00000000-0000-0000-0000-000000000000`;
const rule = `arn:aws:events:${at}:rule/ringout-bridge-prod-RefreshDashtokenEventsRuleSchedule1-1A2B3C`;
const logGroups = ['/aws/lambda/ringout-bridge-prod-call', '/ringout-bridge/prod/access'];
const alarm = `arn:aws:cloudwatch:${at}:alarm:ringout-bridge-prod-errors-call`;
const dashboard = 'arn:aws:cloudwatch::123456789012:dashboard/ringout-bridge-prod';
const gateway = (path: string, ...methods: readonly string[]): readonly Request[] =>
  methods.map((method) => [`apigateway:${method}`, `arn:aws:apigateway:us-east-1::${path}`]);
const all = (service: string, resource: string, ...actions: readonly string[]): readonly Request[] =>
  actions.map((action) => [`${service}:${action}`, resource]);
const ofApi = (part: string): readonly Request[] =>
  gateway(`/restapis/a1b2c3d4e5/${part}`, 'POST', 'GET', 'PUT', 'PATCH', 'DELETE');

/**
 * The requests that CloudFormation makes with the deploying role to create, change and delete a resource, by its type.
 * Sources: the permissions of the handlers in AWS's published resource schemas, and the authorization reference of API
 * Gateway.
 */
const requestsByType: Readonly<Record<string, readonly Request[]>> = {
  'AWS::ApiGateway::Account': gateway('/account', 'GET', 'PATCH').concat([
    ['iam:PassRole', role, { 'iam:PassedToService': 'apigateway.amazonaws.com' }],
  ]),
  'AWS::ApiGateway::BasePathMapping': gateway(
    '/domainnames/telephony.example.com/basepathmappings',
    'POST',
    'GET',
    'PATCH',
    'DELETE',
  ),
  'AWS::ApiGateway::Deployment': ofApi('deployments'),
  'AWS::ApiGateway::DomainName': [
    ...gateway('/domainnames', 'POST'),
    ...gateway('/domainnames/telephony.example.com', 'GET', 'PATCH', 'DELETE'),
    [
      'iam:CreateServiceLinkedRole',
      'arn:aws:iam::123456789012:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway',
    ],
  ],
  'AWS::ApiGateway::GatewayResponse': ofApi('gatewayresponses/THROTTLED'),
  'AWS::ApiGateway::Method': ofApi('resources/abc123/methods/GET'),
  'AWS::ApiGateway::Resource': ofApi('resources'),
  'AWS::ApiGateway::RestApi': [
    ...gateway('/restapis', 'POST'),
    ...gateway('/restapis/a1b2c3d4e5', 'GET', 'PATCH', 'DELETE', 'UpdateRestApiPolicy'),
  ],
  'AWS::ApiGateway::Stage': ofApi('stages/prod'),
  'AWS::CloudWatch::Alarm': all('cloudwatch', alarm, 'PutMetricAlarm', 'DeleteAlarms', 'DescribeAlarms', 'TagResource'),
  'AWS::CloudWatch::Dashboard': all('cloudwatch', dashboard, 'PutDashboard', 'GetDashboard', 'DeleteDashboards'),
  'AWS::DynamoDB::Table': all(
    'dynamodb',
    table,
    'CreateTable',
    'UpdateTable',
    'DeleteTable',
    'DescribeTable',
    'DescribeContinuousBackups',
    'UpdateContinuousBackups',
    'DescribeTimeToLive',
    'UpdateTimeToLive',
    'DescribeContributorInsights',
    'DescribeKinesisStreamingDestination',
    'ListTagsOfResource',
    'TagResource',
  ),
  'AWS::Events::Rule': all('events', rule, 'PutRule', 'DescribeRule', 'DeleteRule', 'PutTargets', 'RemoveTargets'),
  'AWS::IAM::Role': [
    ...all('iam', role, 'CreateRole', 'GetRole', 'DeleteRole', 'PutRolePolicy', 'DeleteRolePolicy', 'GetRolePolicy'),
    ...all(
      'iam',
      role,
      'ListRolePolicies',
      'ListAttachedRolePolicies',
      'UpdateRole',
      'UpdateAssumeRolePolicy',
      'TagRole',
    ),
    ...['iam:AttachRolePolicy', 'iam:DetachRolePolicy'].map((action): Request => [
      action,
      role,
      { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs' },
    ]),
  ],
  'AWS::Lambda::EventInvokeConfig': all(
    'lambda',
    lambda,
    'PutFunctionEventInvokeConfig',
    'GetFunctionEventInvokeConfig',
    'DeleteFunctionEventInvokeConfig',
  ),
  'AWS::Lambda::EventSourceMapping': [
    ...['Create', 'Update', 'Delete'].map((action): Request => [
      `lambda:${action}EventSourceMapping`,
      action === 'Create' ? '*' : mapping,
      { 'lambda:FunctionArn': lambda },
    ]),
    ['lambda:GetEventSourceMapping', mapping],
    ['lambda:ListTags', mapping],
  ],
  'AWS::Lambda::Function': [
    ...all('lambda', lambda, 'CreateFunction', 'GetFunction', 'DeleteFunction', 'UpdateFunctionCode', 'TagResource'),
    ...all('lambda', lambda, 'UpdateFunctionConfiguration', 'GetFunctionConfiguration', 'PutRuntimeManagementConfig'),
    ['iam:PassRole', role, { 'iam:PassedToService': 'lambda.amazonaws.com' }],
    ['s3:GetObject', `${bucket}/serverless/ringout-bridge/prod/call.zip`],
  ],
  'AWS::Lambda::Permission': all('lambda', lambda, 'AddPermission', 'RemovePermission', 'GetPolicy'),
  'AWS::Logs::LogGroup': logGroups.flatMap((name) => [
    ...all('logs', `arn:aws:logs:${at}:log-group:${name}`, 'CreateLogGroup', 'DeleteLogGroup', 'DescribeLogGroups'),
    ...all('logs', `arn:aws:logs:${at}:log-group:${name}`, 'PutRetentionPolicy', 'ListTagsForResource', 'TagResource'),
  ]),
  'AWS::Logs::MetricFilter': all(
    'logs',
    `arn:aws:logs:${at}:log-group:/ringout-bridge/prod/access:log-stream:`,
    'PutMetricFilter',
    'DeleteMetricFilter',
    'DescribeMetricFilters',
  ),
  'AWS::Logs::QueryDefinition': all(
    'logs',
    '*',
    'PutQueryDefinition',
    'DeleteQueryDefinition',
    'DescribeQueryDefinitions',
  ),
  'AWS::S3::Bucket': [bucket, outboxBucket].flatMap((each) =>
    all(
      's3',
      each,
      'CreateBucket',
      'DeleteBucket',
      'PutEncryptionConfiguration',
      'PutBucketPublicAccessBlock',
      'PutBucketOwnershipControls',
      'PutBucketTagging',
      'PutLifecycleConfiguration',
      'ListBucket',
      'ListBucketVersions',
      'GetBucketLocation',
    ),
  ),
  'AWS::S3::BucketPolicy': [bucket, outboxBucket].flatMap((each) =>
    all('s3', each, 'PutBucketPolicy', 'GetBucketPolicy', 'DeleteBucketPolicy'),
  ),
  'AWS::SecretsManager::Secret': all(
    'secretsmanager',
    secret,
    'CreateSecret',
    'DescribeSecret',
    'UpdateSecret',
    'DeleteSecret',
    'TagResource',
  ),
  'AWS::SQS::Queue': all(
    'sqs',
    queue,
    'CreateQueue',
    'DeleteQueue',
    'GetQueueUrl',
    'GetQueueAttributes',
    'SetQueueAttributes',
    'ListQueueTags',
    'TagQueue',
    'UntagQueue',
  ),
};

/** The requests of the Serverless CLI itself, for the stack and the bundles. */
const requestsOfCli: readonly Request[] = [
  ...all(
    'cloudformation',
    `arn:aws:cloudformation:${at}:stack/ringout-bridge-prod/0000-demo`,
    'CreateStack',
    'CreateChangeSet',
    'DescribeChangeSet',
    'ExecuteChangeSet',
    'DeleteChangeSet',
    'UpdateStack',
    'DeleteStack',
    'DescribeStackEvents',
    'DescribeStackResource',
    'ListStackResources',
    'GetTemplate',
    'SetStackPolicy',
  ),
  ...all('cloudformation', '*', 'DescribeStacks', 'ValidateTemplate'),
  ...all('s3', `${bucket}/serverless/ringout-bridge/prod/call.zip`, 'PutObject', 'DeleteObject', 'DeleteObjectVersion'),
];

/** Requests that a deployment does not need and that the policy must not allow. */
const refused: readonly Request[] = [
  ['secretsmanager:GetSecretValue', secret],
  ['secretsmanager:PutSecretValue', secret],
  ['secretsmanager:DeleteSecret', secret.replace('ringout-bridge/', 'other/')],
  ['dynamodb:GetItem', table],
  ['dynamodb:Scan', table],
  ['dynamodb:DeleteTable', table.replace('ringout-bridge-', 'other-')],
  ['iam:CreateUser', 'arn:aws:iam::123456789012:user/somebody'],
  ['iam:PutRolePolicy', role.replace('ringout-bridge-', 'admin-')],
  ['iam:AttachRolePolicy', role, { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/AdministratorAccess' }],
  ['iam:PassRole', role, { 'iam:PassedToService': 'ec2.amazonaws.com' }],
  ['iam:PassRole', role.replace('ringout-bridge-', 'admin-'), { 'iam:PassedToService': 'lambda.amazonaws.com' }],
  ['lambda:UpdateFunctionCode', lambda.replace('ringout-bridge-', 'other-')],
  ['cloudformation:DeleteStack', `arn:aws:cloudformation:${at}:stack/other/0000-demo`],
  ...all('s3', `${outboxBucket}/faxes/00000000-0000-0000-0000-000000000000`, 'GetObject', 'PutObject', 'DeleteObject'),
  ...all('sqs', queue, 'ReceiveMessage', 'SendMessage', 'PurgeQueue'),
  ['lambda:CreateEventSourceMapping', '*', { 'lambda:FunctionArn': lambda.replace('ringout-bridge-', 'other-') }],
  ['logs:GetLogEvents', `arn:aws:logs:${at}:log-group:${logGroups[0] ?? ''}:log-stream:x`],
];

const list = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);

/** Matches with IAM's wildcard `*`, which stands for any text. Ignores case, as IAM does in names of actions. */
function like(pattern: string, value: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(value);
}

const equal = (one: string, other: string): boolean => one === other;
const operators: Readonly<Record<string, ((pattern: string, value: string) => boolean) | undefined>> = {
  StringEquals: equal,
  ArnEquals: equal,
  ArnLike: like,
};

const matching = ([action, resource, context = {}]: Request): readonly Statement[] =>
  statements.filter(
    ({ Action, Resource, Condition = {} }) =>
      list(Action).some((pattern) => like(pattern, action)) &&
      list(Resource).some((pattern) => like(pattern, resource)) &&
      Object.entries(Condition).every(([operator, operands]) => {
        const holds = operators[operator];
        if (holds === undefined) throw new Error(`Unknown operator ${operator}`);
        return Object.entries(operands).every(([key, values]) =>
          list(values).some((value) => holds(value, context[key] ?? '')),
        );
      }),
  );

/** The statements that allow a request; none if one denies it. A request on all resources needs the resource `*`. */
function allowing(request: Request): readonly Statement[] {
  const found = matching(request);
  return found.some(({ Effect }) => Effect === 'Deny') ? [] : found;
}

/**
 * Tests docs/deploy-policy.json, the policy of the deploying role, with the resources of the templates.
 *
 * @param templates packages that together have every optional resource
 */
export function describeDeployPolicy(templates: () => readonly Template[]): void {
  test('is tested with exactly the resource types of the templates', () => {
    const types = templates().flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type));
    expect(Object.keys(requestsByType).sort()).toEqual([...new Set(types)].sort());
  });

  test.each(Object.entries(requestsByType))('allows the requests for a %s', (_, requests) => {
    expect(requests.filter((request) => allowing(request).length === 0)).toEqual([]);
  });

  test('allows the requests of the CLI', () => {
    expect(requestsOfCli.filter((request) => allowing(request).length === 0)).toEqual([]);
  });

  test.each(refused.map((request) => [request[0], request[1], request] as const))(
    'does not allow %s on %s',
    (_, _on, request) => {
      expect(allowing(request)).toEqual([]);
    },
  );

  test('has no statement without use, and fits into a managed policy', () => {
    const needed = new Set([
      ...[...Object.values(requestsByType).flat(), ...requestsOfCli].flatMap(allowing),
      ...refused.flatMap(matching).filter(({ Effect }) => Effect === 'Deny'),
    ]);
    expect(statements.filter((statement) => !needed.has(statement)).map(({ Sid }) => Sid)).toEqual([]);
    // AWS documentation, IAM quotas; white space does not count.
    expect(text.replaceAll(/\s/g, '').length).toBeLessThanOrEqual(6144);
  });
}
