import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { demoUser, secretDocument } from '../../demo.ts';
import { secretFiles } from '../../../infra/local/secret-documents.ts';
import { checkFiles } from '../../../infra/commands/doctor/files.ts';
import { renderTable } from '../../../infra/commands/report/report.ts';
import { testWorld } from '../commands/doctor/test-world.ts';
import { localAws } from '../../../infra/local/local-aws.ts';
import { startSecretsManager, type LocalSecretsManager } from '../../../infra/local/secrets-manager.ts';

const secret = (extension: string) =>
  JSON.stringify(secretDocument('http://127.0.0.1:1', [{ ...demoUser, extension }]));
const nowMs = Date.UTC(2026, 10, 23);

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringout-bridge-'));
  file = join(folder, 'secret.json');
  await writeFile(file, secret('101'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the local Secrets Manager', () => {
  let server: LocalSecretsManager;
  let client: SecretsManagerClient;
  beforeEach(async () => {
    const second = join(folder, 'second.json');
    await writeFile(second, secret('102'));
    const { sources } = await secretFiles(`${file}, ${second}`, nowMs);
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

  test.each([
    ['local/secret-1', '101'],
    ['local/secret-2', '102'],
  ])('serves %s', async (id, extension) => {
    expect(await read(id)).toBe(secret(extension));
  });

  test('notices an edited file', async () => {
    await writeFile(file, secret('102'));
    expect(await read('local/secret-1')).toBe(secret('102'));
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
    expect(await secretFiles(file, nowMs)).toMatchObject({
      firstUser: { username: '8889363711', extension: '101' },
      remarks: undefined,
    });
  });

  test.each([
    ['that is not JSON', '{"clientSecret": demo-secret'],
    ['without users', '{"serverUrl":"x"}'],
    ['that is null', 'null'],
    ['with a number as username', '{"serverUrl":"x","users":[{"username":1}]}'],
    ['with the same user twice', JSON.stringify(secretDocument('http://127.0.0.1:1', [demoUser, demoUser]))],
    ['in UTF-16', Buffer.from('\ufeff{}', 'utf16le')],
  ])('%s is refused in the words of the doctor', async (_name, text) => {
    await writeFile(file, text);
    const world = testWorld({ readFile: (path) => readFile(path, 'utf8') });
    const [section] = await checkFiles([file], { network: false }, world);
    await expect(secretFiles(file, nowMs)).rejects.toThrow(renderTable(section === undefined ? [] : [section]));
    expect(section?.checks.some(({ outcome }) => outcome === 'failed')).toBe(true);
  });

  test('that does not exist is refused with its error code', async () => {
    await expect(secretFiles('/does/not/exist.json', nowMs)).rejects.toThrow('cannot be read (ENOENT)');
  });

  test('without a path is refused', async () => {
    await expect(secretFiles(' , ', nowMs)).rejects.toThrow('The path of the secret document is empty.');
  });

  test('with a JWT that ends soon and an unknown field is accepted with remarks', async () => {
    const exp = nowMs / 1000 + 3 * 24 * 3600;
    const jwt = ['e30', Buffer.from(JSON.stringify({ exp })).toString('base64url'), 'demo'].join('.');
    const document = secretDocument('http://127.0.0.1:1', [{ ...demoUser, jwt }]);
    await writeFile(file, JSON.stringify({ ...document, client_id: 'demo' }));
    const { remarks } = await secretFiles(file, nowMs);
    expect(remarks).toContain('client_id: is clientId meant?');
    expect(remarks).toContain('ends on 2026-11-26, in 3 days');
  });
});
