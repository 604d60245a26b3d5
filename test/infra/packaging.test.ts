import { serverless } from './serverless-cli.ts';

jest.setTimeout(60_000);

describe('the CLI stops with its reason', () => {
  test.each([
    ['a stage without a list', ['package', '--stage', 'prod'], 'No allowedCidrs for stage "prod"'],
    ['an empty list', ['package', '--param=allowedCidrs='], 'No allowedCidrs for stage "dev"'],
    ['everybody', ['deploy', '--param=allowedCidrs=0.0.0.0/0'], '0.0.0.0/0 lets in everybody on IPv4'],
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
