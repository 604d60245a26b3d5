import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAwsCli } from '../../../infra/commands/aws/aws-cli.ts';
import { runLog } from '../../../infra/commands/log/run.ts';
import { queryText } from '../../../infra/resources/saved-queries.ts';

const nowMs = Date.UTC(2026, 10, 26, 12);
const nowSeconds = nowMs / 1000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringout-bridge-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** JSON on standard output, or a text on standard error. */
type Answer = Readonly<Record<string, unknown>> | { readonly error: string };

const isError = (answer: Answer): answer is { readonly error: string } => typeof answer['error'] === 'string';

/** Installs an `aws` that saves its arguments, one per line, and gives these answers in order. */
function installAws(...answers: readonly Answer[]): void {
  for (const [index, answer] of answers.entries()) {
    writeFileSync(join(folder, `answer-${index + 1}`), isError(answer) ? answer.error : JSON.stringify(answer));
    if (isError(answer)) writeFileSync(join(folder, `fails-${index + 1}`), '');
  }
  const script = [
    '#!/bin/sh',
    `cd '${folder}'`,
    'n=$(( $(/bin/cat count 2>/dev/null || echo 0) + 1 ))',
    'echo $n > count',
    'for each in "$@"; do printf "%s\\n" "$each"; done > "arguments-$n"',
    'if [ -e "fails-$n" ]; then /bin/cat "answer-$n" >&2; exit 254; fi',
    '/bin/cat "answer-$n"',
  ];
  writeFileSync(join(folder, 'aws'), `${script.join('\n')}\n`);
  chmodSync(join(folder, 'aws'), 0o755);
}

const asked = (call: number): readonly string[] =>
  readFileSync(join(folder, `arguments-${call}`), 'utf8')
    .trimEnd()
    .split('\n');

interface Run {
  readonly code: number;
  readonly printed: readonly string[];
  readonly said: readonly string[];
}

async function log(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Run> {
  const printed: string[] = [];
  const said: string[] = [];
  let sleptMs = 0;
  const code = await runLog(args, {
    environment,
    awsCli: (region) => createAwsCli(region, { PATH: folder }),
    nowMs: () => nowMs + sleptMs,
    sleep(ms) {
      // Twenty times as fast, so that a query that never ends takes few answers.
      sleptMs += ms * 20;
      return Promise.resolve();
    },
    print: (text) => printed.push(text),
    progress: (line) => said.push(line),
  });
  return { code, printed, said };
}

const row = (fields: Readonly<Record<string, string>>): object[] =>
  Object.entries(fields).map(([field, value]) => ({ field, value }));
const started = { queryId: 'demo-query' };
const results = [
  row({
    '@timestamp': '2026-11-26 11:59:00.000',
    command: 'fax',
    outcome: 'failed',
    code: 'throttled',
    account: '****3711',
    hint: 'group heavy is closed',
    userAgent: 'Nightly Fax/1.0\u001b[2J',
    '@ptr': 'x',
  }),
  row({ '@timestamp': '2026-11-26 11:58:00.000', command: 'call', outcome: 'ok', to: '****0100', '@ptr': 'y' }),
];

test('asks CloudWatch, waits for the query, and prints a line for each request, oldest first', async () => {
  installAws(started, { status: 'Running', results: [] }, { status: 'Complete', results });
  const { code, printed, said } = await log(['--stage', 'prod'], { AWS_REGION: 'eu-west-1' });
  expect({ code, printed }).toEqual({
    code: 0,
    printed: [
      '2026-11-26 11:58:00.000  call     ok      to=****0100',
      '2026-11-26 11:59:00.000  fax      failed  throttled  account=****3711  hint="group heavy is closed"  ' +
        'userAgent="Nightly Fax/1.0?[2J"',
    ],
  });
  expect(said).toEqual(['2 requests of ringout-bridge-prod in eu-west-1']);
  expect(asked(1)).toEqual([
    'logs',
    'start-query',
    '--log-group-names',
    ...['ringout', 'fax', 'catch-all', 'list', 'call', 'status', 'cancel'].map(
      (name) => `/aws/lambda/ringout-bridge-prod-${name}`,
    ),
    '--start-time',
    String(nowSeconds - 3600),
    '--end-time',
    String(nowSeconds),
    '--query-string',
    ...queryText('requests').split('\n'),
    '--region',
    'eu-west-1',
    '--output',
    'json',
  ]);
  for (const call of [2, 3]) {
    expect(asked(call).slice(0, 4)).toEqual(['logs', 'get-query-results', '--query-id', 'demo-query']);
  }
});

test('--failed asks for failed requests only, as far back as --since says', async () => {
  installAws(started, { status: 'Complete', results: [] });
  const { code, said } = await log(['--stage', 'prod', '--failed', '--since', '3d', '--region', 'us-west-2']);
  expect({ code, said }).toEqual({
    code: 0,
    said: ['0 requests that failed of ringout-bridge-prod in us-west-2'],
  });
  expect(asked(1)).toEqual(expect.arrayContaining([...queryText('failed-requests').split('\n'), 'us-west-2']));
  expect(asked(1)).toContain(String(nowSeconds - 3 * 86_400));
});

test.each<[string, readonly Answer[], RegExp]>([
  [
    'an unknown stage',
    [{ error: 'An error occurred (ResourceNotFoundException) when calling the StartQuery operation: x' }],
    /^logs:StartQuery: ResourceNotFoundException\nLook at the stage and the region: is ringout-bridge-prod there\?$/,
  ],
  [
    'a missing permission',
    [started, { error: 'An error occurred (AccessDeniedException) when calling the GetQueryResults operation: x' }],
    /^logs:GetQueryResults: AccessDeniedException\nAllow these AWS credentials the action logs:GetQueryResults\.$/,
  ],
  ['no credentials', [{ error: 'Unable to locate credentials.' }], /^logs:StartQuery: NoCredentials\nPut valid AWS/],
  ['a query without an id', [{}], /gave the query no id/],
  ['a query that fails', [started, { status: 'Timeout', results: [] }], /stopped the query/],
  [
    'a query that never ends',
    [started, ...Array.from({ length: 10 }, () => ({ status: 'Running', results: [] }))],
    /not answered in two minutes/,
  ],
])('%s is exit code 1, with the reason', async (_, answers, told) => {
  installAws(...answers);
  const { code, printed, said } = await log(['--stage', 'prod']);
  expect({ code, printed }).toEqual({ code: 1, printed: [] });
  expect(said.join('\n')).toMatch(told);
});

test('a missing aws command is exit code 1', async () => {
  expect(await log(['--stage', 'prod'])).toEqual({
    code: 1,
    printed: [],
    said: ['The aws command is not installed: npm run log asks through it.'],
  });
});

test.each([
  [[]],
  [['--stage', 'a b']],
  [['--stage', 'prod', '--since', '1']],
  [['--stage', 'prod', '--since', '0h']],
  [['--stage', 'prod', '--since', '1w']],
  [['--stage', 'prod', '--region', 'moon']],
  [['--stage', 'prod', '--follow']],
  [['--stage']],
])('%p is exit code 2', async (args) => {
  const { code, said } = await log(args);
  expect(code).toBe(2);
  expect(said.join('\n')).toMatch(/npm run log -- --help says more\.$/);
});

test('--help prints the usage', async () => {
  const { code, printed } = await log(['--help']);
  expect({ code, first: printed[0]?.split(':')[0] }).toEqual({ code: 0, first: 'npm run log' });
});
