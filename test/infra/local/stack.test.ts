import { readFile } from 'node:fs/promises';
import { askStandIn } from '../../../infra/local/ask-stand-in.ts';
import { readServices, servicesFile } from '../../../infra/local/services-file.ts';
import { startLocalStack, type LocalStack } from '../../../infra/local/stack.ts';
import { asObject } from '../../../lib/domain/untrusted.ts';
import { credentials } from '../../demo.ts';

/*
 * The outbox in the local stack: the bundles, the gateway, the stand-ins for AWS and the mapping between queue and
 * function. The rules of the outbox are tested in test/outbox.
 */

let [on, off]: (LocalStack | undefined)[] = [];
beforeAll(async () => {
  [on, off] = await Promise.all(
    ['on', 'off'].map((OUTBOX) =>
      startLocalStack({ port: 0, quiet: true, noLimits: true, environment: { OUTBOX, LOG_LEVEL: 'error' } }),
    ),
  );
});
afterAll(() => Promise.all([on?.stop(), off?.stop()]));

async function fax(stack: LocalStack | undefined, to: string): Promise<string> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...credentials, Recipient: to })) form.append(name, value);
  form.append('Attachment', new Blob(['demo']), 'a.txt');
  return (await fetch(`${stack?.baseUrl}/faxapi.asp`, { method: 'POST', body: form })).text();
}

async function outbox(stack: LocalStack | undefined): Promise<unknown> {
  return (await fetch(`${stack?.consoleUrl}/faxes`)).json();
}

test('a fax is sent through the queue, and a throttled fax waits', async () => {
  expect(await fax(on, '6505550101')).toBe('0');
  on?.simulator?.failNext('fax', { status: 429 });
  expect(await fax(on, '6505550102')).toBe('0');
  expect(on?.simulator?.faxes.map(({ to }) => to[0]?.phoneNumber)).toEqual(['+16505550101']);
  expect(await outbox(on)).toMatchObject({
    counts: { sent: 1, waiting: 1 },
    faxes: [
      { state: 'waiting', recipients: ['****0102'], nextTryAtMs: expect.any(Number) },
      { state: 'sent', recipients: ['****0101'], endedAtMs: expect.any(Number) },
    ],
  });
  expect(await on?.faxesWaiting()).toBe(1);

  // Operator commands find the queue and the bucket through the services file.
  const { port } = new URL(on?.baseUrl ?? '');
  const services = readServices(await readFile(servicesFile(Number(port)), 'utf8'));
  const { Attributes: attributes } =
    asObject(
      await askStandIn(services?.sqsUrl ?? '', {
        target: 'AmazonSQS.GetQueueAttributes',
        body: { QueueUrl: services?.outboxQueueUrl, AttributeNames: ['All'] },
      }),
    ) ?? {};
  expect(attributes).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '1', VisibilityTimeout: '360' });
  expect(services?.outboxBucket).toBe('ringout-bridge-local-outbox');
});

test('with OUTBOX=off a fax is sent directly or refused', async () => {
  expect(await fax(off, '6505550101')).toBe('0');
  off?.simulator?.failNext('fax', { status: 429 });
  expect(await fax(off, '6505550102')).toBe('5');
  expect([off?.simulator?.faxes.length, await outbox(off), await off?.faxesWaiting()]).toEqual([
    1,
    { counts: {}, faxes: [] },
    0,
  ]);
});
