import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretFiles } from '../../../infra/local/secret-documents.ts';
import { localAws } from '../../../infra/local/local-aws.ts';
import { startSecretsManager, type LocalSecretsManager } from '../../../infra/local/secrets-manager.ts';

const secret = (username: string) =>
  JSON.stringify({ serverUrl: 'http://127.0.0.1:1', users: [{ username, extension: '101' }] });

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringout-bridge-'));
  file = join(folder, 'secret.json');
  await writeFile(file, secret('18889363711'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the local Secrets Manager', () => {
  let server: LocalSecretsManager;
  let client: SecretsManagerClient;
  beforeEach(async () => {
    const { sources } = await secretFiles(`${file}, ${file}`);
    server = await startSecretsManager(sources);
    client = new SecretsManagerClient({
      endpoint: server.url,
      ...localAws,
      maxAttempts: 1,
    });
  });
  afterEach(async () => {
    client.destroy();
    await server.close();
  });
  const read = async (id: string) => (await client.send(new GetSecretValueCommand({ SecretId: id }))).SecretString;

  test.each(['local/secret-1', 'local/secret-2'])('serves %s', async (id) => {
    expect(await read(id)).toBe(secret('18889363711'));
  });

  test('notices an edited file', async () => {
    await writeFile(file, secret('16505550100'));
    expect(await read('local/secret-1')).toBe(secret('16505550100'));
  });

  test('does not know other secrets', async () => {
    await expect(read('other')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('fails while a file cannot be read', async () => {
    await rm(file);
    await expect(read('local/secret-1')).rejects.toMatchObject({ name: 'InternalServiceError' });
  });
});

describe('a secret file', () => {
  test('names the first user for the examples', async () => {
    expect((await secretFiles(file)).firstUser).toEqual({ username: '18889363711', extension: '101' });
  });

  test.each([
    ['that is not JSON', '{"clientSecret": demo-secret', (path: string) => `SECRET_FILE ${path} is not JSON.`],
    [
      'without users',
      '{"serverUrl":"x"}',
      (path: string) =>
        `SECRET_FILE ${path} is not a secret document: it needs "serverUrl" and at least one of "users".`,
    ],
    [
      'that is null',
      'null',
      (path: string) =>
        `SECRET_FILE ${path} is not a secret document: it needs "serverUrl" and at least one of "users".`,
    ],
    [
      'with a number as username',
      '{"serverUrl":"x","users":[{"username":1}]}',
      (path: string) =>
        `SECRET_FILE ${path} is not a secret document: "users"[0] needs a "username" in quotation marks.`,
    ],
  ])('%s is refused in a sentence that quotes nothing of it', async (_name, text, message) => {
    await writeFile(file, text);
    await expect(secretFiles(file)).rejects.toThrow(message(file));
  });

  test.each([
    ['/does/not/exist.json', 'SECRET_FILE /does/not/exist.json cannot be read (ENOENT).'],
    [' , ', 'SECRET_FILE is empty; give it the path of a secret document.'],
  ])('at "%s" is refused', async (path, message) => {
    await expect(secretFiles(path)).rejects.toThrow(message);
  });
});
