import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { createTable } from '../../lib/state/table.ts';
import { createUserStore, type UserStore } from '../../lib/state/user-store.ts';
import { demoToken } from './demo-rows.ts';

const nowMs = 1_800_000_000_000;
/** Eight days after `nowMs`, in the epoch seconds that DynamoDB's TTL wants. */
const ttl = { N: String(1_800_000_000 + 8 * 24 * 3600) };

const client = new DynamoDBClient({ region: 'us-east-1' });
const dynamoDb = mockClient(client);
const store = createUserStore(createTable(client, 'demo-state', () => {}));

beforeEach(() => {
  dynamoDb.reset();
  dynamoDb.on(UpdateItemCommand).resolves({});
  dynamoDb.on(GetItemCommand).resolves({});
});

const token = demoToken(nowMs);
const refusal = { fingerprint: 'demo-fingerprint', untilMs: nowMs + 60_000, code: 'jwt_refused' } as const;
const mark = { hash: 'aaaaaaaa', atMs: nowMs };

/** The update that stores {@link token} without a refresh token. */
const withoutRefreshToken = {
  UpdateExpression:
    'SET accessToken = :accessToken, issuedAtMs = :issued, expiresAtMs = :expires, fingerprint = :fingerprint,' +
    ' tokenVersion = :next, expiresAt = :ttl' +
    ' REMOVE leaseOwner, leaseUntilMs, grantFailedUntilMs, grantFailedCode, refusedFingerprint, refusedUntilMs, refusedCode,' +
    ' refreshToken, refreshExpiresAtMs',
  ConditionExpression: 'leaseOwner = :owner AND (attribute_not_exists(tokenVersion) OR tokenVersion = :seen)',
  ExpressionAttributeValues: {
    ':owner': { S: 'owner-1' },
    ':seen': { N: '7' },
    ':next': { N: '8' },
    ':accessToken': { S: 'demo-access' },
    ':issued': { N: '1800000000000' },
    ':expires': { N: '1800003600000' },
    ':fingerprint': { S: 'demo-fingerprint' },
    ':ttl': ttl,
  },
};

/** Each operation, and the one command it sends; the key and the table are the same for all. */
const operations: readonly (readonly [string, () => Promise<unknown>, Readonly<Record<string, unknown>>])[] = [
  [
    'takes the lease if it is free, nothing was renewed, refused or throttled since',
    () =>
      store.takeLease('demo', {
        owner: 'owner-1',
        untilMs: nowMs + 13_000,
        nowMs,
        seenVersion: 7,
        fingerprint: 'demo-fingerprint',
      }),
    {
      UpdateExpression: 'SET leaseOwner = :owner, leaseUntilMs = :until, expiresAt = if_not_exists(expiresAt, :ttl)',
      ConditionExpression:
        '(attribute_not_exists(leaseUntilMs) OR leaseUntilMs <= :now OR leaseUntilMs > :latestLease' +
        ' OR leaseOwner = :owner)' +
        ' AND (attribute_not_exists(tokenVersion) OR tokenVersion = :seen)' +
        ' AND (attribute_not_exists(refusedUntilMs) OR refusedUntilMs <= :now OR refusedUntilMs > :latestRefusal' +
        ' OR refusedFingerprint <> :fingerprint)' +
        ' AND (attribute_not_exists(grantFailedUntilMs) OR grantFailedUntilMs <= :now' +
        ' OR grantFailedUntilMs > :latestFailed)' +
        ' AND (attribute_not_exists(#authClosed) OR #authClosed <= :now OR #authClosed > :latestClosed)',
      ExpressionAttributeNames: { '#authClosed': 'closed#auth' },
      ExpressionAttributeValues: {
        ':owner': { S: 'owner-1' },
        ':until': { N: '1800000013000' },
        ':now': { N: '1800000000000' },
        ':seen': { N: '7' },
        ':fingerprint': { S: 'demo-fingerprint' },
        ':latestLease': { N: '1800000018000' },
        ':latestRefusal': { N: '1800000065000' },
        ':latestFailed': { N: '1800000035000' },
        ':latestClosed': { N: '1800086405000' },
        ':ttl': ttl,
      },
    },
  ],
  [
    'stores a token without a refresh token, and drops the old one’s',
    () => store.storeToken('demo', 'owner-1', 7, token),
    withoutRefreshToken,
  ],
  [
    'stores a token whose refresh token has no end as one without',
    () => store.storeToken('demo', 'owner-1', 7, { ...token, refreshToken: 'demo-refresh' }),
    withoutRefreshToken,
  ],
  [
    'stores a token with its refresh token',
    () =>
      store.storeToken('demo', 'owner-1', 0, {
        ...token,
        refreshToken: 'demo-refresh',
        refreshExpiresAtMs: nowMs + 604_800_000,
      }),
    {
      UpdateExpression:
        'SET accessToken = :accessToken, issuedAtMs = :issued, expiresAtMs = :expires, fingerprint = :fingerprint,' +
        ' tokenVersion = :next, expiresAt = :ttl,' +
        ' refreshToken = :refreshToken, refreshExpiresAtMs = :refreshExpires' +
        ' REMOVE leaseOwner, leaseUntilMs, grantFailedUntilMs, grantFailedCode, refusedFingerprint, refusedUntilMs, refusedCode',
      ConditionExpression: 'leaseOwner = :owner AND (attribute_not_exists(tokenVersion) OR tokenVersion = :seen)',
      ExpressionAttributeValues: {
        ':owner': { S: 'owner-1' },
        ':seen': { N: '0' },
        ':next': { N: '1' },
        ':accessToken': { S: 'demo-access' },
        ':issued': { N: '1800000000000' },
        ':expires': { N: '1800003600000' },
        ':fingerprint': { S: 'demo-fingerprint' },
        ':refreshToken': { S: 'demo-refresh' },
        ':refreshExpires': { N: '1800604800000' },
        ':ttl': ttl,
      },
    },
  ],
  [
    'gives the lease back',
    () => store.freeLease('demo', 'owner-1'),
    {
      UpdateExpression: 'REMOVE leaseOwner, leaseUntilMs',
      ConditionExpression: 'leaseOwner = :owner',
      ExpressionAttributeValues: { ':owner': { S: 'owner-1' } },
    },
  ],
  [
    'gives the lease back with a refusal',
    () => store.freeLease('demo', 'owner-1', { refusal }),
    {
      UpdateExpression:
        'SET refusedFingerprint = :fingerprint, refusedUntilMs = :until, refusedCode = :code' +
        ' REMOVE leaseOwner, leaseUntilMs',
      ConditionExpression: 'leaseOwner = :owner',
      ExpressionAttributeValues: {
        ':owner': { S: 'owner-1' },
        ':fingerprint': { S: 'demo-fingerprint' },
        ':until': { N: '1800000060000' },
        ':code': { S: 'jwt_refused' },
      },
    },
  ],
  [
    'gives the lease back with a failure',
    () => store.freeLease('demo', 'owner-1', { failedGrant: { untilMs: nowMs + 15_000, code: 'timeout' } }),
    {
      UpdateExpression: 'SET grantFailedUntilMs = :until, grantFailedCode = :code REMOVE leaseOwner, leaseUntilMs',
      ConditionExpression: 'leaseOwner = :owner',
      ExpressionAttributeValues: {
        ':owner': { S: 'owner-1' },
        ':until': { N: '1800000015000' },
        ':code': { S: 'timeout' },
      },
    },
  ],
  [
    'remembers a refusal as long as the row has the rejected token',
    () => store.refuse('demo', { ...refusal, code: 'token_rejected' }, 'demo-access'),
    {
      UpdateExpression: 'SET refusedFingerprint = :fingerprint, refusedUntilMs = :until, refusedCode = :code',
      ConditionExpression: 'accessToken = :rejected',
      ExpressionAttributeValues: {
        ':fingerprint': { S: 'demo-fingerprint' },
        ':until': { N: '1800000060000' },
        ':code': { S: 'token_rejected' },
        ':rejected': { S: 'demo-access' },
      },
    },
  ],
  [
    'closes a group unless it is closed for longer',
    () => store.closeGroup('demo', 'heavy', nowMs + 60_000, nowMs),
    {
      UpdateExpression: 'SET #closed = :until, expiresAt = if_not_exists(expiresAt, :ttl)',
      ConditionExpression: 'attribute_not_exists(#closed) OR #closed < :until OR #closed > :latest',
      ExpressionAttributeNames: { '#closed': 'closed#heavy' },
      ExpressionAttributeValues: { ':until': { N: '1800000060000' }, ':latest': { N: '1800086405000' }, ':ttl': ttl },
    },
  ],
  [
    'learns the group of a route',
    () => store.learnGroup('demo', 'fax', 'medium', nowMs),
    {
      UpdateExpression: 'SET #route = :group, expiresAt = if_not_exists(expiresAt, :ttl)',
      ExpressionAttributeNames: { '#route': 'group#fax' },
      ExpressionAttributeValues: { ':group': { S: 'medium' }, ':ttl': ttl },
    },
  ],
  [
    'adds a wrong password to those of its source, if there is room',
    () => store.addWrongPassword('demo', { source: '198.51.100.7', mark, maxMarks: 31, maxSources: 20 }),
    {
      UpdateExpression: 'SET expiresAt = if_not_exists(expiresAt, :ttl) ADD #source :marks, #sources :name',
      ConditionExpression:
        '(attribute_exists(#source) AND size(#source) < :maxMarks) OR (attribute_not_exists(#source)' +
        ' AND (attribute_not_exists(#sources) OR size(#sources) < :maxSources))',
      ExpressionAttributeNames: { '#source': 'wrong#198.51.100.7', '#sources': 'wrongSources' },
      ExpressionAttributeValues: {
        ':marks': { SS: ['aaaaaaaa@1800000000000'] },
        ':maxMarks': { N: '31' },
        ':name': { SS: ['198.51.100.7'] },
        ':maxSources': { N: '20' },
        ':ttl': ttl,
      },
    },
  ],
  [
    'adds a wrong password of a source without a place of its own',
    () => store.addWrongPassword('demo', { source: 'others', mark, maxMarks: 31, maxSources: undefined }),
    {
      UpdateExpression: 'SET expiresAt = if_not_exists(expiresAt, :ttl) ADD #source :marks',
      ConditionExpression:
        '(attribute_exists(#source) AND size(#source) < :maxMarks) OR (attribute_not_exists(#source))',
      ExpressionAttributeNames: { '#source': 'wrong#others' },
      ExpressionAttributeValues: {
        ':marks': { SS: ['aaaaaaaa@1800000000000'] },
        ':maxMarks': { N: '31' },
        ':ttl': ttl,
      },
    },
  ],
  [
    'forgets wrong passwords by what they are',
    () =>
      store.forgetWrongPasswords('demo', {
        marks: new Map([
          ['192.0.2.1', [mark]],
          ['192.0.2.2', [mark]],
        ]),
        emptied: ['192.0.2.2'],
      }),
    {
      UpdateExpression: 'DELETE #spent0 :spent0, #spent1 :spent1, #sources :emptied',
      ExpressionAttributeNames: {
        '#spent0': 'wrong#192.0.2.1',
        '#spent1': 'wrong#192.0.2.2',
        '#sources': 'wrongSources',
      },
      ExpressionAttributeValues: {
        ':spent0': { SS: ['aaaaaaaa@1800000000000'] },
        ':spent1': { SS: ['aaaaaaaa@1800000000000'] },
        ':emptied': { SS: ['192.0.2.2'] },
      },
    },
  ],
  [
    'claims a status ask if the log of asks is as it was read',
    () =>
      store.claimAsk('demo', {
        owner: 'demo-owner',
        seenRevision: 3,
        asks: [{ sessionId: '123456789', atMs: nowMs }],
        nowMs,
      }),
    {
      UpdateExpression:
        'SET asks = :asks, asksRevision = :next, asksOwner = :owner, expiresAt = if_not_exists(expiresAt, :ttl)',
      ConditionExpression:
        '(attribute_not_exists(asksRevision) OR asksRevision = :seen) OR (asksRevision = :next AND asksOwner = :owner)',
      ExpressionAttributeValues: {
        ':asks': { L: [{ S: '123456789@1800000000000' }] },
        ':next': { N: '4' },
        ':seen': { N: '3' },
        ':owner': { S: 'demo-owner' },
        ':ttl': ttl,
      },
      ReturnValues: 'ALL_NEW',
    },
  ],
];

test.each(operations)('%s', async (_, operate, expected) => {
  await operate();
  expect(dynamoDb.calls().map(({ args: [command] }) => command.input)).toEqual([
    { TableName: 'demo-state', Key: { pk: { S: 'USER#demo' } }, ...expected },
  ]);
});

test('reads a user with one strongly consistent GetItem', async () => {
  await store.read('demo');
  expect(dynamoDb.calls().map(({ args: [command] }) => command.input)).toEqual([
    { TableName: 'demo-state', Key: { pk: { S: 'USER#demo' } }, ConsistentRead: true },
  ]);
});

test('every operation of the store is covered here', () => {
  const covered: Readonly<Record<keyof UserStore, true>> = {
    read: true,
    takeLease: true,
    storeToken: true,
    freeLease: true,
    refuse: true,
    closeGroup: true,
    learnGroup: true,
    addWrongPassword: true,
    claimAsk: true,
    forgetWrongPasswords: true,
  };
  expect(Object.keys(store).sort()).toEqual(Object.keys(covered).sort());
});
