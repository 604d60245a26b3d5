// Every alarm of a stage, one row each. The description leads to the runbook.
//
// One alarm per function and kind: an alarm over a sum of several metrics costs as much as one alarm for each of them
// (CloudWatch bills the metrics an alarm watches), and says less. Missing data is no alarm, except for the heartbeat.
// Failures of DynamoDB are watched by a metric of our own, because alarms on the AWS/DynamoDB metrics stick (AWS
// documentation, "Configuring how CloudWatch alarms treat missing data"); those of API Gateway by its access log,
// because its answers leave as 200 and 5XXError does not count them.
const { readdirSync } = require('node:fs');
const { join } = require('node:path');
const { namespace } = require('../metrics.cjs');

const MINUTE = 60;
const functions = readdirSync(join(__dirname, '../functions')).map((file) => file.replace('.yml', ''));
const httpFunctions = functions.filter((name) => name !== 'refresh-token');

const pascal = (name) => name.replaceAll(/(?:^|-)(.)/g, (_, c) => c.toUpperCase());
const lambdaLogicalId = (name) => `${name[0].toUpperCase()}${name.slice(1).replaceAll('-', 'Dash')}LambdaFunction`;

const perFunction = (names, name, runbook, meaning, watch) =>
  names.map((each) => ({
    name: `${name}-${each}`,
    runbook,
    meaning: `The function ${each} ${meaning}`,
    metric: { Namespace: 'AWS/Lambda', Dimensions: [{ Name: 'FunctionName', Value: { Ref: lambdaLogicalId(each) } }] },
    ...watch,
  }));

/** `times` of the last `of` periods (both 1 unless given) are at or above the threshold. */
const rows = (service) => {
  const own = (MetricName, dimensions = {}) => ({
    Namespace: namespace,
    MetricName,
    Dimensions: Object.entries({ service, ...dimensions }).map(([Name, Value]) => ({ Name, Value })),
  });
  const sum = (metric, atLeast, minutes, more = {}) => ({ metric, statistic: 'Sum', atLeast, minutes, ...more });

  return [
    ...perFunction(functions, 'errors', 'errors', 'failed: an exception left it, or it ran out of time or memory.', {
      metricName: 'Errors',
      statistic: 'Sum',
      atLeast: 1,
      minutes: 5,
    }),
    ...perFunction(
      functions,
      'throttles',
      'throttles',
      'was not started: the account has no Lambda concurrency left.',
      {
        metricName: 'Throttles',
        statistic: 'Sum',
        atLeast: 1,
        minutes: 5,
      },
    ),
    ...perFunction(httpFunctions, 'latency', 'latency', 'is slow: its 99th percentile nears the 28 s it may take.', {
      metricName: 'Duration',
      statistic: 'p99',
      atLeast: 20_000,
      minutes: 5,
      times: 3,
      of: 3,
    }),
    {
      // Three ticks of the schedule. In ALARM from the first deployment until the first successful run.
      name: 'refresh-heartbeat',
      meaning: 'No scheduled run has found or made a fresh token for 30 minutes.',
      metric: own('RefreshSucceeded'),
      statistic: 'Sum',
      below: 1,
      minutes: 30,
      missing: 'breaching',
    },
    {
      name: 'refresh-failed',
      meaning: 'The tokens of some users could not be renewed, twice within half an hour.',
      ...sum(own('RefreshFailed'), 1, 10, { times: 2, of: 3 }),
    },
    {
      name: 'tokens-past-margin',
      meaning:
        'Renewal has failed for so long that some users have no token left: their requests wait for one, or fail.',
      metric: own('TokensPastMargin'),
      statistic: 'Maximum',
      atLeast: 1,
      minutes: 10,
      times: 2,
      of: 3,
    },
    {
      name: 'upstream-failures',
      meaning: 'RingCentral fails: 5xx, time-outs, unreachable or unreadable answers.',
      ...sum(own('UpstreamFailures'), 5, 5, { times: 2, of: 2 }),
    },
    {
      name: 'upstream-throttled',
      meaning: 'RingCentral throttles us (429): users exceed its rate limits.',
      ...sum(own('UpstreamThrottled'), 5, 15),
    },
    {
      name: 'gateway-failures',
      meaning:
        'API Gateway answered by itself: a function failed, ran too long, was throttled, or got too large a body.',
      condition: 'AccessLog',
      ...sum(own('GatewayFailures'), 1, 5),
    },
    { name: 'state-failures', meaning: 'DynamoDB could not be used.', ...sum(own('StateFailures'), 1, 5) },
    {
      name: 'secret-failures',
      meaning: 'A secret could not be read, or has mistakes.',
      ...sum(own('SecretFailures'), 1, 5),
    },
    {
      // Who stays just under the limit on guesses sends 360 in an hour.
      name: 'wrong-passwords',
      meaning: 'Many requests with wrong credentials: somebody guesses passwords, or a program has an old one.',
      ...sum(own('Failures', { code: 'credentials' }), 50, 60),
    },
    {
      // One program that keeps polling a session it lost asks 60 times in five minutes.
      name: 'unknown-sessions',
      meaning: 'Many requests for sessions that do not exist: somebody guesses ids, or a program polls a lost call.',
      ...sum(own('UnknownSessions'), 300, 5),
    },
    {
      name: 'sessions-lost',
      meaning: 'A call was placed but its session could not be stored: its status cannot be asked.',
      ...sum(own('SessionsLost'), 1, 5),
    },
    {
      name: 'internal-failures',
      meaning: 'A bug: a failure nobody foresaw was answered.',
      ...sum(own('Failures', { code: 'internal' }), 1, 5),
    },
    {
      name: 'configuration-failures',
      meaning: 'A secret document or a setting is wrong.',
      ...sum(own('Failures', { code: 'configuration' }), 1, 5),
    },
  ];
};

function alarm(service, row) {
  const notify = { 'Fn::If': ['AlarmTopic', ['${self:custom.settings.alarmTopicArn}'], { Ref: 'AWS::NoValue' }] };
  const statistic = row.statistic.startsWith('p') ? { ExtendedStatistic: row.statistic } : { Statistic: row.statistic };
  return {
    Type: 'AWS::CloudWatch::Alarm',
    ...(row.condition === undefined ? {} : { Condition: row.condition }),
    Properties: {
      AlarmName: `${service}-${row.name}`,
      AlarmDescription: `${row.meaning} Runbook: docs/troubleshooting.md#alarm-${row.runbook ?? row.name}`,
      ...row.metric,
      ...(row.metricName === undefined ? {} : { MetricName: row.metricName }),
      ...statistic,
      ComparisonOperator: row.below === undefined ? 'GreaterThanOrEqualToThreshold' : 'LessThanThreshold',
      Threshold: row.below ?? row.atLeast,
      Period: row.minutes * MINUTE,
      EvaluationPeriods: row.of ?? 1,
      DatapointsToAlarm: row.times ?? 1,
      TreatMissingData: row.missing ?? 'notBreaching',
      AlarmActions: notify,
      OKActions: notify,
    },
  };
}

/** Resolver: the alarms as CloudFormation resources. */
module.exports = async ({ resolveVariable }) => {
  const service = `${await resolveVariable('self:service')}-${await resolveVariable('sls:stage')}`;
  return {
    Resources: Object.fromEntries(rows(service).map((row) => [`${pascal(row.name)}Alarm`, alarm(service, row)])),
  };
};
