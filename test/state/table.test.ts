import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  DynamoDBServiceException,
  ProvisionedThroughputExceededException,
} from '@aws-sdk/client-dynamodb';
import { createServer } from 'node:http';
import { closer, listen } from '../../infra/local/listen.ts';
import { localAws } from '../../infra/local/local-aws.ts';
import { createTable, unlessTableDown, numberOf, StateUnavailable, textOf, type Table } from '../../lib/state/table.ts';
import { testClock } from '../clock.ts';

const metadata = { $metadata: {}, message: 'demo message' };
const failures: readonly (readonly [string, Error])[] = [
  ['throttling', new ProvisionedThroughputExceededException(metadata)],
  ['access denied', new DynamoDBServiceException({ ...metadata, name: 'AccessDeniedException', $fault: 'client' })],
  ['a time-out', Object.assign(new Error('demo'), { name: 'TimeoutError' })],
];

function tableThatFails(error: Error) {
  const seen: unknown[] = [];
  const send = jest.fn().mockRejectedValue(error);
  const table = createTable({ send } as never, 'demo-state', testClock(), (failure) => seen.push(failure));
  return { table, seen };
}

describe.each(failures)('%s means that the table is unavailable, and is reported once', (_, error) => {
  test.each<[string, (table: Table) => Promise<unknown>]>([
    ['get', (t): Promise<unknown> => t.get('K')],
    ['update', (t): Promise<unknown> => t.update('K', { update: 'SET a = b' })],
    ['create', (t): Promise<unknown> => t.create('K', {})],
  ])('%s', async (__, operate) => {
    const { table, seen } = tableThatFails(error);
    const failure: unknown = await operate(table).catch((caught: unknown) => caught);
    expect(failure).toBeInstanceOf(StateUnavailable);
    expect(failure).toMatchObject({ message: `the state table cannot be used: ${error.name}`, cause: error });
    expect(seen).toEqual([error]);
  });
});

test.each(failures)('%s is neither thrown nor reported while the connection is opened', async (_, error) => {
  const { table, seen } = tableThatFails(error);
  await expect(table.connect('K', 1000)).resolves.toBeUndefined();
  expect(seen).toEqual([]);
});

test.each<[string, (table: Table) => Promise<unknown>, unknown]>([
  ['update', (t) => t.update('K', { update: 'SET a = b' }), false],
  ['create', (t) => t.create('K', {}), false],
])('%s: returns false when a condition does not hold', async (_, operate, expected) => {
  const { table, seen } = tableThatFails(new ConditionalCheckFailedException(metadata));
  expect(await operate(table)).toBe(expected);
  expect(seen).toEqual([]);
});

test('a table that does not answer in time is unavailable', async () => {
  const silent = createServer(() => {});
  const close = closer(silent);
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${await listen(silent, 0)}`,
    ...localAws,
    maxAttempts: 1,
    requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true },
  });
  const table = createTable(client, 'demo-state', testClock(), () => {});
  await expect(table.get('K')).rejects.toThrow(StateUnavailable);
  client.destroy();
  await close();
});

test('an operation has six seconds, after consecutive timeouts three and then one, until one is answered', async () => {
  const clock = testClock();
  let answers = false;
  const send = async (_: unknown, { abortSignal }: { abortSignal: AbortSignal }): Promise<object> => {
    if (answers) return {};
    await new Promise((resolve) => abortSignal.addEventListener('abort', resolve));
    throw abortSignal.reason as Error;
  };
  const table = createTable({ send } as never, 'demo-state', clock, () => {});
  const waits = async (limitMs: number): Promise<void> => {
    const ended = jest.fn();
    const operation = table.get('K').catch(ended);
    clock.advance(limitMs - 500);
    await clock.sleep(1);
    expect(ended).not.toHaveBeenCalled();
    clock.advance(500);
    await operation;
    expect(ended).toHaveBeenCalledWith(expect.any(StateUnavailable));
  };
  for (const limitMs of [6000, 3000, 1000, 1000]) await waits(limitMs);
  answers = true;
  expect(await table.get('K')).toBeUndefined();
  answers = false;
  await waits(6000);
});

describe('an operation that a request can do without', () => {
  test('returns unavailable when the table is down', async () => {
    expect(await unlessTableDown(Promise.reject(new StateUnavailable(undefined)))).toBe('unavailable');
    expect(await unlessTableDown(Promise.resolve(undefined))).toBeUndefined();
  });
  test('rethrows other errors', async () => {
    await expect(unlessTableDown(Promise.reject(new TypeError('demo bug')))).rejects.toThrow('demo bug');
  });
});

test.each([
  ['text', { a: { S: 'x' } }, 'x', undefined],
  ['a number', { a: { N: '12' } }, undefined, 12],
  ['no number', { a: { N: 'twelve' } }, undefined, undefined],
  ['another type', { a: { BOOL: true } }, undefined, undefined],
  ['nothing', {}, undefined, undefined],
  ['no item', undefined, undefined, undefined],
] as const)('an attribute that holds %s', (_, item, text, number) => {
  expect([textOf(item, 'a'), numberOf(item, 'a')]).toEqual([text, number]);
});
