import { serverless, templateOf } from './serverless-cli.ts';
import { createStack, theOnly } from './template.ts';

// One case for each way in which a value reaches the rules. The rules have tests of their own.
describe('the CLI stops with the reason', () => {
  test.each([
    ['a stage without a list', ['package', '--stage', 'prod'], 'No allowedCidrs for stage "prod"'],
    [
      'a misspelled parameter',
      ['package', '--param=allowedCidr=203.0.113.0/24'],
      'There is no parameter "allowedCidr"',
    ],
    [
      'a topic of another region',
      [
        'package',
        '--region=eu-west-1',
        '--param=allowedCidrs=203.0.113.0/24',
        '--param=alarmTopicArn=arn:aws:sns:us-east-1:123456789012:alarms',
      ],
      'alarmTopicArn is in us-east-1, but this deploys to eu-west-1',
    ],
    ['a deployment of the local stage', ['deploy', '--stage', 'local'], 'The stage "local" is the local stack'],
  ])('for %s', async (_, args, reason) => {
    const run = await serverless(args);
    expect(run.output).toContain(reason);
    expect(run.status).toBe(1);
  });
});

describe('infra/params.local.yml', () => {
  const own = 'default:\n  throttleRate: 8\nprod:\n  allowedCidrs: [203.0.113.0/24]\n  logRetentionDays: 14\n';

  test('overrides infra/params.yml, and the command line overrides both', async () => {
    const run = await serverless(['package', '--stage', 'prod', '--param=throttleBurst=9'], own);
    const stack = createStack(templateOf(run));
    expect(theOnly(stack, 'AWS::ApiGateway::Stage')['MethodSettings']).toMatchObject([
      { ThrottlingRateLimit: 8, ThrottlingBurstLimit: 9 },
    ]);
    expect(stack['GatewayAccessLog']?.Properties).toMatchObject({ RetentionInDays: 14 });
    expect(theOnly(stack, 'AWS::SecretsManager::Secret')).toMatchObject({ Name: 'ringout-bridge/prod' });
  });
});
