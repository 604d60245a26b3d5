import { readStack } from '../../../../infra/commands/aws/stack.ts';
import { asDeployed } from '../doctor/deployed.ts';
import { fakeAwsCli } from '../doctor/test-world.ts';

const stackName = 'ringout-bridge-prod';
const read = (changes: Parameters<typeof fakeAwsCli>[0] = {}) =>
  readStack(fakeAwsCli({ ...asDeployed, ...changes }), stackName);

test('finds the parts of a deployment', async () => {
  expect(await read()).toEqual({
    check: { name: 'stack', outcome: 'ok', detail: 'ringout-bridge-prod: UPDATE_COMPLETE' },
    cli: 'usable',
    stack: {
      apiId: 'a1b2c3d4e5',
      stateTable: 'test-state',
      secretIds: ['demo'],
      outbox: {
        bucket: 'test-outbox',
        queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/ringout-bridge-prod-outbox.fifo',
        mappingId: '00000000-0000-0000-0000-000000000000',
        hours: 24,
      },
      baseUrl: 'https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod',
    },
  });
});

test('the base URL is the custom domain if there is one', async () => {
  const { StackResourceSummaries } = asDeployed['cloudformation list-stack-resources'];
  const domain = { LogicalResourceId: 'CustomDomain', PhysicalResourceId: 'telephony.example.com' };
  const { stack } = await read({
    'cloudformation list-stack-resources': { StackResourceSummaries: [...StackResourceSummaries, domain] },
  });
  expect(stack?.baseUrl).toBe('https://telephony.example.com');
});

test.each([
  ['CREATE_COMPLETE', 'ok'],
  ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'failed'],
  ['UPDATE_ROLLBACK_COMPLETE', 'failed'],
  ['ROLLBACK_FAILED', 'failed'],
])('a stack that is %s: %s', async (StackStatus, outcome) => {
  const { check } = await read({ 'cloudformation describe-stacks': { Stacks: [{ StackStatus }] } });
  expect(check).toMatchObject({ outcome, detail: `${stackName}: ${StackStatus}` });
});

test('without the aws command the check is skipped', async () => {
  expect(await read({ 'cloudformation describe-stacks': { kind: 'missing' } })).toEqual({
    check: {
      name: 'stack',
      outcome: 'skipped',
      detail: 'the aws command is not installed: the stack and its API are not looked at',
    },
    cli: 'missing',
    stack: undefined,
  });
});

test.each([
  ['ValidationError', /^Look at the stage and the region; deploy ringout-bridge-prod if it is not there yet\.$/],
  ['NoCredentials', /AWS_PROFILE/],
  ['ExpiredToken', /AWS_PROFILE/],
  ['AccessDenied', /Allow these AWS credentials the action cloudformation:DescribeStacks/],
])('%s is reported with its remedy', async (code, remedy) => {
  const { check, stack } = await read({ 'cloudformation describe-stacks': { kind: 'failed', code } });
  expect(stack).toBeUndefined();
  expect(check).toEqual({
    name: 'stack',
    outcome: 'failed',
    detail: `cloudformation:DescribeStacks: ${code}`,
    remedy: expect.stringMatching(remedy),
  });
});

test('a list of resources that cannot be read is a failed check', async () => {
  const { check } = await read({ 'cloudformation list-stack-resources': { kind: 'failed', code: 'Throttling' } });
  expect(check).toMatchObject({ outcome: 'failed', detail: 'cloudformation:ListStackResources: Throttling' });
});
