import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import type { Metrics } from '../../lib/domain/ports.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import { createSecretSource } from '../../lib/runtime/secret-source.ts';
import { testClock } from '../clock.ts';
import { phoneRules } from '../../lib/legacy/phone-number.ts';

const client = new SecretsManagerClient({ region: 'us-east-1' });
const secretsManager = mockClient(client);
beforeEach(() => secretsManager.reset());

const maxAgeMs = 300_000;
const clock = { ...testClock(), at: 1_800_000_000_000, nowMs: () => clock.at };

function open(secretIds: readonly string[] = ['demo']) {
  const lines: unknown[] = [];
  const metrics: string[] = [];
  const log = createLogger('debug', (line) => lines.push(JSON.parse(line)), clock.nowMs);
  const counting = { add: (name) => void metrics.push(name) } as Metrics;
  return {
    ...createSecretSource({ client, secretIds, maxAgeMs, phoneRules, clock, log, metrics: counting }),
    lines,
    metrics,
  };
}

const document = (jwt: string, extension = '101'): string =>
  JSON.stringify({
    serverUrl: 'https://platform.ringcentral.com',
    clientId: 'demo-client',
    clientSecret: 'demo-client-secret',
    users: [{ username: '18889363711', extension, jwt, legacyPassword: '1234' }],
  });

const serve = (text: string): unknown => secretsManager.on(GetSecretValueCommand).resolves({ SecretString: text });
const fail = (name: string, httpStatusCode: number): unknown =>
  secretsManager
    .on(GetSecretValueCommand)
    .rejects(Object.assign(new Error('demo'), { name, $metadata: { httpStatusCode } }));
const reads = (): number => secretsManager.calls().length;
const jwtsOf = ({ users }: Awaited<ReturnType<ReturnType<typeof open>['directory']>>): readonly string[] =>
  users.map(({ jwt }) => jwt);

test('a secret is read once until its maximum age, and then again', async () => {
  serve(document('demo-1'));
  const source = open();
  expect(jwtsOf(await source.directory())).toEqual(['demo-1']);
  serve(document('demo-2'));
  clock.at += maxAgeMs;
  expect(jwtsOf(await source.directory())).toEqual(['demo-1']);
  expect(reads()).toBe(1);
  clock.at += 1;
  expect(jwtsOf(await source.directory())).toEqual(['demo-2']);
  expect(reads()).toBe(2);
  expect(secretsManager.calls()[0]?.args[0].input).toEqual({ SecretId: 'demo' });
});

test('concurrent requests share one read', async () => {
  serve(document('demo-1'));
  const source = open();
  await Promise.all([source.directory(), source.directory(), source.reload()]);
  expect(reads()).toBe(1);
});

test('a reload reads whatever the age, and its result is cached', async () => {
  serve(document('demo-1'));
  const source = open();
  await source.directory();
  serve(document('demo-2'));
  expect(jwtsOf(await source.reload())).toEqual(['demo-2']);
  expect(jwtsOf(await source.directory())).toEqual(['demo-2']);
  expect(reads()).toBe(2);
});

test('a secret stored as bytes is read as text', async () => {
  secretsManager.on(GetSecretValueCommand).resolves({ SecretBinary: Buffer.from(document('demo-1')) });
  expect(jwtsOf(await open().directory())).toEqual(['demo-1']);
});

describe('when the secret cannot be read', () => {
  test('the last good copy serves, and the next attempt is fifteen seconds later', async () => {
    serve(document('demo-1'));
    const source = open();
    await source.directory();
    fail('InternalServiceError', 500);
    clock.at += maxAgeMs + 1;
    expect(jwtsOf(await source.directory())).toEqual(['demo-1']);
    clock.at += 14_999;
    expect(jwtsOf(await source.directory())).toEqual(['demo-1']);
    expect(reads()).toBe(2);
    serve(document('demo-2'));
    clock.at += 1;
    expect(jwtsOf(await source.directory())).toEqual(['demo-2']);
    expect(source.metrics).toEqual(['SecretFailures']);
    expect(source.lines).toMatchObject([
      { level: 'error', message: 'the secret cannot be read', error: 'InternalServiceError', lastGoodCopyServes: true },
    ]);
  });

  test('a reload fails, and leaves the last good copy', async () => {
    serve(document('demo-1'));
    const source = open();
    await source.directory();
    fail('AccessDeniedException', 400);
    await expect(source.reload()).rejects.toThrow('configuration: the secret cannot be read');
    expect(jwtsOf(await source.directory())).toEqual(['demo-1']);
  });

  test('a container without a copy tries with every request', async () => {
    fail('ResourceNotFoundException', 400);
    const source = open();
    await expect(source.directory()).rejects.toThrow('configuration: the secret cannot be read');
    await expect(source.directory()).rejects.toThrow('configuration: the secret cannot be read');
    serve(document('demo-1'));
    expect(jwtsOf(await source.directory())).toEqual(['demo-1']);
    expect(source.lines).toMatchObject([{ lastGoodCopyServes: false }, { lastGoodCopyServes: false }]);
  });

  test.each([
    ['an outage', 'InternalServiceError', 503],
    ['too many requests', 'ThrottlingException', 400],
    ['too many requests, by another error', 'TooManyRequestsException', 429],
  ])('%s is distinguished from a missing secret', async (_, name, status) => {
    fail(name, status);
    await expect(open().directory()).rejects.toThrow('secret_unavailable: the secret cannot be read');
  });

  test('a failed connection is distinguished from a missing secret', async () => {
    secretsManager.on(GetSecretValueCommand).rejects(Object.assign(new Error('demo'), { code: 'ECONNREFUSED' }));
    await expect(open().directory()).rejects.toThrow('secret_unavailable: the secret cannot be read');
  });

  test('its mistakes are logged with the name of the document, and no value', async () => {
    serve('{"serverUrl": "demo-value", "clientId": "demo-value", "clientSecret": "demo-value", "users": []}');
    const source = open(['demo-eu']);
    await expect(source.directory()).rejects.toThrow('configuration: a secret document has mistakes');
    expect(source.lines).toMatchObject([
      {
        message: 'a secret document has mistakes',
        problems: [
          'demo-eu: serverUrl: an https:// address without a path (http:// only for this machine)',
          'demo-eu: users: at least one user',
        ],
      },
    ]);
    expect(JSON.stringify(source.lines)).not.toContain('demo-value');
  });
});

describe('several documents', () => {
  const answer = (id: string, text: string): unknown =>
    secretsManager.on(GetSecretValueCommand, { SecretId: id }).resolves({ SecretString: text });

  test('are one directory', async () => {
    answer('demo-a', document('demo-1', '101'));
    answer('demo-b', document('demo-2', '102'));
    expect(jwtsOf(await open(['demo-a', 'demo-b']).directory())).toEqual(['demo-1', 'demo-2']);
  });

  const down = (id: string, name: string, httpStatusCode: number): unknown =>
    secretsManager
      .on(GetSecretValueCommand, { SecretId: id })
      .rejects(Object.assign(new Error('demo'), { name, $metadata: { httpStatusCode } }));
  const of = (extension: string) => ({ username: '8889363711', extension, password: undefined });
  const withoutName = { username: undefined, extension: '', password: undefined };
  const openDocument = (extension: string): string =>
    document('demo-1', extension).replace('"legacyPassword":"1234"', '"legacyPassword":null');

  test.each<[string, (id: string) => unknown, string, string]>([
    ['has mistakes', (id) => answer(id, '{}'), 'configuration', 'a secret document has mistakes'],
    ['is not JSON', (id) => answer(id, 'x'), 'configuration', 'a secret document has mistakes'],
    ['is missing', (id) => down(id, 'ResourceNotFoundException', 400), 'configuration', 'the secret cannot be read'],
    [
      'cannot be read',
      (id) => down(id, 'InternalServiceError', 500),
      'secret_unavailable',
      'the secret cannot be read',
    ],
    [
      'has a duplicate user',
      (id) => {
        const { users, ...rest } = JSON.parse(document('demo-2', '102')) as { users: object[] };
        return answer(id, JSON.stringify({ ...rest, users: [...users, ...users] }));
      },
      'configuration',
      'a secret document has mistakes',
    ],
  ])('of which one %s: only its own users are refused', async (_, spoil, code, message) => {
    answer('demo-a', document('demo-1', '101'));
    spoil('demo-b');
    const source = open(['demo-a', 'demo-b']);
    const directory = await source.directory();
    expect(jwtsOf(directory)).toEqual(['demo-1']);
    expect(directory.find(of('101'))?.jwt).toBe('demo-1');
    // It may be a user of the faulty document, so the failure is neither a wrong password nor an unknown session.
    expect(() => directory.find(of('102'))).toThrow(`${code}: ${message}`);
    expect(() => directory.byKey('demo-key')).toThrow(`${code}: ${message}`);
    expect(source.metrics).toEqual(['SecretFailures']);
    expect(source.lines).toMatchObject([{ level: 'error', message, lastGoodCopyServes: false }]);
    expect(JSON.stringify(source.lines)).toContain('demo-b');
    // The first request after fifteen seconds retries.
    answer('demo-b', document('demo-2', '102'));
    clock.at += 14_999;
    expect(jwtsOf(await source.directory())).toEqual(['demo-1']);
    clock.at += 1;
    expect(jwtsOf(await source.directory())).toEqual(['demo-1', 'demo-2']);
  });

  test('of which one becomes faulty: it serves its last good copy, the others their new content', async () => {
    answer('demo-a', document('demo-1', '101'));
    answer('demo-b', document('demo-2', '102'));
    const source = open(['demo-a', 'demo-b']);
    await source.directory();
    answer('demo-a', document('demo-3', '101'));
    answer('demo-b', '{}');
    clock.at += maxAgeMs + 1;
    expect(jwtsOf(await source.directory())).toEqual(['demo-3', 'demo-2']);
    expect(source.lines).toMatchObject([{ lastGoodCopyServes: true }]);
    // A reload is not answered from the copy.
    const now = await source.reload();
    expect(jwtsOf(now)).toEqual(['demo-3']);
    expect(() => now.find(of('102'))).toThrow('configuration: a secret document has mistakes');
  });

  test('of which none can be used are a failure', async () => {
    answer('demo-a', '{}');
    down('demo-b', 'InternalServiceError', 500);
    await expect(open(['demo-a', 'demo-b']).directory()).rejects.toThrow('a secret document has mistakes');
  });

  test('of which one has mistakes have no user that counts as the only one without a password', async () => {
    answer('demo-a', openDocument('101'));
    answer('demo-b', '{}');
    const source = open(['demo-a', 'demo-b']);
    const directory = await source.directory();
    expect(() => directory.find(withoutName)).toThrow('configuration: a secret document has mistakes');
    answer('demo-b', document('demo-2', '102'));
    clock.at += 15_000;
    expect((await source.directory()).find(withoutName)?.extension).toBe('101');
  });

  test('that share a user serve all users but this one', async () => {
    answer('demo-a', document('demo-1', '101'));
    answer('demo-b', document('demo-2', '101'));
    answer('demo-c', document('demo-3', '103'));
    const source = open(['demo-a', 'demo-b', 'demo-c']);
    const directory = await source.directory();
    expect(jwtsOf(directory)).toEqual(['demo-3']);
    expect(directory.find(of('103'))?.jwt).toBe('demo-3');
    expect(directory.find(of('102'))).toBeUndefined();
    expect(() => directory.find(of('101'))).toThrow('configuration: this user stands in the secret documents twice');
    expect(source.metrics).toEqual(['SecretFailures']);
    expect(source.lines).toMatchObject([
      {
        message: 'a secret document has mistakes',
        problems: ['demo-b: users[0]: another username and extension than demo-a: users[0]'],
      },
    ]);
  });
});
