import { parseJson } from '../../../lib/domain/untrusted.ts';
import { execFile } from 'node:child_process';

/** What `aws …` answered: its JSON, nothing because it is not installed, or AWS's name of the error. */
export type AwsCliResult =
  | { readonly kind: 'answered'; readonly json: unknown }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly code: string };

/** Runs `aws <arguments>` in the right region. Never rejects. */
export type AwsCli = (...args: readonly string[]) => Promise<AwsCliResult>;

const timeoutMs = 30_000;
const maximumAnswerBytes = 32 * 1024 * 1024;

/**
 * The AWS CLI, for the services the product has no client of. It finds credentials in the environment like every AWS
 * tool.
 *
 * @param environment must hold PATH
 */
export function createAwsCli(region: string, environment: NodeJS.ProcessEnv): AwsCli {
  return (...args) =>
    new Promise((resolve) => {
      execFile(
        'aws',
        [...args, '--region', region, '--output', 'json'],
        // A pager would wait for a key; colours would not be JSON.
        { env: { ...environment, AWS_PAGER: '', NO_COLOR: '1' }, timeout: timeoutMs, maxBuffer: maximumAnswerBytes },
        (error, stdout, stderr) => {
          if (error === null) return resolve(answered(stdout));
          if (error.code === 'ENOENT') return resolve({ kind: 'missing' });
          resolve({ kind: 'failed', code: error.killed === true ? 'timed out' : errorCode(stderr, error.code) });
        },
      );
    });
}

function answered(text: string): AwsCliResult {
  const json = parseJson(text);
  return json === undefined ? { kind: 'failed', code: 'the answer is not JSON' } : { kind: 'answered', json };
}

/** `An error occurred (ValidationError) when calling the DescribeStacks operation: …`; the rest may quote anything. */
function errorCode(stderr: string, exitCode: unknown): string {
  const named = /\(([A-Za-z0-9.]+)\) when calling the/.exec(stderr)?.[1];
  if (named !== undefined) return named;
  return /credentials/i.test(stderr) ? 'NoCredentials' : `exit code ${String(exitCode)}`;
}
