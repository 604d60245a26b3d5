import { createRequire } from 'node:module';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../lib/state/table.ts';

/*
 * DynamoDB's semantics without an HTTP server, for models of a hundred thousand steps. Dynalite's code parses
 * expressions and applies updates to a map.
 */

const load = createRequire(import.meta.url);

type Callback = (error: unknown, result?: { Attributes?: Item; Item?: Item }) => void;
type Action = (store: object, data: Record<string, unknown>, callback: Callback) => void;

const actions: Readonly<Record<string, Action>> = {
  GetItemCommand: load('dynalite/actions/getItem') as Action,
  PutItemCommand: load('dynalite/actions/putItem') as Action,
  UpdateItemCommand: load('dynalite/actions/updateItem') as Action,
};
const { validateExpressions } = load('dynalite/validations') as {
  validateExpressions: (data: object) => string | undefined;
};

const definition = {
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  TableStatus: 'ACTIVE',
};

/** A client for one table in memory. Each operation takes effect before its promise resolves. */
export function tableInProcess(): Pick<DynamoDBClient, 'send'> & { readonly rows: ReadonlyMap<string, Item> } {
  const rows = new Map<string, Item>();
  const items = {
    lock: (_: string, run: (release: (callback: Callback) => Callback) => void) => run((callback) => callback),
    get(key: string, callback: (error: unknown, item?: Item) => void) {
      const item = rows.get(key);
      if (item === undefined) callback(Object.assign(new Error(), { name: 'NotFoundError' }));
      else callback(null, structuredClone(item));
    },
    put(key: string, item: Item, callback: (error: unknown) => void) {
      rows.set(key, structuredClone(item));
      callback(null);
    },
  };
  const store = {
    options: { maxItemSize: 409_600 },
    getTable: (_: string, callback: (error: unknown, table: object) => void) => callback(null, definition),
    getItemDb: () => items,
  };
  return {
    rows,
    send: ((command: { readonly constructor: { readonly name: string }; readonly input: object }) =>
      new Promise((resolve, reject) => {
        const data = structuredClone(command.input) as Record<string, unknown>;
        const invalid = validateExpressions(data);
        const action = actions[command.constructor.name];
        if (invalid !== undefined || action === undefined) throw new Error(invalid ?? command.constructor.name);
        action(store, data, (error, result) => {
          if (error instanceof Error && /conditional/i.test(JSON.stringify(error))) {
            reject(new ConditionalCheckFailedException({ message: 'demo', $metadata: {} }));
          } else if (error) reject(error);
          else resolve((result ?? {}) as never);
        });
      })) as DynamoDBClient['send'],
  };
}
