import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAwsCli } from '../../../../infra/commands/aws/aws-cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringout-bridge-aws-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Installs a shell script as `aws` in a folder that is the PATH of the test. */
function installAws(...lines: readonly string[]): void {
  const path = join(folder, 'aws');
  writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(path, 0o755);
}

test('runs the command in the region, without a pager, and reads its JSON', async () => {
  installAws(`printf '{"args":"%s","pager":"%s","color":"%s"}' "$*" "$AWS_PAGER" "$NO_COLOR"`);
  const aws = createAwsCli('eu-west-1', { PATH: folder, AWS_PAGER: 'less' });
  expect(await aws('apigateway', 'get-account')).toEqual({
    kind: 'answered',
    json: { args: 'apigateway get-account --region eu-west-1 --output json', pager: '', color: '1' },
  });
});

test('returns `missing` when the command is not installed', async () => {
  expect(await createAwsCli('us-east-1', { PATH: folder })('apigateway', 'get-account')).toEqual({ kind: 'missing' });
});

test.each([
  [
    'AWS’s name of the error, without its text',
    'An error occurred (ValidationError) when calling the DescribeStacks operation: secret-looking text',
    'ValidationError',
  ],
  ['missing credentials', 'Unable to locate credentials. You can configure credentials by …', 'NoCredentials'],
  ['the exit code for any other error', 'usage: aws …', 'exit code 254'],
])('a failure is reported as %s', async (_, text, code) => {
  installAws(`echo '${text}' >&2`, 'exit 254');
  expect(await createAwsCli('us-east-1', { PATH: folder })('x', 'y')).toEqual({ kind: 'failed', code });
});

test('an answer that is not JSON is a failure', async () => {
  installAws('echo hello');
  expect(await createAwsCli('us-east-1', { PATH: folder })('x', 'y')).toEqual({
    kind: 'failed',
    code: 'the answer is not JSON',
  });
});
