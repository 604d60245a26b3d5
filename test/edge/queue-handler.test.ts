import { queueHandler } from '../../lib/edge/queue-handler.ts';
import type { FaxRow } from '../../lib/state/fax-row.ts';
import { QueueUnavailable } from '../../lib/outbox/ports.ts';
import type { Outbox } from '../../lib/outbox/outbox.ts';
import { startProduct, logOf, type Product } from '../product.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct({ outbox: true });
});
afterAll(() => product.close());

const record = (id: unknown): object => ({
  messageId: 'demo-message',
  receiptHandle: 'demo-receipt',
  body: JSON.stringify({ id }),
  attributes: { SentTimestamp: '1800000000000' },
});
const failed = { batchItemFailures: [{ itemIdentifier: 'demo-message' }] };

/** Returns the sender of faxes with a partly replaced outbox, and the seconds for which messages were hidden. */
function open(replace: (outbox: Outbox) => Partial<Outbox>) {
  const hidden: number[] = [];
  const { runtime } = product.container();
  if (runtime.outbox === undefined) throw new Error('no outbox');
  const queue = { ...runtime.outbox.queue, delay: async (_: string, seconds: number) => void hidden.push(seconds) };
  const outbox = { ...runtime.outbox, queue, ...replace({ ...runtime.outbox, queue }) };
  const handler = queueHandler('send-fax', {
    runtime: () => ({ ...runtime, outbox }),
    log: logOf(product),
    clock: product.clock,
  });
  return { handler, hidden };
}

const reading = (read: () => Promise<FaxRow | undefined>) => (outbox: Outbox) => ({ faxes: { ...outbox.faxes, read } });

test.each<[string, unknown]>([
  ['no record', { Records: [] }],
  ['no event', undefined],
  ['an unknown fax', { Records: [record('unknown')] }],
  ['a message without a fax id', { Records: [record(7)] }],
])('%s leaves nothing in the queue', async (_, event) => {
  const { handler, hidden } = open(() => ({}));
  expect(await handler(event, undefined)).toEqual({ batchItemFailures: [] });
  expect(hidden).toEqual([]);
});

test('a bug leaves the message in the queue, with a log line that names the fax', async () => {
  const { handler, hidden } = open(reading(() => Promise.reject(new TypeError('demo'))));
  expect(await handler({ Records: [record('demo-fax')] }, undefined)).toEqual(failed);
  expect(hidden).toEqual([360]);
  expect(product.lines.some((line) => line.includes('a fax could not be served') && line.includes('demo-fax'))).toBe(
    true,
  );
});

test('a message that cannot be hidden is redelivered after its visibility timeout', async () => {
  const waiting: FaxRow = {
    id: 'demo-fax',
    userKey: 'demo-user',
    state: { kind: 'sending', owner: 'demo', startMs: 0, untilMs: product.clock.nowMs() + 60_000 },
    createdAtMs: 0,
    enterByMs: 0,
    ticket: 1,
    isPromised: true,
    attempts: [],
    otherIds: [],
    notBeforeMs: undefined,
    waits: 0,
    endedAtMs: undefined,
    refusal: undefined,
    requeues: 0,
  };
  const { handler } = open((outbox) => ({
    ...reading(async () => waiting)(outbox),
    queue: { ...outbox.queue, delay: () => Promise.reject(new QueueUnavailable(new Error('demo'))) },
  }));
  expect(await handler({ Records: [record('demo-fax')] }, undefined)).toEqual(failed);
});
