// One dashboard per stage. Rows: traffic by command; failures by code; RingCentral's latency and throttling; tokens
// and leases.
const { commands, namespace } = require('../metrics.cjs');

const MINUTES_5 = 300;
const HEIGHT = 6;

function rows(service) {
  const own = (name, stat = 'Sum', label = name) => [namespace, name, 'service', service, { stat, label }];
  const byCommand = (name, stat) =>
    commands.map((command) => [namespace, name, 'service', service, 'command', command, { stat, label: command }]);
  // A search, because which codes occur is not known beforehand.
  const failuresByCode = `SEARCH('{${namespace},service,code} MetricName="Failures" service="${service}"', 'Sum', ${MINUTES_5})`;

  return [
    [
      { title: 'Requests by command', metrics: byCommand('Requests', 'Sum'), stacked: true },
      { title: 'Time to answer by command, p99 (ms)', metrics: byCommand('AnswerMs', 'p99') },
    ],
    [
      { title: 'Failures by code', metrics: [[{ expression: failuresByCode, label: '' }]], stacked: true },
      {
        title: 'Failures of what we stand on',
        metrics: [
          own('GatewayFailures'),
          own('StateFailures'),
          own('SecretFailures'),
          own('SessionsLost'),
          own('UnknownSessions'),
        ],
      },
    ],
    [
      {
        title: 'RingCentral latency (ms)',
        metrics: [own('UpstreamMs', 'p50', 'p50'), own('UpstreamMs', 'p99', 'p99')],
      },
      { title: 'RingCentral 429 and failures', metrics: [own('UpstreamThrottled'), own('UpstreamFailures')] },
    ],
    [
      {
        title: 'Tokens',
        metrics: [own('TokenAgeSeconds', 'Maximum', 'Oldest token (s)'), own('TokensPastMargin', 'Maximum')],
      },
      {
        title: 'Grants and leases',
        metrics: ['Grants', 'GrantFailures', 'LeaseWaits', 'RefreshSucceeded', 'RefreshFailed'].map((name) =>
          own(name),
        ),
      },
    ],
  ];
}

function body(service) {
  const widgets = rows(service).flatMap((row, y) =>
    row.map(({ title, metrics, stacked = false }, x) => ({
      type: 'metric',
      x: (x * 24) / row.length,
      y: y * HEIGHT,
      width: 24 / row.length,
      height: HEIGHT,
      properties: { title, metrics, stacked, view: 'timeSeries', period: MINUTES_5, region: '${AWS::Region}' },
    })),
  );
  return JSON.stringify({ widgets });
}

/** Resolver: the dashboard as a CloudFormation resource. */
module.exports = async ({ resolveVariable }) => {
  const service = `${await resolveVariable('self:service')}-${await resolveVariable('sls:stage')}`;
  return {
    Resources: {
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: { DashboardName: service, DashboardBody: { 'Fn::Sub': body(service) } },
      },
    },
  };
};
