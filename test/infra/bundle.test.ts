import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { budget, bundle, overBudget } from '../../infra/bundle.ts';
import { areFresh } from '../../infra/fresh-bundles.ts';
import { functionRows } from '../../infra/functions.ts';
import { locate } from '../../infra/commands/locate-stack/locate.ts';

/** Uses every dependency that is bundled without some of its modules. */
const everyClient = `
import { ConditionalCheckFailedException, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SDK } from '@ringcentral/sdk';

const Pk = { pk: { S: 'USER#demo' } };
export const handler = async () => {
  const dynamoDb = new DynamoDBClient({});
  const { Item } = await dynamoDb.send(new GetItemCommand({ TableName: 'state', Key: Pk }));
  const refused = await dynamoDb.send(new PutItemCommand({ TableName: 'state', Item: Pk })).catch((error) => error);
  const secret = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: 'demo' }));
  const sdk = new SDK({ server: process.env.AWS_ENDPOINT_URL_DYNAMODB, clientId: 'demo', fetch, Request, Response, Headers, localStorage: {} });
  const send = (url) => sdk.platform().send({ method: 'GET', url, skipAuthCheck: true, headers: { authorization: 'Bearer demo' } });
  const answered = await send('/restapi/v1.0/demo');
  const sdkRefused = await send('/restapi/v1.0/refused').catch((error) => error);
  return {
    item: Item,
    refused: refused instanceof ConditionalCheckFailedException && refused.name,
    secret: secret.SecretString,
    sdk: await answered.json(),
    sdkRefused: sdkRefused.response.status,
  };
};
`;

/** Gets errors that no code catches by their class. */
const erring = `
import { DynamoDBClient, DynamoDBServiceException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ListSecretsCommand, SecretsManagerClient, SecretsManagerServiceException } from '@aws-sdk/client-secrets-manager';

export const handler = async () => {
  const update = new UpdateItemCommand({ TableName: 'state', Key: { pk: { S: 'USER#demo' } } });
  const throttled = await new DynamoDBClient({ maxAttempts: 2 }).send(update).catch((error) => error);
  const notFound = await new SecretsManagerClient({}).send(new ListSecretsCommand({})).catch((error) => error);
  return [
    [throttled instanceof DynamoDBServiceException, throttled.name, throttled.message, throttled.$metadata.attempts],
    [notFound instanceof SecretsManagerServiceException, notFound.name, notFound.message, notFound.$metadata.attempts],
  ];
};
`;

/** Returns whether it was ready when its handler was called. */
const waiting = `let isReady = false;
export const ready = new Promise<void>((resolve) => setTimeout(() => { isReady = true; resolve(); }, 20));
export const handler = async () => isReady;
`;

/** Throws, so that its stack can be read. */
const failing = `function fail(): never {
  throw new Error('on purpose');
}
export const handler = async () => { fail(); };
`;

let folder: string;
let service: Server;
let authorizations: (string | undefined)[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringout-bridge-bundle-'));
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  for (const path of ['functions', 'dist/removed-function']) mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, 'functions/every-client.ts'), everyClient);
  writeFileSync(join(folder, 'functions/small.ts'), 'export const handler = async (): Promise<string> => "small";\n');
  writeFileSync(join(folder, 'functions/failing.ts'), failing);
  writeFileSync(join(folder, 'functions/erring.ts'), erring);
  writeFileSync(join(folder, 'functions/waiting.ts'), waiting);
  authorizations = [];
  service = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    const answers: Record<string, [number, object]> = {
      'DynamoDB_20120810.GetItem': [200, { Item: { pk: { S: 'USER#demo' } } }],
      'DynamoDB_20120810.PutItem': [
        400,
        { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' },
      ],
      'DynamoDB_20120810.UpdateItem': [
        400,
        {
          __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
          message: 'Slow down.',
        },
      ],
      'secretsmanager.ListSecrets': [400, { __type: 'InvalidParameterException', Message: 'Not like that.' }],
      'secretsmanager.GetSecretValue': [200, { SecretString: 'demo-document' }],
      '/restapi/v1.0/demo': [200, { demo: true }],
      '/restapi/v1.0/refused': [400, { errorCode: 'CMN-101' }],
    };
    const [status, body] = answers[String(request.headers['x-amz-target'] ?? request.url)] ?? [404, {}];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  await bundle(folder);
});

afterAll(async () => {
  await new Promise((resolve) => service.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a bundled function in its own process. Returns its answer, or its error as text. */
function run(name: string, env: NodeJS.ProcessEnv): Promise<unknown> {
  const script = `import('./dist/${name}/entry.mjs').then(({ handler }) => handler()).then(
    (answer) => console.log(JSON.stringify(answer)), (error) => console.log(JSON.stringify('${name}' === 'failing' ? error.stack : error.name + ': ' + error.message)))`;
  const child = spawn(process.execPath, ['-e', script], { cwd: folder, env: { PATH: process.env['PATH'], ...env } });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('close', () => {
      try {
        resolve(JSON.parse(output));
      } catch {
        reject(new Error(output));
      }
    });
  });
}

const lambdaEnvironment = (): NodeJS.ProcessEnv => {
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  return { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_DYNAMODB: url, AWS_ENDPOINT_URL_SECRETS_MANAGER: url };
};
const credentials = { AWS_ACCESS_KEY_ID: 'demo', AWS_SECRET_ACCESS_KEY: 'demo', AWS_SESSION_TOKEN: 'demo' };

describe('a bundle', () => {
  test('works without the modules that are left out', async () => {
    expect(await run('every-client', { ...lambdaEnvironment(), ...credentials })).toEqual({
      item: { pk: { S: 'USER#demo' } },
      refused: 'ConditionalCheckFailedException',
      secret: 'demo-document',
      sdk: { demo: true },
      sdkRefused: 400,
    });
    expect(authorizations.map((header) => header?.split('/')[0])).toEqual([
      ...Array<string>(3).fill('AWS4-HMAC-SHA256 Credential=demo'),
      ...Array<string>(2).fill('Bearer demo'),
    ]);
  });

  test('names AWS errors that no code catches by class, and retries throttled requests', async () => {
    expect(await run('erring', { ...lambdaEnvironment(), ...credentials })).toEqual([
      [true, 'ProvisionedThroughputExceededException', 'Slow down.', 2],
      [true, 'InvalidParameterException', 'Not like that.', 1],
    ]);
  });

  test('throws CredentialsProviderError when the environment has no credentials', async () => {
    expect(await run('every-client', lambdaEnvironment())).toBe(
      'CredentialsProviderError: Unable to find environment variable credentials.',
    );
  });

  test.each([
    'node-fetch',
    'dom-storage',
    '@aws-sdk/credential-provider-sso',
    '@aws-sdk/endpoint-cache',
    'mnemonist',
    'event-streams',
  ])('does not contain %s', (name) => {
    const { inputs } = JSON.parse(readFileSync(join(folder, 'dist/meta.json'), 'utf8')) as {
      inputs: Record<string, unknown>;
    };
    expect(Object.keys(inputs).filter((path) => !path.startsWith('left-out:') && path.includes(name))).toEqual([]);
  });

  test('is one file with its source map elsewhere, and bundles of removed functions are deleted', () => {
    expect(existsSync(join(folder, 'dist/every-client/index.js'))).toBe(true);
    expect(existsSync(join(folder, 'dist/every-client/index.js.map'))).toBe(false);
    expect(existsSync(join(folder, 'dist/maps/every-client.js.map'))).toBe(true);
    expect(existsSync(join(folder, 'dist/removed-function'))).toBe(false);
  });

  test('is loaded through a module that waits until the function is ready', async () => {
    expect(await run('waiting', {})).toBe(true);
  });

  test('is minified to one line', () => {
    const source = readFileSync(join(folder, 'dist/small/index.js'), 'utf8');
    expect(source.split('\n').filter((line) => line !== '')).toHaveLength(1);
  });
});

describe('a stack from a bundle', () => {
  const maps = (): string => join(folder, 'dist/maps');

  test('is mapped to the sources', async () => {
    const stack = String(await run('failing', {}));
    expect(stack).toMatch(/dist\/failing\/index\.js:1:\d+/);
    expect(locate(stack, maps())).toMatch(/functions\/failing\.ts:2:9[\s\S]*functions\/failing\.ts:4:38/);
  });

  test.each(['no place at all', 'at a (/var/task/dist/unheard-of/index.js:1:1)', 'failing/index.js:99:1'])(
    'is unchanged where no source is known: %s',
    (text) => {
      expect(locate(text, maps())).toBe(text);
    },
  );
});

describe('bundling again', () => {
  const small = (): string => join(folder, 'dist/small/index.js');
  // The large ones would only take time.
  beforeAll(() => {
    for (const name of ['every-client', 'erring']) rmSync(join(folder, `functions/${name}.ts`));
  });

  test('does not rewrite an unchanged bundle', async () => {
    const before = statSync(small());
    await bundle(folder);
    expect(statSync(small())).toEqual(before);
  });

  test('replaces a changed bundle as a whole: an open file still has the old one', async () => {
    const [before, reading] = [readFileSync(small(), 'utf8'), openSync(small(), 'r')];
    writeFileSync(join(folder, 'functions/small.ts'), 'export const handler = async (): Promise<string> => "other";\n');
    await bundle(folder);
    expect(await run('small', {})).toBe('other');
    expect(readFileSync(reading, 'utf8')).toBe(before);
    closeSync(reading);
    expect(readdirSync(join(folder, 'dist/aside'))).toEqual([]);
  });
});

describe('the size budget', () => {
  const readingNumbers = ['call', 'catch-all', 'fax', 'list', 'ringout'];

  test.each(Object.entries(budget))('of %s, %i bytes, is at most the promised size', (name, limit) => {
    expect(limit).toBeLessThanOrEqual(readingNumbers.includes(name) ? 430_000 : 310_000);
  });

  test('is enough for every deployed bundle', async () => {
    const root = join(import.meta.dirname, '../..');
    if (!areFresh(root)) await bundle(root);
    const sizes = functionRows.map(({ name }) => ({
      name,
      bytes: statSync(join(root, 'dist', name, 'index.js')).size,
    }));
    expect(overBudget(sizes)).toEqual([]);
  });

  test('lists bundles that exceed their limit by one byte, and bundles without a limit', () => {
    const limit = (name: string): number => budget[name] ?? Number.NaN;
    expect(
      overBudget([
        { name: 'cancel', bytes: limit('cancel') },
        { name: 'status', bytes: limit('status') + 1 },
        { name: 'fax', bytes: limit('fax') },
        { name: 'unheard-of', bytes: 1 },
      ]),
    ).toEqual(['status', 'unheard-of']);
  });
});
