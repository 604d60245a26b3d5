import type { Resource, Resources, Value } from '../cloudformation.ts';
import { functionRows, httpFunctionNames } from '../functions.ts';
import { namespace } from '../metrics.ts';
import { serviceName, type ResolverContext } from '../resolver.ts';
import { lambdaId, pascal } from './logical-ids.ts';

/*
 * Every alarm of a stage, one row each. The description links to the runbook.
 *
 * There is one alarm per function and kind. An alarm over a sum of metrics costs as much as one alarm per metric
 * (CloudWatch bills the metrics of an alarm) and is less specific. Missing data rings only the heartbeat alarm.
 * A custom metric counts failures of DynamoDB, because alarms on the AWS/DynamoDB metrics stick (AWS documentation,
 * "Configuring how CloudWatch alarms treat missing data"). The access log counts failures of API Gateway, because they
 * are sent with status 200 and 5XXError does not count them. No alarm notifies when it ends, because CloudWatch would
 * then also notify for every new alarm: one mail each after the first deployment.
 */

interface Metric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: Value }[];
}

/**
 * Rings when `times` of the last `of` periods (both default to 1) are at or above the threshold, or below it with
 * `below`.
 */
interface AlarmRow {
  readonly name: string;
  /** The heading in the runbook; default: the alarm's name. */
  readonly runbook?: string;
  readonly meaning: string;
  readonly condition?: string;
  readonly metric: Metric;
  readonly statistic: 'Sum' | 'Maximum' | 'p99';
  readonly threshold: { readonly atLeast: number | string } | { readonly below: number };
  readonly minutes: number;
  readonly times?: number;
  readonly of?: number;
  readonly missing?: 'breaching';
}

const minuteSeconds = 60;

function perFunction(
  names: readonly string[],
  kind: { readonly name: string; readonly metricName: string; readonly meaning: string },
  watch: Pick<AlarmRow, 'statistic' | 'threshold' | 'minutes' | 'times' | 'of'>,
): readonly AlarmRow[] {
  return names.map((each) => ({
    name: `${kind.name}-${each}`,
    runbook: kind.name,
    meaning: `The function ${each} ${kind.meaning}`,
    metric: {
      Namespace: 'AWS/Lambda',
      MetricName: kind.metricName,
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: lambdaId(each) } }],
    },
    ...watch,
  }));
}

function rows(service: string): readonly AlarmRow[] {
  const customMetric = (MetricName: string, dimensions: Readonly<Record<string, string>> = {}): Metric => ({
    Namespace: namespace,
    MetricName,
    Dimensions: Object.entries({ service, ...dimensions }).map(([Name, Value]) => ({ Name, Value })),
  });
  const sum = (
    metric: Metric,
    atLeast: number | string,
    minutes: number,
    more: Pick<AlarmRow, 'times' | 'of'> = {},
  ): Pick<AlarmRow, 'metric' | 'statistic' | 'threshold' | 'minutes' | 'times' | 'of'> => ({
    metric,
    statistic: 'Sum',
    threshold: { atLeast },
    minutes,
    ...more,
  });
  const ofQueue = (MetricName: string, queueId: string): Metric => ({
    Namespace: 'AWS/SQS',
    MetricName,
    Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queueId, 'QueueName'] } }],
  });
  const everyFunction = functionRows.map(({ name }) => name);
  const once = { statistic: 'Sum', threshold: { atLeast: 1 }, minutes: 5 } as const;

  return [
    ...perFunction(
      everyFunction,
      {
        name: 'errors',
        metricName: 'Errors',
        meaning: 'failed: an exception left it, or it ran out of time or memory.',
      },
      once,
    ),
    ...perFunction(
      everyFunction,
      {
        name: 'throttles',
        metricName: 'Throttles',
        meaning: 'was not started: the account has no Lambda concurrency left.',
      },
      once,
    ),
    ...perFunction(
      httpFunctionNames,
      {
        name: 'latency',
        metricName: 'Duration',
        meaning: 'is slow: its 99th percentile nears the 28 s it may take.',
      },
      { statistic: 'p99', threshold: { atLeast: 20_000 }, minutes: 5, times: 3, of: 3 },
    ),
    {
      // Three runs of the schedule, one period each. With one long period, CloudWatch looks back further before it
      // treats data as missing, and rings only after more than an hour. The alarm is in ALARM from the first deployment
      // until the first successful run.
      name: 'refresh-heartbeat',
      meaning: 'No scheduled run has found or made a fresh token for 30 minutes.',
      metric: customMetric('RefreshSucceeded'),
      statistic: 'Sum',
      threshold: { below: 1 },
      minutes: 10,
      times: 3,
      of: 3,
      missing: 'breaching',
    },
    {
      name: 'refresh-failed',
      meaning: 'The tokens of some users could not be renewed, twice within half an hour.',
      ...sum(customMetric('RefreshFailed'), 1, 10, { times: 2, of: 3 }),
    },
    {
      name: 'tokens-past-margin',
      meaning:
        'Renewal has failed for so long that some users have no token left: their requests wait for one, or fail.',
      metric: customMetric('TokensPastMargin'),
      statistic: 'Maximum',
      threshold: { atLeast: 1 },
      minutes: 10,
      times: 2,
      of: 3,
    },
    {
      name: 'jwts-ending',
      meaning: 'The JWTs of some users end within 14 days: without new ones these users can neither call nor fax.',
      metric: customMetric('JwtsEndingSoon'),
      statistic: 'Maximum',
      threshold: { atLeast: 1 },
      minutes: 10,
      times: 2,
      of: 3,
    },
    {
      name: 'upstream-failures',
      meaning: 'RingCentral fails: 5xx, time-outs, unreachable or unreadable answers.',
      ...sum(customMetric('UpstreamFailures'), 5, 5, { times: 2, of: 2 }),
    },
    {
      name: 'upstream-throttled',
      meaning: 'RingCentral throttles us (429): users exceed its rate limits.',
      ...sum(customMetric('UpstreamThrottled'), 5, 15),
    },
    {
      name: 'gateway-failures',
      meaning:
        'API Gateway answered by itself: a function failed, ran too long, was throttled, or got too large a body.',
      condition: 'AccessLog',
      ...sum(customMetric('GatewayFailures'), 1, 5),
    },
    { name: 'state-failures', meaning: 'DynamoDB could not be used.', ...sum(customMetric('StateFailures'), 1, 5) },
    {
      name: 'secret-failures',
      meaning: 'A secret could not be read, or has mistakes.',
      ...sum(customMetric('SecretFailures'), 1, 5),
    },
    {
      // A client just below the limit on guesses sends 360 in an hour.
      name: 'wrong-passwords',
      meaning: 'Many requests with wrong credentials: somebody guesses passwords, or a program has an old one.',
      ...sum(customMetric('Failures', { code: 'credentials' }), 50, 60),
    },
    {
      // A program that keeps polling a lost session sends 60 requests in five minutes.
      name: 'unknown-sessions',
      meaning: 'Many requests for sessions that do not exist: somebody guesses ids, or a program polls a lost call.',
      ...sum(customMetric('UnknownSessions'), 300, 5),
    },
    {
      name: 'sessions-lost',
      meaning: 'A call was placed but its session could not be stored: its status cannot be asked.',
      ...sum(customMetric('SessionsLost'), 1, 5),
    },
    {
      name: 'faxes-given-up',
      meaning: 'A fax that was answered 0 is not sent any more: refused for good, or waiting for too long.',
      ...sum(customMetric('FaxesGivenUp'), 1, 5),
    },
    {
      name: 'oldest-fax',
      meaning: 'A fax that was answered 0 has been waiting for three hours.',
      metric: ofQueue('ApproximateAgeOfOldestMessage', 'OutboxQueue'),
      statistic: 'Maximum',
      threshold: { atLeast: 3 * 3600 },
      minutes: 5,
    },
    {
      name: 'outbox-dead-letters',
      meaning: 'SQS moved a fax to the dead-letter queue after a thousand deliveries: a bug.',
      metric: ofQueue('ApproximateNumberOfMessagesVisible', 'OutboxDeadLetters'),
      statistic: 'Maximum',
      threshold: { atLeast: 1 },
      minutes: 5,
    },
    {
      name: 'failures-to-act-on',
      meaning: 'Requests fail for reasons that no program can correct, such as limits and permissions of RingCentral.',
      ...sum(customMetric('FailuresToActOn'), '${self:custom.settings.failureAlarmThreshold}', 15),
    },
    {
      name: 'internal-failures',
      meaning: 'A bug: a failure nobody foresaw was answered.',
      ...sum(customMetric('Failures', { code: 'internal' }), 1, 5),
    },
    {
      name: 'configuration-failures',
      meaning: 'A secret document or a setting is wrong.',
      ...sum(customMetric('Failures', { code: 'configuration' }), 1, 5),
    },
  ];
}

function alarm(service: string, row: AlarmRow): Resource {
  const notify = { 'Fn::If': ['AlarmTopic', ['${self:custom.settings.alarmTopicArn}'], { Ref: 'AWS::NoValue' }] };
  const statistic: Readonly<Record<string, Value>> =
    row.statistic === 'p99' ? { ExtendedStatistic: row.statistic } : { Statistic: row.statistic };
  const threshold: Readonly<Record<string, Value>> =
    'below' in row.threshold
      ? { ComparisonOperator: 'LessThanThreshold', Threshold: row.threshold.below }
      : { ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: row.threshold.atLeast };
  return {
    Type: 'AWS::CloudWatch::Alarm',
    ...(row.condition === undefined ? {} : { Condition: row.condition }),
    Properties: {
      AlarmName: `${service}-${row.name}`,
      AlarmDescription: `${row.meaning} Runbook: docs/troubleshooting.md#alarm-${row.runbook ?? row.name}`,
      ...row.metric,
      ...statistic,
      ...threshold,
      Period: row.minutes * minuteSeconds,
      EvaluationPeriods: row.of ?? 1,
      DatapointsToAlarm: row.times ?? 1,
      TreatMissingData: row.missing ?? 'notBreaching',
      AlarmActions: notify,
    },
  };
}

/** Resolver: the alarms as CloudFormation resources. */
export async function resolveAlarms(context: Pick<ResolverContext, 'resolveVariable'>): Promise<Resources> {
  const service = await serviceName(context);
  return {
    Resources: Object.fromEntries(rows(service).map((row) => [`${pascal(row.name)}Alarm`, alarm(service, row)])),
  };
}
