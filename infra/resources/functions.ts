import type { Value } from '../cloudformation.ts';
import { functionRows, type FunctionRow } from '../functions.ts';
import { roleId } from './logical-ids.ts';

/** The `functions` of serverless.yml: the function table in the CLI's format. */
export const functionSettings: Readonly<Record<string, Value>> = Object.fromEntries(
  functionRows.map(({ name, ...row }) => [
    name,
    {
      handler: `dist/${name}/entry.handler`,
      timeout: row.timeoutSeconds,
      memorySize: `\${self:custom.settings.memoryMb.${name}}`,
      role: roleId(name),
      package: { patterns: ['!**', `dist/${name}/**`] },
      ...events(row),
    },
  ]),
);

function events({ routes, schedule, queue }: FunctionRow): Readonly<Record<string, Value>> {
  const http = routes.map(({ method, path }) => ({ http: { method: method.toLowerCase(), path } }));
  if (queue !== undefined) return { events: [...http, outboxMessages(queue.atOnce)] };
  if (schedule === undefined) return { events: http };
  return {
    events: [...http, { schedule: { rate: `rate(${schedule.everyMinutes} minutes)` } }],
    // AWS would run a failed invocation three times and use up RingCentral's limit of five grants a minute. The next
    // scheduled run is the retry. A run that could not start within five minutes is too late to be useful.
    maximumRetryAttempts: 0,
    maximumEventAge: 300,
  };
}

/** The queue of resources/outbox.yml. The function reports a message as failed to keep it waiting. */
function outboxMessages(atOnce: number): Value {
  return {
    sqs: {
      arn: { 'Fn::GetAtt': ['OutboxQueue', 'Arn'] },
      batchSize: 1,
      maximumConcurrency: atOnce,
      functionResponseType: 'ReportBatchItemFailures',
    },
  };
}
