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

/** A DynamoDB item, by attribute name. */
export type Item = Record<string, AttributeValue>;

/** One conditional update; names and values are DynamoDB placeholders (`#name`, `:value`). */
export interface ConditionalUpdate {
  readonly update: string;
  /** Omitted only where every order of writes is correct, such as adding to a set. */
  readonly condition?: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, AttributeValue>>;
}

/**
 * DynamoDB gave no usable response (timeout, throttling, access denied, …). The state of the item is unknown, and a
 * write may or may not have happened.
 */
export class StateUnavailable extends Error {
  constructor(cause: unknown) {
    super(`the state table cannot be used: ${cause instanceof Error ? cause.name : 'unknown error'}`, { cause });
    this.name = 'StateUnavailable';
  }
}

/** Returns the result of the operation, or 'unavailable' on `StateUnavailable`. Rethrows all other errors. */
export async function unlessTableDown<T>(operation: Promise<T>): Promise<T | 'unavailable'> {
  try {
    return await operation;
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    return 'unavailable';
  }
}

/**
 * Waits at most `ms` for an operation of the table. The operation itself continues.
 * @throws StateUnavailable after that time
 */
export async function withinMs<T>(clock: Pick<Clock, 'signal'>, ms: number, operation: Promise<T>): Promise<T> {
  const signal = clock.signal(ms);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new StateUnavailable(signal.reason)), { once: true });
  });
  return Promise.race([operation, late]);
}

/** Pause between two tries, in milliseconds. */
const againAfterMs = 200;

/**
 * Retries an operation of the table until DynamoDB answers.
 * @throws StateUnavailable when at most `reserveMs` of the time remain
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

/**
 * The state table, with only the operations that the IAM roles allow. Every method but `connect` may throw {@link
 * StateUnavailable}.
 */
export interface Table {
  /**
   * Opens the connection by reading an item. Never rejects; failures are not counted.
   *
   * @param limitMs longest wait
   */
  connect(key: string, limitMs: number): Promise<void>;
  /** Strongly consistent, so that a token replaced a moment ago is visible. */
  get(key: string): Promise<Item | undefined>;
  /** Returns false when the condition did not hold. */
  update(key: string, change: ConditionalUpdate): Promise<boolean>;
  /** Returns the written attributes, or undefined when the condition did not hold. */
  updateAndRead(key: string, change: ConditionalUpdate): Promise<Item | undefined>;
  /** Returns false when the key exists. */
  create(key: string, item: Item): Promise<boolean>;
}

/**
 * Time limit of one operation, retries included, after 0, 1, … consecutive timeouts (milliseconds). DynamoDB answers in
 * milliseconds. The first limit is that long because a cold container has little CPU, and its own slowness must not
 * count as a failure of the table.
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
  /** Consecutive timeouts. The next operation gets less time, so that a request has at most one long wait. */
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

  /** Returns undefined when the condition did not hold. */
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

/** Reads one attribute. An attribute of another type counts as missing, so that an unexpected row causes no error. */
export function textOf(item: Item | undefined, name: string): string | undefined {
  return item?.[name]?.S;
}

/** Returns undefined also when the stored number is not finite. */
export function numberOf(item: Item | undefined, name: string): number | undefined {
  const text = item?.[name]?.N;
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
