import { failureCodes } from '../../lib/domain/failure.ts';
import { functionRows, httpFunctionNames } from '../../infra/functions.ts';
import { byCode, byCommand, commands, plain } from '../../infra/metrics.ts';
import { createStack, ofType, text, theOnly, type Properties, type Stack, type Template } from './template.ts';

/** The condition of an alarm, in one line. */
function rule(properties: Properties): string {
  const { Namespace, MetricName, Statistic, ExtendedStatistic, Threshold, TreatMissingData } = properties;
  const { Period, EvaluationPeriods, DatapointsToAlarm } = properties;
  const dimensions = (properties['Dimensions'] as readonly { Name: string; Value: string }[])
    .map(({ Name, Value }) => `${Name}=${Value}`)
    .join(',');
  const operator = properties['ComparisonOperator'] === 'LessThanThreshold' ? '<' : '>=';
  return [
    `${text(Namespace)} ${text(MetricName)}{${dimensions}} ${text(Statistic ?? ExtendedStatistic)} ${operator} ${Number(Threshold)}`,
    `${Number(DatapointsToAlarm)} of ${Number(EvaluationPeriods)} x ${Number(Period)} s`,
    text(TreatMissingData),
  ].join(', ');
}

const own = (metric: string, dimensions = ''): string =>
  `RingOutBridge ${metric}{service=ringout-bridge-prod${dimensions}}`;
const lambdaId = (name: string): string =>
  `${name[0]?.toUpperCase() ?? ''}${name.slice(1).replaceAll('-', 'Dash')}LambdaFunction`;

const rules: Record<string, string> = {
  ...Object.fromEntries(
    functionRows.flatMap(({ name }) => [
      [`errors-${name}`, `AWS/Lambda Errors{FunctionName=${lambdaId(name)}} Sum >= 1, 1 of 1 x 300 s, notBreaching`],
      [
        `throttles-${name}`,
        `AWS/Lambda Throttles{FunctionName=${lambdaId(name)}} Sum >= 1, 1 of 1 x 300 s, notBreaching`,
      ],
    ]),
  ),
  ...Object.fromEntries(
    httpFunctionNames.map((name) => [
      `latency-${name}`,
      `AWS/Lambda Duration{FunctionName=${lambdaId(name)}} p99 >= 20000, 3 of 3 x 300 s, notBreaching`,
    ]),
  ),
  'refresh-heartbeat': `${own('RefreshSucceeded')} Sum < 1, 3 of 3 x 600 s, breaching`,
  'refresh-failed': `${own('RefreshFailed')} Sum >= 1, 2 of 3 x 600 s, notBreaching`,
  'tokens-past-margin': `${own('TokensPastMargin')} Maximum >= 1, 2 of 3 x 600 s, notBreaching`,
  'jwts-ending': `${own('JwtsEndingSoon')} Maximum >= 1, 2 of 3 x 600 s, notBreaching`,
  'upstream-failures': `${own('UpstreamFailures')} Sum >= 5, 2 of 2 x 300 s, notBreaching`,
  'upstream-throttled': `${own('UpstreamThrottled')} Sum >= 5, 1 of 1 x 900 s, notBreaching`,
  'gateway-failures': `${own('GatewayFailures')} Sum >= 1, 1 of 1 x 300 s, notBreaching`,
  'state-failures': `${own('StateFailures')} Sum >= 1, 1 of 1 x 300 s, notBreaching`,
  'secret-failures': `${own('SecretFailures')} Sum >= 1, 1 of 1 x 300 s, notBreaching`,
  'unknown-sessions': `${own('UnknownSessions')} Sum >= 300, 1 of 1 x 300 s, notBreaching`,
  'wrong-passwords': `${own('Failures', ',code=credentials')} Sum >= 50, 1 of 1 x 3600 s, notBreaching`,
  'sessions-lost': `${own('SessionsLost')} Sum >= 1, 1 of 1 x 300 s, notBreaching`,
  'faxes-given-up': `${own('FaxesGivenUp')} Sum >= 1, 1 of 1 x 300 s, notBreaching`,
  'oldest-fax':
    'AWS/SQS ApproximateAgeOfOldestMessage{QueueName=OutboxQueue.QueueName} Maximum >= 10800, 1 of 1 x 300 s, notBreaching',
  'outbox-dead-letters':
    'AWS/SQS ApproximateNumberOfMessagesVisible{QueueName=OutboxDeadLetters.QueueName} Maximum >= 1, 1 of 1 x 300 s, notBreaching',
  'failures-to-act-on': `${own('FailuresToActOn')} Sum >= 5, 1 of 1 x 900 s, notBreaching`,
  'internal-failures': `${own('Failures', ',code=internal')} Sum >= 1, 1 of 1 x 300 s, notBreaching`,
  'configuration-failures': `${own('Failures', ',code=configuration')} Sum >= 1, 1 of 1 x 300 s, notBreaching`,
};

/**
 * Tests the alarms, the dashboard and the custom metrics of the stage `prod`.
 *
 * @param template packaged with `alarmTopicArn` set to `topicArn`
 */
export function describeAlarms(template: () => Template, topicArn: string): void {
  let stack: Stack;
  beforeAll(() => {
    stack = createStack(template());
  });
  const alarms = (): Properties[] => ofType(stack, 'AWS::CloudWatch::Alarm').map(([, properties]) => properties);
  const alarm = (name: string): Properties | undefined =>
    alarms().find(({ AlarmName }) => AlarmName === `ringout-bridge-prod-${name}`);

  describe('the alarms', () => {
    test('are these 43', () => {
      expect(
        alarms()
          .map(({ AlarmName }) => text(AlarmName))
          .sort(),
      ).toEqual(
        Object.keys(rules)
          .map((name) => `ringout-bridge-prod-${name}`)
          .sort(),
      );
      expect(alarms()).toHaveLength(43);
    });

    test.each(Object.entries(rules))('%s rings on %s', (name, wanted) => {
      expect(rule(alarm(name) ?? { Dimensions: [] })).toBe(wanted);
    });

    test('each name a runbook', () => {
      for (const { AlarmName, AlarmDescription } of alarms()) {
        const name = text(AlarmName).replace('ringout-bridge-prod-', '');
        const kind = /^(errors|throttles|latency)-/.exec(name)?.[1] ?? name;
        expect(AlarmDescription).toMatch(new RegExp(`^[A-Z].*[.] Runbook: docs/troubleshooting[.]md#alarm-${kind}$`));
      }
    });

    // A new alarm also changes to OK. With an action for OK, the first deployment would send a mail for each alarm.
    test('notify the topic when they ring and not when they stop, and nobody without a topic', () => {
      for (const properties of alarms()) {
        expect(properties['AlarmActions']).toEqual([topicArn]);
        expect(properties).not.toHaveProperty('OKActions');
        expect(properties).not.toHaveProperty('InsufficientDataActions');
      }
      for (const [, properties] of ofType(createStack(template(), { AlarmTopic: false }), 'AWS::CloudWatch::Alarm')) {
        expect(properties).not.toHaveProperty('AlarmActions');
      }
    });
  });

  describe('the dashboard', () => {
    interface Widget {
      readonly x: number;
      readonly y: number;
      readonly properties: {
        readonly title: string;
        readonly region: string;
        readonly metrics: readonly (readonly unknown[])[];
      };
    }
    const widgets = (): readonly Widget[] =>
      (JSON.parse(text(theOnly(stack, 'AWS::CloudWatch::Dashboard')['DashboardBody'])) as { widgets: Widget[] })
        .widgets;

    test('has these rows', () => {
      const rowOf = (y: number): string[] =>
        widgets()
          .filter((widget) => widget.y === y)
          .map(({ properties }) => properties.title);
      expect([0, 6, 12, 18, 24].map(rowOf)).toEqual([
        ['Requests by command', 'Time to answer by command, p99 (ms)'],
        ['Failures by code', 'Failures to act on'],
        ['RingCentral latency (ms)', 'RingCentral 429 and failures'],
        ['Tokens', 'Grants and leases'],
        ['Faxes', 'Outbox'],
      ]);
      expect(new Set(widgets().map(({ properties }) => properties.region))).toEqual(new Set(['us-east-1']));
    });

    test('shows every custom metric', () => {
      const shown = JSON.stringify(widgets());
      expect(
        [...plain, ...byCommand, ...byCode].filter(
          (name) => !shown.includes(`\\"${name}\\"`) && !shown.includes(`"${name}"`),
        ),
      ).toEqual([]);
    });
  });

  describe('the custom metrics', () => {
    test('are 33 in steady use, and one more for each failure code that occurs', () => {
      expect(plain.length + byCommand.length * commands.length).toBe(33);
      expect(byCode).toEqual(['Failures']);
      expect(failureCodes.length).toBeLessThanOrEqual(46);
    });

    test('include every metric that an alarm watches', () => {
      const watchable = new Set<string>([...plain, ...byCode]);
      const watched = alarms()
        .filter(({ Namespace }) => Namespace === 'RingOutBridge')
        .map(({ MetricName }) => text(MetricName));
      expect(watched.filter((name) => !watchable.has(name))).toEqual([]);
    });
  });
}
