import { functionsSearched, queryNames, queryText } from '../../infra/resources/saved-queries.ts';
import { mappingLogicalId } from '../../infra/commands/aws/stack.ts';
import { describeAlarms } from './alarms.ts';
import { describeCombinations } from './combinations.ts';
import { describeDeployPolicy } from './deploy-policy.ts';
import { functionNames, packageStage, templateOf, zipEntries, type Run } from './serverless-cli.ts';
import { schemaMistakes, unknownAttributes } from './resource-schema.ts';
import {
  createStack,
  ofType,
  text,
  texts,
  theOnly,
  waitsFor,
  type Properties,
  type Stack,
  type Template,
  type Value,
} from './template.ts';

// The templates of two deployments: `plain` for the stage prod, `full` for an unknown stage with IPv6 in the list, the
// optional parts and a params.local.yml.
let packaged: Run;
let plain: Template;
let full: Template;
let stack: Stack;
let fullStack: Stack;

const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/0000-demo';
const outboxKeyArn = 'arn:aws:kms:us-east-1:123456789012:key/0000-demo';
const alarmTopicArn = 'arn:aws:sns:us-east-1:123456789012:alarms';

beforeAll(async () => {
  const optionalParts = {
    allowedCidrs: '203.0.113.64/26,2001:db8:10::/44',
    secretIds: 'one,two/three',
    createSecret: 'false',
    apiGatewayAccountRole: 'none',
    tlsPolicy: 'TLS_1_0',
    domainName: 'telephony.example.com',
    certificateArn,
    disableDefaultEndpoint: 'true',
    deleteDataWithStack: 'true',
    throttleBurst: '9',
    xrayTracing: 'true',
    outbox: 'off',
    outboxHours: '73',
    outboxSettleSeconds: '300',
    outboxKeyArn,
    functionMemoryMb: '2048',
  };
  const own = 'default:\n  throttleRate: 7\n  throttleBurst: 8\nother:\n  logRetentionDays: 14\n';
  const [prod, other] = await Promise.all([
    packageStage('prod', { allowedCidrs: '203.0.113.0/24', alarmTopicArn }),
    packageStage('other', optionalParts, own),
  ]);
  packaged = other;
  plain = templateOf(prod);
  full = templateOf(other);
  stack = createStack(plain);
  fullStack = createStack(full);
});

const httpFunctions = functionNames.filter((name) => !['refresh-token', 'send-fax'].includes(name));
const normalized = (name: string): string => `${name[0]?.toUpperCase() ?? ''}${name.slice(1).replaceAll('-', 'Dash')}`;
const pascal = (name: string): string => name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
const propertiesOf = (from: Stack, id: string): Properties => from[id]?.Properties ?? {};
const lambda = (name: string): Properties => propertiesOf(stack, `${normalized(name)}LambdaFunction`);

test('packages without credentials, and each zip has one bundle, the module that loads it, and nothing else', () => {
  expect(packaged).toMatchObject({ status: 0 });
  for (const name of functionNames) {
    expect(zipEntries(packaged.packaged(`${name}.zip`))).toEqual([`dist/${name}/entry.mjs`, `dist/${name}/index.js`]);
  }
});

describe('the functions', () => {
  const settings: readonly [string, number, number][] = [
    ['call', 1024, 28],
    ['cancel', 1024, 28],
    ['catch-all', 1024, 28],
    ['fax', 1024, 28],
    ['list', 512, 28],
    ['refresh-token', 256, 120],
    ['ringout', 1024, 28],
    ['send-fax', 512, 60],
    ['status', 1024, 28],
  ];

  test('are these nine, and no other code is installed', () => {
    expect(
      ofType(stack, 'AWS::Lambda::Function')
        .map(([, { FunctionName }]) => text(FunctionName))
        .sort(),
    ).toEqual(functionNames.map((name) => `ringout-bridge-prod-${name}`).sort());
    expect(functionNames.sort()).toEqual(settings.map(([name]) => name));
    expect(
      Object.values(stack).filter(({ Type }) => Type.startsWith('Custom::') || Type.includes('CustomResource')),
    ).toEqual([]);
  });

  test('have the memory of functionMemoryMb if it is set', () => {
    const sizes = ofType(fullStack, 'AWS::Lambda::Function').map(([, { MemorySize }]) => MemorySize);
    expect(sizes).toEqual(settings.map(() => 2048));
  });

  test.each(settings)('%s: %i MB, %i s, runtime, role, environment', (name, MemorySize, Timeout) => {
    expect(lambda(name)).toEqual({
      Code: expect.anything() as unknown,
      MemorySize,
      Timeout,
      FunctionName: `ringout-bridge-prod-${name}`,
      Handler: `dist/${name}/entry.handler`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Role: `${pascal(name)}Role.Arn`,
      Environment: {
        Variables: {
          STATE_TABLE: 'StateTable',
          SECRET_IDS: 'ringout-bridge/prod',
          SECRET_MAX_AGE_SECONDS: '300',
          REPEAT_CALL_SECONDS: '10',
          REPEAT_FAX_SECONDS: '60',
          REPEAT_UNCERTAIN_SECONDS: '60',
          OUTBOX: 'on',
          OUTBOX_BUCKET: 'OutboxBucket',
          OUTBOX_QUEUE_URL: 'OutboxQueue',
          OUTBOX_HOURS: '24',
          OUTBOX_SETTLE_SECONDS: '120',
          ALLOWED_ORIGINS: '',
          LOG_LEVEL: 'info',
          POWERTOOLS_SERVICE_NAME: 'ringout-bridge-prod',
        },
      },
    });
  });

  test.each(httpFunctions)('%s answers before the gateway gives up after 29 s', (name) => {
    expect(lambda(name)['Timeout']).toBeLessThan(29);
  });

  test.each(functionNames)('%s has a log group with retention before its first line', (name) => {
    expect(propertiesOf(stack, `${normalized(name)}LogGroup`)).toEqual({
      LogGroupName: `/aws/lambda/ringout-bridge-prod-${name}`,
      RetentionInDays: 90,
    });
    expect(waitsFor(stack, `${normalized(name)}LambdaFunction`)).toContain(`${normalized(name)}LogGroup`);
  });

  test('refresh-token runs every ten minutes, and a failed run is not retried', () => {
    expect(theOnly(stack, 'AWS::Events::Rule')).toMatchObject({
      ScheduleExpression: 'rate(10 minutes)',
      State: 'ENABLED',
    });
    expect(theOnly(stack, 'AWS::Lambda::EventInvokeConfig')).toMatchObject({
      FunctionName: 'RefreshDashtokenLambdaFunction',
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 300,
    });
  });

  test('send-fax gets the messages of the outbox one by one, of at most five users at a time', () => {
    expect(ofType(stack, 'AWS::Lambda::EventSourceMapping').map(([id]) => id)).toEqual([mappingLogicalId]);
    expect(theOnly(stack, 'AWS::Lambda::EventSourceMapping')).toEqual({
      EventSourceArn: 'OutboxQueue.Arn',
      FunctionName: 'SendDashfaxLambdaFunction.Arn',
      Enabled: true,
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
  });

  test('have the settings of the outbox in their environment', () => {
    expect(propertiesOf(fullStack, 'FaxLambdaFunction')['Environment']).toMatchObject({
      Variables: { OUTBOX: 'off', OUTBOX_HOURS: '73', OUTBOX_SETTLE_SECONDS: '300' },
    });
  });

  test('are traced, like the stage, only with xrayTracing', () => {
    expect(lambda('call')['TracingConfig']).toBeUndefined();
    expect(propertiesOf(fullStack, 'CallLambdaFunction')['TracingConfig']).toEqual({ Mode: 'Active' });
    expect(theOnly(stack, 'AWS::ApiGateway::Stage')['TracingEnabled']).toBe(false);
    expect(theOnly(fullStack, 'AWS::ApiGateway::Stage')['TracingEnabled']).toBe(true);
  });
});

describe('the roles', () => {
  const onItems = (sid: string, pattern: string, actions: readonly string[]): Value => ({
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: 'StateTable.Arn',
    Condition: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [pattern] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  });
  const onSessions: Readonly<Record<string, readonly string[]>> = {
    call: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    status: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    cancel: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    ringout: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    'catch-all': ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  };
  const secretArn = (name: string): string => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}-??????`;
  const outbox = (name: string, ofKey: (action: string) => Value[]): Value[] => {
    if (name === 'fax' || name === 'catch-all') {
      return [
        onItems('Faxes', 'FAX#*', ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem']),
        { Sid: 'OutboxBytes', Effect: 'Allow', Action: ['s3:PutObject'], Resource: 'OutboxBucket.Arn/faxes/*' },
        ...ofKey('kms:GenerateDataKey'),
        { Sid: 'OutboxQueue', Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: 'OutboxQueue.Arn' },
      ];
    }
    if (name !== 'send-fax') return [];
    return [
      onItems('Faxes', 'FAX#*', ['dynamodb:GetItem', 'dynamodb:UpdateItem']),
      {
        Sid: 'OutboxBytes',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:DeleteObject'],
        Resource: 'OutboxBucket.Arn/faxes/*',
      },
      { Sid: 'OutboxMissingBytes', Effect: 'Allow', Action: 's3:ListBucket', Resource: 'OutboxBucket.Arn' },
      ...ofKey('kms:Decrypt'),
      {
        Sid: 'OutboxQueue',
        Effect: 'Allow',
        Action: ['Receive', 'Delete']
          .map((what) => `sqs:${what}Message`)
          .concat(['sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility', 'sqs:SendMessage']),
        Resource: 'OutboxQueue.Arn',
      },
    ];
  };
  const ownKey = (Action: string): Value[] => [
    {
      Sid: 'OutboxKey',
      Effect: 'Allow',
      Action,
      Resource: outboxKeyArn,
      Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
    },
  ];
  const statements = (
    name: string,
    secrets: readonly string[],
    ofKey: (action: string) => Value[] = () => [],
  ): Value[] => [
    {
      Sid: 'OwnLogGroup',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: `${normalized(name)}LogGroup.Arn`,
    },
    {
      Sid: 'ListedSecrets',
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: secrets.map(secretArn),
    },
    onItems('UserState', 'USER#*', ['dynamodb:GetItem', 'dynamodb:UpdateItem']),
    ...(onSessions[name] === undefined ? [] : [onItems('Sessions', 'SESSION#*', onSessions[name])]),
    ...(['call', 'fax', 'ringout', 'catch-all'].includes(name)
      ? [onItems('Marks', 'MARK#*', ['dynamodb:GetItem', 'dynamodb:UpdateItem'])]
      : []),
    ...outbox(name, ofKey),
  ];
  const traces: Value = {
    Sid: 'Traces',
    Effect: 'Allow',
    Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    Resource: '*',
  };
  const trustedBy = (service: string): Value => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });
  const roleOf = (name: string, Statement: Value): Properties => ({
    AssumeRolePolicyDocument: trustedBy('lambda.amazonaws.com'),
    Policies: [{ PolicyName: name, PolicyDocument: { Version: '2012-10-17', Statement } }],
  });

  test.each(functionNames)('%s has exactly these permissions', (name) => {
    expect(propertiesOf(stack, `${pascal(name)}Role`)).toEqual(roleOf(name, statements(name, ['ringout-bridge/prod'])));
  });

  test.each(functionNames)(
    '%s may also send traces, read all listed secrets and use the key of the outbox if they are configured',
    (name) => {
      expect(propertiesOf(fullStack, `${pascal(name)}Role`)).toEqual(
        roleOf(name, [...statements(name, ['one', 'two/three'], ownKey), traces]),
      );
    },
  );

  test('are one per function and one with which API Gateway writes logs', () => {
    expect(
      ofType(stack, 'AWS::IAM::Role')
        .map(([id]) => id)
        .sort(),
    ).toEqual([...functionNames.map((name) => `${pascal(name)}Role`), 'ApiGatewayAccountRole'].sort());
    expect(propertiesOf(stack, 'ApiGatewayAccountRole')).toEqual({
      AssumeRolePolicyDocument: trustedBy('apigateway.amazonaws.com'),
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs'],
    });
    expect(Object.values(stack).filter(({ Type }) => /^AWS::IAM::(?!Role$)/.test(Type))).toEqual([]);
  });
});

test('the address list is in two statements: an Allow for the list and a Deny for everybody else', () => {
  const who = { Principal: '*', Action: ['execute-api:Invoke'], Resource: 'execute-api:/*' };
  for (const [deployed, ranges] of [
    [stack, ['203.0.113.0/24']],
    [fullStack, ['203.0.113.64/26', '2001:db8:10::/44']],
  ] as const) {
    const { Statement } = theOnly(deployed, 'AWS::ApiGateway::RestApi')['Policy'] as Properties;
    expect(Statement).toEqual([
      { Effect: 'Allow', ...who, Condition: { IpAddress: { 'aws:SourceIp': ranges } } },
      { Effect: 'Deny', ...who, Condition: { NotIpAddress: { 'aws:SourceIp': ranges } } },
    ]);
  }
});

describe('the API', () => {
  test('is regional, takes every body as bytes and sets its TLS policy', () => {
    expect(theOnly(stack, 'AWS::ApiGateway::RestApi')).toMatchObject({
      BinaryMediaTypes: ['*/*'],
      DisableExecuteApiEndpoint: false,
      EndpointConfiguration: { Types: ['REGIONAL'], IpAddressType: 'ipv4' },
      SecurityPolicy: 'TLS_1_2',
    });
    expect(theOnly(fullStack, 'AWS::ApiGateway::RestApi')).toMatchObject({
      DisableExecuteApiEndpoint: true,
      EndpointConfiguration: { Types: ['REGIONAL'], IpAddressType: 'dualstack' },
      SecurityPolicy: 'TLS_1_0',
    });
  });

  test('has exactly these routes', () => {
    const resources = Object.fromEntries(ofType(stack, 'AWS::ApiGateway::Resource'));
    const path = (id: string): string => {
      const { ParentId, PathPart } = resources[id] ?? {};
      return `${text(ParentId) in resources ? path(text(ParentId)) : ''}/${text(PathPart)}`;
    };
    const routes = ofType(stack, 'AWS::ApiGateway::Method').map(([, { HttpMethod, ResourceId, Integration }]) => {
      const uri = texts(Integration ?? null).join(' ');
      const target = functionNames.find((name) => uri.includes(`${normalized(name)}LambdaFunction.Arn`));
      return `${text(HttpMethod)} ${path(text(ResourceId))} -> ${target ?? '?'}`;
    });
    const both = (route: string): string[] => [`GET ${route}`, `POST ${route}`];
    expect(routes.sort()).toEqual(
      [
        ...both('/ringout.asp -> ringout'),
        ...both('/faxapi.asp -> fax'),
        ...both('/faxout.asp -> fax'),
        ...['list', 'call', 'status', 'cancel'].flatMap((name) => both(`/ringout/${name} -> ${name}`)),
        'ANY /{proxy+} -> catch-all',
      ].sort(),
    );
  });

  test('has only proxy methods, without an authorizer or a key', () => {
    for (const [, method] of ofType(stack, 'AWS::ApiGateway::Method')) {
      expect(method).toMatchObject({
        AuthorizationType: 'NONE',
        ApiKeyRequired: false,
        Integration: { Type: 'AWS_PROXY' },
      });
    }
  });
});

describe("API Gateway's own answers", () => {
  const strangers = [
    'ACCESS_DENIED',
    'EXPIRED_TOKEN',
    'INVALID_API_KEY',
    'INVALID_SIGNATURE',
    'MISSING_AUTHENTICATION_TOKEN',
    'RESOURCE_NOT_FOUND',
    'UNAUTHORIZED',
    'WAF_FILTERED',
  ];
  const callers = [
    'API_CONFIGURATION_ERROR',
    'AUTHORIZER_CONFIGURATION_ERROR',
    'AUTHORIZER_FAILURE',
    'BAD_REQUEST_BODY',
    'BAD_REQUEST_PARAMETERS',
    'DEFAULT_4XX',
    'DEFAULT_5XX',
    'INTEGRATION_FAILURE',
    'INTEGRATION_TIMEOUT',
    'QUOTA_EXCEEDED',
    'REQUEST_TOO_LARGE',
    'THROTTLED',
    'UNSUPPORTED_MEDIA_TYPE',
  ];
  const types = [...strangers.map((type) => [type, '403'] as const), ...callers.map((type) => [type, '200'] as const)];

  test('cover every type that AWS documents, in a resource of its own', () => {
    expect(
      ofType(stack, 'AWS::ApiGateway::GatewayResponse')
        .map(([, { ResponseType }]) => text(ResponseType))
        .sort(),
    ).toEqual(types.map(([type]) => type).sort());
  });

  test.each(types)('%s is %s with the body 5 as plain text', (type, status) => {
    const [found] = ofType(stack, 'AWS::ApiGateway::GatewayResponse').filter(
      ([, { ResponseType }]) => ResponseType === type,
    );
    expect(found?.[1]).toEqual({
      RestApiId: 'ApiGatewayRestApi',
      ResponseType: type,
      StatusCode: status,
      ResponseTemplates: { 'application/json': '5', 'text/plain': '5', 'text/html': '5' },
      ResponseParameters: { 'gatewayresponse.header.Content-Type': "'text/plain'" },
    });
  });

  test('are created before the deployment takes its snapshot, like every method', () => {
    const [deployment] = Object.keys(stack).filter((id) => stack[id]?.Type === 'AWS::ApiGateway::Deployment');
    const waited = waitsFor(stack, deployment ?? '');
    for (const type of ['AWS::ApiGateway::GatewayResponse', 'AWS::ApiGateway::Method']) {
      expect(
        ofType(stack, type)
          .map(([id]) => id)
          .filter((id) => !waited.has(id)),
      ).toEqual([]);
    }
  });

  test('are counted as failures unless they refuse a stranger', () => {
    const { FilterPattern, MetricTransformations } = theOnly(stack, 'AWS::Logs::MetricFilter');
    const conditions = text(FilterPattern)
      .replaceAll(/^\{ | \}$/g, '')
      .split(' && ');
    const notCounted = conditions.map(
      (condition) => /^\(\$\.responseType != "([^"]+)"\)$/.exec(condition)?.[1] ?? condition,
    );
    expect(notCounted.sort()).toEqual(['-', ...strangers].sort());
    expect(MetricTransformations).toEqual([
      {
        MetricNamespace: 'RingOutBridge',
        MetricName: 'GatewayFailures',
        MetricValue: '1',
        Dimensions: [{ Key: 'service', Value: '$.service' }],
      },
    ]);
  });
});

test('infra/params.local.yml overrides infra/params.yml, and the command line overrides both', () => {
  expect(theOnly(fullStack, 'AWS::ApiGateway::Stage')['MethodSettings']).toMatchObject([
    { ThrottlingRateLimit: 7, ThrottlingBurstLimit: 9 },
  ]);
  expect(propertiesOf(fullStack, 'RingoutLogGroup')).toMatchObject({ RetentionInDays: 14 });
});

describe('the stage', () => {
  test('is a resource of its own, and the deployment names no stage', () => {
    expect(theOnly(stack, 'AWS::ApiGateway::Deployment')).toEqual({ RestApiId: 'ApiGatewayRestApi' });
    const { DeploymentId, StageName, RestApiId } = theOnly(stack, 'AWS::ApiGateway::Stage');
    expect(stack[text(DeploymentId)]?.Type).toBe('AWS::ApiGateway::Deployment');
    expect({ StageName, RestApiId }).toEqual({ StageName: 'prod', RestApiId: 'ApiGatewayRestApi' });
  });

  test('throttles, and logs neither executions nor bodies', () => {
    expect(theOnly(stack, 'AWS::ApiGateway::Stage')['MethodSettings']).toEqual([
      {
        ResourcePath: '/*',
        HttpMethod: '*',
        ThrottlingRateLimit: 50,
        ThrottlingBurstLimit: 100,
        LoggingLevel: 'OFF',
        DataTraceEnabled: false,
        MetricsEnabled: false,
      },
    ]);
  });

  test('has an access log of explicit fields, without query string, path and headers', () => {
    const { DestinationArn, Format } = theOnly(stack, 'AWS::ApiGateway::Stage')['AccessLogSetting'] as Properties;
    expect(DestinationArn).toBe('arn:aws:logs:us-east-1:123456789012:log-group:GatewayAccessLog');
    expect(JSON.parse(text(Format))).toEqual({
      service: 'ringout-bridge-prod',
      requestId: '$context.requestId',
      time: '$context.requestTime',
      sourceIp: '$context.identity.sourceIp',
      method: '$context.httpMethod',
      resource: '$context.resourcePath',
      status: '$context.status',
      responseType: '$context.error.responseType',
      integrationStatus: '$context.integration.status',
      latencyMs: '$context.responseLatency',
      integrationLatencyMs: '$context.integrationLatency',
      responseBytes: '$context.responseLength',
      protocol: '$context.protocol',
      tlsVersion: '$context.tlsVersion',
      host: '$context.domainName',
    });
    // Not /aws/api-gateway/<service>-<stage>, because the CLI deletes a log group of that name.
    expect(propertiesOf(stack, 'GatewayAccessLog')).toEqual({
      LogGroupName: '/ringout-bridge/prod/access',
      RetentionInDays: 90,
    });
  });

  test('waits for the account-wide role, which is kept when the stack is deleted', () => {
    expect([...waitsFor(stack, 'GatewayStage')]).toEqual(
      expect.arrayContaining(['ApiGatewayAccount', 'ApiGatewayAccountRole']),
    );
    for (const id of ['ApiGatewayAccount', 'ApiGatewayAccountRole']) {
      expect(stack[id]).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
      expect(createStack(full, { CreateAccountRole: true })[id]).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
      });
    }
    expect(propertiesOf(stack, 'ApiGatewayAccount')).toEqual({ CloudWatchRoleArn: 'ApiGatewayAccountRole.Arn' });
  });

  test.each([
    ['create', {}, { account: true, accessLog: true }],
    ['existing', { CreateAccountRole: false }, { account: false, accessLog: true }],
    ['none', { CreateAccountRole: false, AccessLog: false }, { account: false, accessLog: false }],
  ])(
    'with apiGatewayAccountRole %s has the account role and the access log that it sets',
    (_, decided, { account, accessLog }) => {
      const decidedStack = createStack(plain, decided);
      expect('ApiGatewayAccount' in decidedStack).toBe(account);
      expect('ApiGatewayAccountRole' in decidedStack).toBe(account);
      expect('AccessLogSetting' in theOnly(decidedStack, 'AWS::ApiGateway::Stage')).toBe(accessLog);
      for (const id of ['GatewayAccessLog', 'GatewayFailuresFilter', 'GatewayFailuresAlarm']) {
        expect(id in decidedStack).toBe(accessLog);
      }
    },
  );
});

describe('the custom domain', () => {
  test('is absent without domainName', () => {
    expect(ofType(stack, 'AWS::ApiGateway::DomainName')).toEqual([]);
    expect(ofType(stack, 'AWS::ApiGateway::BasePathMapping')).toEqual([]);
  });

  test('has the TLS policy and addresses of the API, and an empty base path', () => {
    expect(theOnly(fullStack, 'AWS::ApiGateway::DomainName')).toEqual({
      DomainName: 'telephony.example.com',
      RegionalCertificateArn: certificateArn,
      SecurityPolicy: 'TLS_1_0',
      EndpointConfiguration: { Types: ['REGIONAL'], IpAddressType: 'dualstack' },
    });
    expect(theOnly(fullStack, 'AWS::ApiGateway::BasePathMapping')).toEqual({
      DomainName: 'CustomDomain',
      RestApiId: 'ApiGatewayRestApi',
      Stage: 'GatewayStage',
    });
  });

  test('is mapped after the deployment and its stage', () => {
    const [deployment = ''] = Object.keys(fullStack).filter(
      (id) => fullStack[id]?.Type === 'AWS::ApiGateway::Deployment',
    );
    expect([...waitsFor(fullStack, 'CustomDomainMapping')]).toEqual(
      expect.arrayContaining([deployment, 'GatewayStage']),
    );
  });
});

describe('what is stored', () => {
  // CloudFormation deletes a secret at once, without a recovery window.
  const kept = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };
  const deletedAsAsked = { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Retain' };

  test('state: on demand, expiring, recoverable, encrypted, kept unless deleteDataWithStack is true', () => {
    expect(stack['StateTable']).toEqual({
      Type: 'AWS::DynamoDB::Table',
      ...kept,
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
      },
    });
    expect(fullStack['StateTable']).toMatchObject(deletedAsAsked);
  });

  test('secret: without a value, kept like the state, absent when createSecret is false', () => {
    expect(stack['CredentialsSecret']).toMatchObject({
      ...kept,
      Properties: { Name: 'ringout-bridge/prod', Description: 'RingCentral client and users of ringout-bridge-prod' },
    });
    expect(Object.keys(propertiesOf(stack, 'CredentialsSecret')).sort()).toEqual(['Description', 'Name']);
    expect(ofType(fullStack, 'AWS::SecretsManager::Secret')).toEqual([]);
    expect(createStack(full, { CreateSecret: true })['CredentialsSecret']).toMatchObject({
      ...deletedAsAsked,
      Properties: { Name: 'one' },
    });
  });

  const bucket = {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  };
  const encryptedBy = (rule: Value): Value => ({ ServerSideEncryptionConfiguration: [rule] });
  const expiringAfter = (ExpirationInDays: number): Value => ({
    Rules: [
      {
        Id: 'given-up',
        Status: 'Enabled',
        ExpirationInDays,
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      },
    ],
  });

  test('bytes of faxes: private, encrypted, expiring, kept like the state', () => {
    expect(stack['OutboxBucket']).toEqual({
      Type: 'AWS::S3::Bucket',
      ...kept,
      Properties: {
        ...bucket,
        BucketEncryption: encryptedBy({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }),
        LifecycleConfiguration: expiringAfter(4),
      },
    });
    expect(fullStack['OutboxBucket']).toMatchObject({
      ...deletedAsAsked,
      Properties: {
        ...bucket,
        BucketEncryption: encryptedBy({
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: outboxKeyArn },
        }),
        LifecycleConfiguration: expiringAfter(7),
      },
    });
  });

  test('bytes of faxes: over TLS only, by a policy that is kept with the bucket', () => {
    expect(stack['OutboxBucketPolicy']).toEqual({
      Type: 'AWS::S3::BucketPolicy',
      ...kept,
      Properties: {
        Bucket: 'OutboxBucket',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'TlsOnly',
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:*',
              Resource: ['OutboxBucket.Arn', 'OutboxBucket.Arn/*'],
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      },
    });
  });

  test('how long a fax may wait is an output of the stack', () => {
    expect([plain, full].map(({ Outputs }) => Outputs?.['OutboxHours']?.Value)).toEqual(['24 hours', '73 hours']);
  });

  test('messages: in order for each user, kept three days longer than a fax may wait, dead after 1000 receives', () => {
    expect(propertiesOf(stack, 'OutboxQueue')).toEqual({
      QueueName: 'ringout-bridge-prod-outbox.fifo',
      FifoQueue: true,
      ContentBasedDeduplication: false,
      VisibilityTimeout: 360,
      MessageRetentionPeriod: 96 * 3600,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { deadLetterTargetArn: 'OutboxDeadLetters.Arn', maxReceiveCount: 1000 },
    });
    expect(propertiesOf(fullStack, 'OutboxQueue')).toMatchObject({ MessageRetentionPeriod: 145 * 3600 });
    expect(propertiesOf(stack, 'OutboxDeadLetters')).toEqual({
      QueueName: 'ringout-bridge-prod-outbox-dead-letters.fifo',
      FifoQueue: true,
      MessageRetentionPeriod: 14 * 86_400,
      SqsManagedSseEnabled: true,
    });
  });

  test('no text in the template looks like a secret', () => {
    const looksSecret = [
      /eyJ[\w-]{8,}/, // a JWT
      /(AKIA|ASIA)[A-Z0-9]{16}/, // an AWS access key
      /-----BEGIN/,
      /\b(?=\w*\d)(?=\w*[a-z])(?=\w*[A-Z])\w{24,}\b/, // a long random word
      /(password|jwt|clientSecret|token)\W{0,3}[:=]\W{0,3}\w/i,
    ];
    // Without logical ids, which may look random (`ApiGatewayDeployment1795397726170`).
    const values = [plain, full]
      .flatMap((template) => texts(template as unknown as Value))
      .filter((value) => !(value in plain.Resources) && !(value in full.Resources));
    expect(values.filter((value) => looksSecret.some((pattern) => pattern.test(value)))).toEqual([]);
    expect(JSON.stringify([plain, full])).not.toMatch(/SecretString|GenerateSecret/);
  });
});

describe("AWS's published resource schemas", () => {
  // CloudFormation notices a misspelled property only during a deployment.
  test('know every type and property of the templates, and require no other property', () => {
    expect([...schemaMistakes(plain), ...schemaMistakes(full)]).toEqual([]);
  });

  test('know every attribute that the templates refer to', () => {
    expect([...unknownAttributes(plain), ...unknownAttributes(full)]).toEqual([]);
  });

  test('report a misspelled, missing or misplaced property', () => {
    const Properties: Properties = {
      Restapi: 'x',
      MethodSettings: [{ LogginLevel: 'OFF' }],
      AccessLogSetting: { 'Fn::If': ['AccessLog', { Fromat: 'x' }, { Ref: 'AWS::NoValue' }] },
    };
    expect(
      schemaMistakes({
        Resources: { Stage: { Type: 'AWS::ApiGateway::Stage', Properties }, Odd: { Type: 'AWS::Odd' } },
      }),
    ).toEqual([
      'Stage.RestApiId is missing',
      'Stage.Restapi is unknown',
      'Stage.MethodSettings[0].LogginLevel is unknown',
      'Stage.AccessLogSetting.Fromat is unknown',
      'Odd: AWS::Odd is unknown',
    ]);
  });
});

describe('no function', () => {
  test.each(['ReservedConcurrentExecutions', 'Layers', 'VpcConfig'])('has %s', (property) => {
    expect(functionNames.filter((name) => property in lambda(name))).toEqual([]);
  });
});

describe('the saved queries', () => {
  const queries = (of: Stack): Properties[] => ofType(of, 'AWS::Logs::QueryDefinition').map(([, query]) => query);

  test('are in a folder of the stage and search deployed log groups', () => {
    expect(queries(stack)).toHaveLength(queryNames.length);
    for (const { Name, QueryString, LogGroupNames } of queries(stack)) {
      const name = queryNames.find((each) => `ringout-bridge-prod/${each}` === Name) ?? 'requests';
      expect({ Name, QueryString }).toEqual({ Name: `ringout-bridge-prod/${name}`, QueryString: queryText(name) });
      const groups = functionsSearched(name).map((each) => `${normalized(each)}LogGroup`);
      expect(LogGroupNames).toEqual(groups.length === 0 ? ['GatewayAccessLog'] : groups);
    }
  });

  test('of the access log are absent without it', () => {
    const left = queryNames.filter((name) => functionsSearched(name).length > 0);
    expect(queries(fullStack).map(({ Name }) => Name)).toEqual(left.map((name) => `ringout-bridge-other/${name}`));
  });
});

describe('every combination of parameters', () => {
  describeCombinations(() => ({ ipv4: plain, dualstack: full }));
});

describe('the policy of the deploying role', () => {
  describeDeployPolicy(() => [plain, full]);
});

describe('monitoring', () => {
  describeAlarms(() => plain, alarmTopicArn);
});
