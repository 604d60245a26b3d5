import { serverless } from './serverless-cli.ts';

// One case for each way in which a value reaches the rules. The rules have tests of their own.
describe('the CLI stops with the reason', () => {
  test.each([
    ['a stage without a list', ['package', '--stage', 'prod'], ['No allowedCidrs for stage "prod"']],
    [
      'a misspelled parameter and a topic of another region',
      [
        'package',
        '--region=eu-west-1',
        '--param=allowedCidrs=203.0.113.0/24',
        '--param=throttelRate=5',
        '--param=alarmTopicArn=arn:aws:sns:us-east-1:123456789012:alarms',
      ],
      ['There is no parameter "throttelRate"', 'alarmTopicArn is in us-east-1, but this deploys to eu-west-1'],
    ],
    ['a deployment of the local stage', ['deploy', '--stage', 'local'], ['The stage "local" is the local stack']],
  ])('for %s', async (_, args, reasons) => {
    const run = await serverless(args);
    for (const reason of reasons) expect(run.output).toContain(reason);
    expect(run.status).toBe(1);
  });
});
