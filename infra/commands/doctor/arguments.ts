import { parseArgs } from 'node:util';
import { mistake, unknownOption, type CommandLine } from '../command-line/command-line.ts';
import { deploymentMistake } from '../command-line/deployment.ts';
import { isLoopbackUrl, readBaseUrl } from '../legacy-endpoint/base-url.ts';

/** The doctor's targets, at least one of the three. */
export interface DoctorOptions {
  readonly files: readonly string[];
  /** false: `--file` checks only the form. */
  readonly network: boolean;
  readonly stage: string | undefined;
  readonly region: string | undefined;
  readonly local: boolean;
  /** Has no trailing slash. */
  readonly url: string | undefined;
  readonly list: boolean;
  readonly json: boolean;
}

export type DoctorArguments = CommandLine<{ readonly options: DoctorOptions }>;

export const help = `npm run doctor: looks at an installation and says what is wrong with it, and what to do

  npm run doctor -- --file secret.json               secret documents before they are stored; repeat --file for more
  npm run doctor -- --stage prod [--region R]        a deployment, with the AWS credentials of the environment
  npm run doctor -- --local                          the stack of npm start

  --no-network     with --file: look at the form only, ask RingCentral nothing
  --region R       with --stage: default AWS_REGION, else us-east-1
  --url URL        where legacy programs call: with --stage in place of the stack's own address,
                   with --local in place of http://localhost:3000, or of PORT if that is set
  --list           with --stage or --local: also ask the legacy endpoint for each user's list
  --json           print JSON (with npm run --silent doctor -- …, so that nothing else is printed)
  --help           this text

Each user's JWT is tried with a token of its own, which is revoked at the end: one token request and one revocation
of the five that RingCentral allows a user each minute. No call is placed and nothing is changed.
API Gateway and CloudFormation are asked through the aws command; without it those checks are skipped. Then the
secrets are those of SECRET_IDS or ringout-bridge/<stage>, and the table that of STATE_TABLE or found by its name.

Exit code: 0 nothing is wrong, 1 something is (✗), 2 these arguments make no sense. Skipped checks (–) are not wrong.`;

/** Parses the command line. Never throws. */
export function readArguments(args: readonly string[]): DoctorArguments {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        file: { type: 'string', multiple: true },
        'no-network': { type: 'boolean' },
        stage: { type: 'string' },
        region: { type: 'string' },
        local: { type: 'boolean' },
        url: { type: 'string' },
        list: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch {
    return unknownOption;
  }
  if (values.help === true) return { kind: 'help' };
  const { file: files = [], stage, region, local = false, list = false } = values;
  const deployed = stage !== undefined;
  if (files.length === 0 && !deployed && !local) return mistake('Say what to look at: --file, --stage or --local.');
  if (deployed && local) return mistake('--stage and --local are two runs.');
  if (values['no-network'] === true && (deployed || local)) return mistake('--no-network is for --file alone.');
  if (region !== undefined && !deployed) return mistake('--region is for --stage.');
  const problem = deployed ? deploymentMistake(stage, region) : undefined;
  if (problem !== undefined) return mistake(problem);
  if ((values.url !== undefined || list) && !deployed && !local) {
    return mistake('--url and --list are for --stage and --local.');
  }
  const url = values.url === undefined ? undefined : readBaseUrl(values.url);
  if (values.url !== undefined && url === undefined) {
    return mistake('--url must be an https:// address (http:// on this computer only) without query and user.');
  }
  if (local && url !== undefined && !isLoopbackUrl(url)) return mistake('--local with a --url of another computer.');
  return {
    kind: 'run',
    options: {
      files,
      network: values['no-network'] !== true,
      stage,
      region,
      local,
      url,
      list,
      json: values.json === true,
    },
  };
}
