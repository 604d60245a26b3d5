import { parseArgs } from 'node:util';
import { mistake, unknownOption, type CommandLine } from '../command-line/command-line.ts';
import { deploymentMistake } from '../command-line/deployment.ts';

export interface LogOptions {
  readonly stage: string;
  /** undefined: use the region of the environment. */
  readonly region: string | undefined;
  readonly failedOnly: boolean;
  readonly sinceMs: number;
}

export type LogArguments = CommandLine<{ readonly options: LogOptions }>;

export const help = `npm run log: prints the last requests of a deployment, up to a hundred, one line each, oldest first

  npm run log -- --stage prod
  npm run log -- --stage prod --failed --since 3d

  --failed      only requests that failed
  --since TIME  how far back, such as 15m, 1h (default) or 3d
  --region R    default AWS_REGION, else us-east-1
  --help        this text

CloudWatch is asked through the aws command, with the AWS credentials of the environment: logs:StartQuery on the log
groups of the functions, and logs:GetQueryResults. AWS charges for what is searched, some cents for ten gigabytes. A
request appears within a minute or so. What the fields mean is in docs/troubleshooting.md.

Exit code: 0 CloudWatch has answered, 1 it has not, 2 these arguments make no sense.`;

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses the command line. Never throws. */
export function readArguments(args: readonly string[]): LogArguments {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        stage: { type: 'string' },
        region: { type: 'string' },
        failed: { type: 'boolean' },
        since: { type: 'string', default: '1h' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch {
    return unknownOption;
  }
  if (values.help === true) return { kind: 'help' };
  const { stage, region, failed = false, since } = values;
  if (stage === undefined) return mistake('--stage is the name of a stage.');
  const problem = deploymentMistake(stage, region);
  if (problem !== undefined) return mistake(problem);
  const [, count = '', unit = ''] = /^([1-9]\d{0,4})([mhd])$/.exec(since) ?? [];
  const sinceMs = Number(count) * (unitMs[unit] ?? 0);
  if (sinceMs === 0) return mistake('--since is a time like 15m, 1h or 3d.');
  return { kind: 'run', options: { stage, region, failedOnly: failed, sinceMs } };
}
