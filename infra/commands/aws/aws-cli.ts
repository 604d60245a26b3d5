import { parseJson } from '../../../lib/domain/untrusted.ts';
import { execFile } from 'node:child_process';

/** The result of `aws …`: its JSON, AWS's name of the error, or the fact that the AWS CLI is not installed. */
export type AwsCliResult =
  | { readonly kind: 'answered'; readonly json: unknown }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly code: string };

/** Runs `aws <arguments>` in the deployment's region. Never rejects. */
export type AwsCli = (...args: readonly string[]) => Promise<AwsCliResult>;

const timeoutMs = 30_000;
const maximumAnswerBytes = 32 * 1024 * 1024;

/**
 * Creates the runner of the AWS CLI, for services that have no client in the product. The AWS CLI finds credentials in
 * the environment like every AWS tool.
 *
 * @param environment must hold PATH
 */
export function createAwsCli(region: string, environment: NodeJS.ProcessEnv): AwsCli {
  return (...args) =>
    new Promise((resolve) => {
      execFile(
        'aws',
        [...args, '--region', region, '--output', 'json'],
        // A pager would wait for a key, and coloured output is not JSON.
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

/**
 * The error code in `An error occurred (ValidationError) when calling the DescribeStacks operation: …`. Drops the rest,
 * which may quote secrets.
 */
function errorCode(stderr: string, exitCode: unknown): string {
  const named = /\(([A-Za-z0-9.]+)\) when calling the/.exec(stderr)?.[1];
  if (named !== undefined) return named;
  return /credentials/i.test(stderr) ? 'NoCredentials' : `exit code ${String(exitCode)}`;
}
