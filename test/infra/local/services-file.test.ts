import { existsSync, statSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { readServices, servicesFile, writeServicesFile } from '../../../infra/local/services-file.ts';

const services = {
  dynamoDbUrl: 'http://127.0.0.1:1',
  stateTable: 'demo-state',
  secretsManagerUrl: 'http://127.0.0.1:2',
  secretIds: ['local/demo'],
  s3Url: 'http://127.0.0.1:3',
  sqsUrl: 'http://127.0.0.1:4',
  outboxBucket: 'demo-bucket',
  outboxQueueUrl: 'http://127.0.0.1:4/000000000000/demo.fifo',
  outboxDeadLettersUrl: 'http://127.0.0.1:4/000000000000/dead.fifo',
  accessKeyId: 'demo-key',
};
/** A port that no server uses. */
const port = 1;

test('the services file has mode 0600 and all services, and can be removed', async () => {
  await (
    await writeServicesFile(port, services)
  )();
  // Left by a stack that was killed, and readable for all.
  await writeFile(servicesFile(port), 'old');
  await chmod(servicesFile(port), 0o666);
  const remove = await writeServicesFile(port, services);
  expect(statSync(servicesFile(port)).mode & 0o777).toBe(0o600);
  expect(readServices(await readFile(servicesFile(port), 'utf8'))).toEqual(services);
  await remove();
  expect(existsSync(servicesFile(port))).toBe(false);
});

test('git ignores the services file', () => {
  expect(
    execFileSync('git', ['check-ignore', servicesFile(port)])
      .toString()
      .trim(),
  ).toBe(servicesFile(port));
});

test.each(['', '{', 'null', '[]', ...Object.keys(services).filter((name) => name !== 'secretIds')])(
  'an invalid or incomplete file is read as undefined: %s',
  (text) => {
    const whole = text in services ? JSON.stringify({ ...services, [text]: undefined }) : text;
    expect(readServices(whole)).toBeUndefined();
  },
);
