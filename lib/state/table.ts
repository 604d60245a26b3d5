import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Deadline } from '../domain/deadline.ts';
import type { Clock } from '../domain/ports.ts';

/** An item as DynamoDB has it, by attribute name. */
export type Item = Record<string, AttributeValue>;

/** One conditional update; names and values are DynamoDB placeholders (`#name`, `:value`). */
export interface ConditionalUpdate {
  readonly update: string;
  /** Left out only where every outcome is right, such as adding to a set. */
  readonly condition?: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, AttributeValue>>;
}

/**
 * DynamoDB did not answer usefully (time-out, throttled, access denied, …): nothing is known about the item. What was
 * to be written may or may not have been.
 */
export class StateUnavailable extends Error {
  constructor(cause: unknown) {
    super(`the state table cannot be used: ${cause instanceof Error ? cause.name : 'unknown error'}`, { cause });
    this.name = 'StateUnavailable';
  }
}

/** The result of an operation, or that the table cannot be used; everything else that goes wrong is thrown. */
export async function unlessTableDown<T>(operation: Promise<T>): Promise<T | 'unavailable'> {
  try {
    return await operation;
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    return 'unavailable';
  }
}

/**
 * Waits for an operation of the table no longer than `ms`; it goes on, but nobody waits for it.
 * @throws StateUnavailable after that time
 */
export async function withinMs<T>(clock: Pick<Clock, 'signal'>, ms: number, operation: Promise<T>): Promise<T> {
  const signal = clock.signal(ms);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new StateUnavailable(signal.reason)), { once: true });
  });
  return Promise.race([operation, late]);
}

/** Time between two attempts at an operation that has to be answered. */
const againAfterMs = 200;

/**
 * Repeats an operation of the table until it is answered.
 * @throws StateUnavailable when only `reserveMs` of the time are left
 */
export async function untilAnswered<T>(
  operation: () => Promise<T>,
  { clock, deadline }: { readonly clock: Pick<Clock, 'sleep'>; readonly deadline: Deadline },
  reserveMs: number,
): Promise<T> {
  for (;;) {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof StateUnavailable) || deadline.remainingMs() <= reserveMs) throw error;
      await clock.sleep(againAfterMs);
    }
  }
}

/** The state table, reduced to the operations the roles allow. Every method but the first may throw {@link StateUnavailable}. */
export interface Table {
  /**
   * Opens the connection, by reading an item. Never rejects, and its failure counts for nothing.
   *
   * @param limitMs longest wait
   */
  connect(key: string, limitMs: number): Promise<void>;
  /** A strongly consistent read: a token replaced a moment ago must be seen. */
  get(key: string): Promise<Item | undefined>;
  /** false when the condition did not hold. */
  update(key: string, change: ConditionalUpdate): Promise<boolean>;
  /** The attributes as they were written; undefined when the condition did not hold. */
  updateAndRead(key: string, change: ConditionalUpdate): Promise<Item | undefined>;
  /** false when the key is taken. */
  create(key: string, item: Item): Promise<boolean>;
}

/**
 * How long one operation may take, repetitions included, after none, one, … in a row that took longer. DynamoDB answers
 * in milliseconds; the first limit is that wide because a cold container is short of processor time and must not take
 * its own slowness for a fault of the table.
 */
const timeLimitsMs = [6000, 3000];
const shortestLimitMs = 1000;

/** @param onFailure called with each failure before it is thrown, for the log and the metric */
export function createTable(
  client: Pick<DynamoDBClient, 'send'>,
  tableName: string,
  clock: Pick<Clock, 'signal'>,
  onFailure: (error: unknown) => void,
): Table {
  /** Operations in a row that took too long; the next one is given less time, so that one request meets one long wait. */
  let timeouts = 0;

  async function attempt<T>(operation: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
    try {
      const answer = await operation({ abortSignal: clock.signal(timeLimitsMs[timeouts] ?? shortestLimitMs) });
      timeouts = 0;
      return answer;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        timeouts = 0;
        throw error;
      }
      if (isTimeout(error)) timeouts += 1;
      onFailure(error);
      throw new StateUnavailable(error);
    }
  }

  /** undefined when the condition did not hold. */
  async function ifHeld<T>(operation: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T | undefined> {
    try {
      return await attempt(operation);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  const updateCommand = (key: string, change: ConditionalUpdate, returned?: 'UPDATED_NEW'): UpdateItemCommand =>
    new UpdateItemCommand({
      TableName: tableName,
      Key: { pk: { S: key } },
      ...(returned === undefined ? {} : { ReturnValues: returned }),
      UpdateExpression: change.update,
      ...(change.condition === undefined ? {} : { ConditionExpression: change.condition }),
      ...(change.names === undefined ? {} : { ExpressionAttributeNames: { ...change.names } }),
      ...(change.values === undefined ? {} : { ExpressionAttributeValues: { ...change.values } }),
    });

  return {
    async connect(key, limitMs) {
      const command = new GetItemCommand({ TableName: tableName, Key: { pk: { S: key } } });
      await client.send(command, { abortSignal: clock.signal(limitMs) }).catch(() => {});
    },
    async get(key) {
      const answer = await attempt((options) =>
        client.send(
          new GetItemCommand({ TableName: tableName, Key: { pk: { S: key } }, ConsistentRead: true }),
          options,
        ),
      );
      return answer.Item;
    },
    async update(key, change) {
      return (await ifHeld((options) => client.send(updateCommand(key, change), options))) !== undefined;
    },
    async updateAndRead(key, change) {
      const answer = await ifHeld((options) => client.send(updateCommand(key, change, 'UPDATED_NEW'), options));
      return answer?.Attributes;
    },
    async create(key, item) {
      const command = new PutItemCommand({
        TableName: tableName,
        Item: { ...item, pk: { S: key } },
        ConditionExpression: 'attribute_not_exists(pk)',
      });
      return (await ifHeld((options) => client.send(command, options))) !== undefined;
    },
  };
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
}

/** Reads of single attributes; an attribute of another type counts as missing, so that a foreign row harms nobody. */
export function textOf(item: Item | undefined, name: string): string | undefined {
  return item?.[name]?.S;
}

/** Undefined also for a number that is none. */
export function numberOf(item: Item | undefined, name: string): number | undefined {
  const text = item?.[name]?.N;
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
