import { checkExecutionLogs, checkLogRole } from '../../../../infra/commands/doctor/gateway-logs.ts';
import { checkGatewayResponses } from '../../../../infra/commands/doctor/gateway-responses.ts';
import { checkGateway } from '../../../../infra/commands/doctor/gateway.ts';
import { asDeployed, gatewayResponses } from './deployed.ts';
import { fakeAwsCli } from './test-world.ts';

test('gateway responses as the template sets them pass', () => {
  expect(checkGatewayResponses(gatewayResponses())).toEqual({
    name: 'gateway responses',
    outcome: 'ok',
    detail: expect.stringMatching(/^\d+ types answer as set$/),
  });
});

const types = 'DEFAULT_5XX, REQUEST_TOO_LARGE';
test.each([
  ['another status', { statusCode: '502' }],
  ['another body', { responseTemplates: { 'application/json': '{"message":$context.error.messageString}' } }],
  ['another content type', { responseParameters: {} }],
])('a gateway response with %s is named', (_, change) => {
  const { items } = gatewayResponses();
  const changed = items.map((item) => (types.includes(item.responseType) ? { ...item, ...change } : item));
  expect(checkGatewayResponses({ items: changed })).toMatchObject({
    outcome: 'failed',
    detail: `not as set: ${types}`,
  });
});

test('a missing gateway response is named', () => {
  const items = gatewayResponses().items.filter(({ responseType }) => responseType !== 'THROTTLED');
  expect(checkGatewayResponses({ items })).toMatchObject({ outcome: 'failed', detail: 'not as set: THROTTLED' });
});

const logging = { accessLogSettings: { destinationArn: 'arn:aws:logs:us-east-1:123456789012:log-group:demo' } };
test.each([
  ['with access log and role', logging, { cloudwatchRoleArn: 'arn:aws:iam::123456789012:role/demo' }, 'ok'],
  ['with access log but no role', logging, {}, 'failed'],
  ['without access log', {}, {}, 'skipped'],
])('the check of the access log of a stage %s', (_, stage, account, outcome) => {
  expect(checkLogRole(stage, account)).toMatchObject({ name: 'access log', outcome });
});

test.each([
  ['off', { '*/*': { loggingLevel: 'OFF', dataTraceEnabled: false } }, 'ok'],
  ['not mentioned', {}, 'ok'],
  ['on', { '*/*': { loggingLevel: 'INFO', dataTraceEnabled: false } }, 'failed'],
  ['tracing bodies on one route', { '*/*': { loggingLevel: 'OFF' }, 'x/GET': { dataTraceEnabled: true } }, 'failed'],
])('the check of execution logs that are %s', (_, methodSettings, outcome) => {
  expect(checkExecutionLogs({ methodSettings })).toMatchObject({ name: 'execution logs', outcome });
});

test('an API as deployed passes every check', async () => {
  const checks = await checkGateway(fakeAwsCli(asDeployed), 'a1b2c3d4e5', 'prod');
  expect(checks.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['allowlist', 'ok'],
    ['gateway responses', 'ok'],
    ['access log', 'ok'],
    ['execution logs', 'ok'],
  ]);
});

test('a refused AWS request fails the checks that need its answer', async () => {
  const aws = fakeAwsCli({ ...asDeployed, 'apigateway get-stage': { kind: 'failed', code: 'AccessDeniedException' } });
  const checks = await checkGateway(aws, 'a1b2c3d4e5', 'prod');
  expect(checks.filter(({ outcome }) => outcome !== 'ok')).toEqual(
    ['access log', 'execution logs'].map((name) => ({
      name,
      outcome: 'failed',
      detail: 'apigateway:GET: AccessDeniedException',
      remedy: 'Allow these AWS credentials the action apigateway:GET.',
    })),
  );
});
