/** The metrics that the dashboard, the alarms and docs/capacity-and-cost.md rely on. */
import * as published from '../../infra/metrics.ts';
import { failureCodes } from '../../lib/domain/failure.ts';
import type { CommandName, PlainMetric } from '../../lib/domain/ports.ts';
import { createMetrics } from '../../lib/runtime/metrics.ts';

interface Line {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

/** The printed lines without their times. */
function printed(use: (metrics: ReturnType<typeof createMetrics>) => void): readonly Line[] {
  const lines: Line[] = [];
  use(createMetrics('ringout-bridge', (line) => lines.push(JSON.parse(line) as Line)));
  return lines.map(({ _aws, ...rest }) => ({ ...rest, _aws: { CloudWatchMetrics: _aws.CloudWatchMetrics } }));
}

const line = (dimensions: readonly string[], metrics: readonly (readonly [string, string])[], values: object) => ({
  _aws: {
    CloudWatchMetrics: [
      {
        Namespace: 'RingOutBridge',
        Dimensions: [['service', ...dimensions]],
        Metrics: metrics.map(([Name, Unit]) => ({ Name, Unit })),
      },
    ],
  },
  service: 'ringout-bridge',
  ...values,
});

test('an answer is counted and timed by its command without a flush', () => {
  expect(printed((metrics) => metrics.answered('call', 120))).toEqual([
    line(
      ['command'],
      [
        ['Requests', 'Count'],
        ['AnswerMs', 'Milliseconds'],
      ],
      { command: 'call', Requests: 1, AnswerMs: 120 },
    ),
  ]);
});

test('a failure is counted by its code without a flush', () => {
  expect(printed((metrics) => metrics.failed('throttled'))).toEqual([
    line(['code'], [['Failures', 'Count']], { code: 'throttled', Failures: 1 }),
  ]);
});

test.each([
  ['throttled', 1],
  ['fax_uncertain', 1],
  ['configuration', 1],
  ['credentials', 0],
  ['to_refused', 0],
] as const)('a failure %s counts as one to act on: %i', (code, count) => {
  const lines = printed((metrics) => {
    metrics.failed(code);
    metrics.flush();
  });
  const acted = line([], [['FailuresToActOn', 'Count']], { FailuresToActOn: 1 });
  expect(lines.slice(1)).toEqual(count === 0 ? [] : [acted]);
});

test('all other metrics are collected without a dimension until the flush', () => {
  const lines = printed((metrics) => {
    metrics.add('Grants');
    metrics.add('UpstreamMs', 80);
    metrics.add('UpstreamMs', 95);
    metrics.add('TokenAgeSeconds', 1800);
    metrics.answered('list', 5);
    metrics.flush();
    metrics.flush();
    metrics.add('Grants');
    metrics.flush();
  });
  expect(lines).toHaveLength(3);
  expect([lines[1], lines[2]]).toEqual([
    line(
      [],
      [
        ['Grants', 'Count'],
        ['UpstreamMs', 'Milliseconds'],
        ['TokenAgeSeconds', 'Seconds'],
      ],
      { Grants: 1, UpstreamMs: [80, 95], TokenAgeSeconds: 1800 },
    ),
    line([], [['Grants', 'Count']], { Grants: 1 }),
  ]);
});

test('more values of one metric than CloudWatch takes in a line are spread over several', () => {
  const lines = printed((metrics) => {
    for (let value = 1; value <= 250; value += 1) metrics.add('UpstreamMs', value);
    metrics.flush();
  });
  const values = lines.map((entry) => [entry['UpstreamMs']].flat());
  expect(Math.max(...values.map(({ length }) => length))).toBeLessThanOrEqual(100);
  expect(values.flat()).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
});

test('a flush without metrics prints nothing', () => {
  expect(printed((metrics) => metrics.flush())).toEqual([]);
});

/** All metrics. The compiler checks that none is missing. */
const plain: Readonly<Record<PlainMetric, true>> = {
  UpstreamMs: true,
  UpstreamFailures: true,
  UpstreamThrottled: true,
  Grants: true,
  GrantFailures: true,
  LeaseWaits: true,
  RefreshSucceeded: true,
  RefreshFailed: true,
  TokenAgeSeconds: true,
  TokensPastMargin: true,
  JwtsEndingSoon: true,
  StateFailures: true,
  SecretFailures: true,
  UnknownSessions: true,
  SessionsLost: true,
  FailuresToActOn: true,
  RepeatsJoined: true,
  FaxesSent: true,
  FaxesUnclear: true,
  FaxesGivenUp: true,
};
const commands: Readonly<Record<CommandName, true>> = {
  list: true,
  call: true,
  status: true,
  cancel: true,
  fax: true,
  unknown: true,
};

test('the functions write the metrics of infra/metrics.ts: 20 names, 2 for each of 6 commands, 1 for each code', () => {
  const lines = printed((metrics) => {
    for (const name of Object.keys(plain) as PlainMetric[]) metrics.add(name);
    for (const name of Object.keys(commands) as CommandName[]) metrics.answered(name, 1);
    for (const code of failureCodes) metrics.failed(code);
    metrics.flush();
  });
  const series = lines.flatMap((entry) =>
    entry._aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
      Metrics.map(({ Name }) =>
        [Name, ...(Dimensions[0] ?? []).slice(1).map((dimension) => entry[dimension])].join(' '),
      ),
    ),
  );
  const known: string[] = [
    // `GatewayFailures` is counted from the gateway's access log, not by the functions.
    ...published.plain.filter((name) => name !== 'GatewayFailures'),
    ...published.commands.flatMap((command) => published.byCommand.map((name) => `${name} ${command}`)),
    ...failureCodes.flatMap((code) => published.byCode.map((name) => `${name} ${code}`)),
  ];
  expect(series.toSorted()).toEqual(known.toSorted());
  expect(series).toHaveLength(20 + 2 * 6 + failureCodes.length);
});
