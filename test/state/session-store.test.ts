import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { createSessionStore } from '../../lib/state/session-store.ts';
import { createTable } from '../../lib/state/table.ts';
import { demoSession } from './demo-rows.ts';
import { testClock } from '../clock.ts';

const nowMs = 1_800_000_000_000;
const dayMs = 24 * 3600_000;

const client = new DynamoDBClient({ region: 'us-east-1' });
const dynamoDb = mockClient(client);
const sessions = createSessionStore(createTable(client, 'demo-state', testClock(), () => {}));

const session = demoSession(nowMs);

/** The item as it is stored, without its key. */
const item = {
  ringOutId: { S: 'demo-ring-out' },
  userKey: { S: 'demo-user' },
  to: { S: '+16505550100' },
  from: { S: '+16505553711' },
  createdAtMs: { N: '1800000000000' },
  stateText: { S: 'InProgress/InProgress/InProgress' },
  stateAtMs: { N: '1800000000000' },
  // A day later, in epoch seconds as DynamoDB's TTL requires.
  expiresAt: { N: '1800086400' },
};

beforeEach(() => {
  dynamoDb.reset();
  dynamoDb.on(PutItemCommand).resolves({});
  dynamoDb.on(UpdateItemCommand).resolves({});
  dynamoDb.on(GetItemCommand).resolves({ Item: { pk: { S: 'SESSION#123456789' }, ...item } });
});

const sentCommands = (): unknown[] => dynamoDb.calls().map(({ args: [command] }) => command.input);

test('a session is put under its id unless the id is taken', async () => {
  await sessions.create(session);
  expect(sentCommands()).toEqual([
    {
      TableName: 'demo-state',
      Item: { pk: { S: 'SESSION#123456789' }, ...item },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  ]);
});

test('a session is read with one strongly consistent GetItem', async () => {
  expect(await sessions.read('123456789', nowMs)).toEqual(session);
  expect(sentCommands()).toEqual([
    { TableName: 'demo-state', Key: { pk: { S: 'SESSION#123456789' } }, ConsistentRead: true },
  ]);
});

test.each([
  ['live', { kind: 'live', call: 'Success', caller: 'Finished', callee: 'Busy' }, 'Success/Finished/Busy'],
  ['over', { kind: 'gone' }, 'gone'],
] as const)('a status (%s) is stored unless a later one is stored or the call is over', async (_, state, stateText) => {
  await sessions.storeState('123456789', state, nowMs + 5000);
  expect(sentCommands()).toEqual([
    {
      TableName: 'demo-state',
      Key: { pk: { S: 'SESSION#123456789' } },
      UpdateExpression: 'SET stateText = :state, stateAtMs = :at',
      ConditionExpression: 'attribute_exists(pk) AND stateAtMs < :at AND stateText <> :gone',
      ExpressionAttributeValues: {
        ':state': { S: stateText },
        ':at': { N: '1800000005000' },
        ':gone': { S: 'gone' },
      },
    },
  ]);
});

test.each([
  ['a session is returned until its 24 h are over', nowMs + dayMs - 1, session],
  ['a session is not returned after 24 h, although DynamoDB has not deleted it yet', nowMs + dayMs, undefined],
] as const)('%s', async (_, atMs, expected) => {
  expect(await sessions.read('123456789', atMs)).toEqual(expected);
});

test.each([
  ['is missing', undefined],
  ['has no ring-out id', { ...item, ringOutId: { N: '1' } }],
  ['has no user', { ...item, userKey: { S: undefined as unknown as string } }],
  ['has no time', { ...item, createdAtMs: { N: 'soon' } }],
  ['has a status of another form', { ...item, stateText: { S: 'InProgress' } }],
])('an item that %s is not a session', async (_, stored) => {
  dynamoDb.on(GetItemCommand).resolves(stored === undefined ? {} : { Item: stored });
  expect(await sessions.read('123456789', nowMs)).toBeUndefined();
});
