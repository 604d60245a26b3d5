import type { Resources } from '../cloudformation.ts';
import { commands, namespace } from '../metrics.ts';
import { serviceName, type ResolverContext } from '../resolver.ts';

/** A metric of a widget, in the syntax of a dashboard's body. */
type WidgetMetric = readonly unknown[];

interface WidgetRow {
  readonly title: string;
  readonly metrics: readonly WidgetMetric[];
  readonly stacked?: boolean;
}

const periodSeconds = 300;
const height = 6;

/** Rows: traffic by command; failures by code; RingCentral's latency and throttling; tokens and leases; faxes. */
function rows(service: string): readonly (readonly WidgetRow[])[] {
  const customMetric = (name: string, stat = 'Sum', label = name): WidgetMetric => [
    namespace,
    name,
    'service',
    service,
    { stat, label },
  ];
  const byCommand = (name: string, stat: string): readonly WidgetMetric[] =>
    commands.map((command) => [namespace, name, 'service', service, 'command', command, { stat, label: command }]);
  const ofQueue = (name: string, queueId: string, label: string): WidgetMetric => [
    'AWS/SQS',
    name,
    'QueueName',
    `\${${queueId}.QueueName}`,
    { stat: 'Maximum', label },
  ];
  // A search expression, because the codes that occur are not known in advance.
  const failuresByCode = `SEARCH('{${namespace},service,code} MetricName="Failures" service="${service}"', 'Sum', ${periodSeconds})`;

  return [
    [
      { title: 'Requests by command', metrics: byCommand('Requests', 'Sum'), stacked: true },
      { title: 'Time to answer by command, p99 (ms)', metrics: byCommand('AnswerMs', 'p99') },
    ],
    [
      { title: 'Failures by code', metrics: [[{ expression: failuresByCode, label: '' }]], stacked: true },
      {
        title: 'Failures to act on',
        metrics: [
          customMetric('FailuresToActOn'),
          customMetric('GatewayFailures'),
          customMetric('StateFailures'),
          customMetric('SecretFailures'),
          customMetric('SessionsLost'),
          customMetric('UnknownSessions'),
          customMetric('RepeatsJoined'),
        ],
      },
    ],
    [
      {
        title: 'RingCentral latency (ms)',
        metrics: [customMetric('UpstreamMs', 'p50', 'p50'), customMetric('UpstreamMs', 'p99', 'p99')],
      },
      {
        title: 'RingCentral 429 and failures',
        metrics: [customMetric('UpstreamThrottled'), customMetric('UpstreamFailures')],
      },
    ],
    [
      {
        title: 'Tokens',
        metrics: [
          customMetric('TokenAgeSeconds', 'Maximum', 'Oldest token (s)'),
          customMetric('TokensPastMargin', 'Maximum'),
          customMetric('JwtsEndingSoon', 'Maximum'),
        ],
      },
      {
        title: 'Grants and leases',
        metrics: ['Grants', 'GrantFailures', 'LeaseWaits', 'RefreshSucceeded', 'RefreshFailed'].map((name) =>
          customMetric(name),
        ),
      },
    ],
    [
      { title: 'Faxes', metrics: ['FaxesSent', 'FaxesUnclear', 'FaxesGivenUp'].map((name) => customMetric(name)) },
      {
        title: 'Outbox',
        metrics: [
          ofQueue('ApproximateNumberOfMessagesVisible', 'OutboxQueue', 'Waiting'),
          ofQueue('ApproximateNumberOfMessagesNotVisible', 'OutboxQueue', 'Being sent or held back'),
          ofQueue('ApproximateAgeOfOldestMessage', 'OutboxQueue', 'Oldest (s)'),
          ofQueue('ApproximateNumberOfMessagesVisible', 'OutboxDeadLetters', 'Dead letters'),
        ],
      },
    ],
  ];
}

function body(service: string): string {
  const widgets = rows(service).flatMap((row, y) =>
    row.map(({ title, metrics, stacked = false }, x) => ({
      type: 'metric',
      x: (x * 24) / row.length,
      y: y * height,
      width: 24 / row.length,
      height,
      properties: { title, metrics, stacked, view: 'timeSeries', period: periodSeconds, region: '${AWS::Region}' },
    })),
  );
  return JSON.stringify({ widgets });
}

/** Resolver: the dashboard as a CloudFormation resource. */
export async function resolveDashboard(context: ResolverContext): Promise<Resources> {
  const service = await serviceName(context);
  return {
    Resources: {
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: { DashboardName: service, DashboardBody: { 'Fn::Sub': body(service) } },
      },
    },
  };
}
