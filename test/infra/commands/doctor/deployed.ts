import { gatewayResponses as deployedResponses } from '../../../../infra/resources/gateway-responses.ts';

/** The answer of `aws apigateway get-gateway-responses` for a fresh deployment. */
export function gatewayResponses() {
  return {
    items: Object.values(deployedResponses.Resources).map(({ Properties }) => ({
      responseType: Properties.ResponseType,
      statusCode: Properties.StatusCode,
      responseTemplates: Properties.ResponseTemplates,
      responseParameters: Properties.ResponseParameters,
      defaultResponse: false,
    })),
  };
}

const ranges = ['203.0.113.0/24'];
const who = { Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };
const policy = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', ...who, Condition: { IpAddress: { 'aws:SourceIp': ranges } } },
    { Effect: 'Deny', ...who, Condition: { NotIpAddress: { 'aws:SourceIp': ranges } } },
  ],
};

/** The answers of the AWS CLI for a deployment in order, by command. */
export const asDeployed = {
  'cloudformation describe-stacks': {
    Stacks: [
      {
        StackName: 'ringout-bridge-prod',
        StackStatus: 'UPDATE_COMPLETE',
        Outputs: [
          { OutputKey: 'SecretIds', OutputValue: 'demo' },
          { OutputKey: 'OutboxHours', OutputValue: '24 hours' },
          { OutputKey: 'StateTableName', OutputValue: 'test-state' },
          {
            OutputKey: 'ServiceEndpoint',
            OutputValue: 'https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod',
          },
        ],
      },
    ],
  },
  'cloudformation list-stack-resources': {
    StackResourceSummaries: [
      { LogicalResourceId: 'ApiGatewayRestApi', PhysicalResourceId: 'a1b2c3d4e5' },
      { LogicalResourceId: 'StateTable', PhysicalResourceId: 'test-state' },
      { LogicalResourceId: 'OutboxBucket', PhysicalResourceId: 'test-outbox' },
      {
        LogicalResourceId: 'OutboxQueue',
        PhysicalResourceId: 'https://sqs.us-east-1.amazonaws.com/123456789012/ringout-bridge-prod-outbox.fifo',
      },
      {
        LogicalResourceId: 'SendDashfaxEventSourceMappingSQSOutboxQueue',
        PhysicalResourceId: '00000000-0000-0000-0000-000000000000',
      },
    ],
  },
  'apigateway get-rest-api': { id: 'a1b2c3d4e5', policy: JSON.stringify(JSON.stringify(policy)).slice(1, -1) },
  'apigateway get-gateway-responses': gatewayResponses(),
  'apigateway get-stage': {
    stageName: 'prod',
    accessLogSettings: { destinationArn: 'arn:aws:logs:us-east-1:123456789012:log-group:demo' },
    methodSettings: { '*/*': { loggingLevel: 'OFF', dataTraceEnabled: false } },
  },
  's3api get-public-access-block': {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
  },
  's3api get-bucket-encryption': {
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
    },
  },
  'sqs get-queue-attributes': {
    Attributes: {
      FifoQueue: 'true',
      VisibilityTimeout: '360',
      RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:demo.fifo","maxReceiveCount":1000}',
      ApproximateNumberOfMessages: '2',
      ApproximateNumberOfMessagesNotVisible: '1',
    },
  },
  'lambda get-event-source-mapping': { State: 'Enabled', FunctionResponseTypes: ['ReportBatchItemFailures'] },
  'apigateway get-account': { cloudwatchRoleArn: 'arn:aws:iam::123456789012:role/demo' },
};
