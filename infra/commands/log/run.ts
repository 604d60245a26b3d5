import { asArray, asObject, asText, type Json } from '../../../lib/domain/untrusted.ts';
import { functionsSearched, queryText, type QueryName } from '../../resources/saved-queries.ts';
import type { AwsCli, AwsCliResult } from '../aws/aws-cli.ts';
import { awsFailed } from '../aws/aws-failure.ts';
import { regionOf, service } from '../aws/deployment-name.ts';
import { explain } from '../command-line/command-line.ts';
import { help, readArguments, type LogOptions } from './arguments.ts';
import { logLine } from './log-line.ts';

/** The command's external dependencies, which tests replace. */
export interface LogWorld {
  readonly environment: NodeJS.ProcessEnv;
  readonly awsCli: (region: string) => AwsCli;
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Prints the requests on standard output. */
  readonly print: (text: string) => void;
  /** Prints everything else on standard error. */
  readonly progress: (line: string) => void;
}

const pollMs = 1000;
/** A query over a day's logs takes some seconds. */
const longestMs = 120_000;

/** Runs `npm run log` with these arguments. Resolves with the exit code. */
export async function runLog(args: readonly string[], world: LogWorld): Promise<number> {
  const read = readArguments(args);
  if (read.kind !== 'run') {
    return explain(read, {
      command: 'log',
      help,
      print: (text) => world.print(text),
      complain: (text) => world.progress(text),
    });
  }
  const { options } = read;
  const region = regionOf(options.region, world.environment);
  const answer = await search(world.awsCli(region), options, world);
  if ('problem' in answer) {
    world.progress(answer.problem);
    return 1;
  }
  for (const row of answer.rows.toReversed()) world.print(logLine(row));
  const failed = options.failedOnly ? ' that failed' : '';
  world.progress(`${answer.rows.length} requests${failed} of ${service}-${options.stage} in ${region}`);
  return 0;
}

type Answer = { readonly rows: readonly Json[] } | { readonly problem: string };

/** Returns the newest requests first, in the order of {@link queryText}. */
async function search(aws: AwsCli, options: LogOptions, { nowMs, sleep }: LogWorld): Promise<Answer> {
  const { stage, failedOnly, sinceMs } = options;
  const name: QueryName = failedOnly ? 'failed-requests' : 'requests';
  const groups = functionsSearched(name).map((each) => `/aws/lambda/${service}-${stage}-${each}`);
  const startedAtMs = nowMs();
  const started = await aws(
    'logs',
    'start-query',
    '--log-group-names',
    ...groups,
    '--start-time',
    String(Math.floor((startedAtMs - sinceMs) / 1000)),
    '--end-time',
    String(Math.ceil(startedAtMs / 1000)),
    '--query-string',
    queryText(name),
  );
  if (started.kind !== 'answered') return problemOf(started, 'logs:StartQuery', stage);
  const id = asText(asObject(started.json)?.['queryId']);
  if (id === undefined) return { problem: 'CloudWatch gave the query no id.' };
  while (nowMs() - startedAtMs < longestMs) {
    const result = await aws('logs', 'get-query-results', '--query-id', id);
    if (result.kind !== 'answered') return problemOf(result, 'logs:GetQueryResults', stage);
    const status = asText(asObject(result.json)?.['status']) ?? '';
    if (status === 'Complete') return { rows: rowsOf(asObject(result.json)?.['results']) };
    if (status !== 'Scheduled' && status !== 'Running')
      return { problem: 'CloudWatch stopped the query: ask for less.' };
    await sleep(pollMs);
  }
  return { problem: 'CloudWatch has not answered in two minutes: ask for less.' };
}

/** CloudWatch returns a row as a list of fields with their values. */
function rowsOf(results: unknown): readonly Json[] {
  return asArray(results).map((row) =>
    Object.fromEntries(
      asArray(row).flatMap((each) => {
        const field = asText(asObject(each)?.['field']);
        return field === undefined ? [] : [[field, asObject(each)?.['value']]];
      }),
    ),
  );
}

function problemOf(result: Exclude<AwsCliResult, { kind: 'answered' }>, action: string, stage: string): Answer {
  if (result.kind === 'missing') return { problem: 'The aws command is not installed: npm run log asks through it.' };
  const check = awsFailed(
    'log',
    result.code,
    action,
    `Look at the stage and the region: is ${service}-${stage} there?`,
  );
  return { problem: check.outcome === 'failed' ? `${check.detail}\n${check.remedy}` : check.detail };
}
