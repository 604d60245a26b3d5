import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { runFaxes } from '../../../infra/commands/faxes/run.ts';
import type { AwsPlace } from '../../../infra/commands/aws/place.ts';
import type { World } from '../../../infra/commands/world/world.ts';
import { localAws } from '../../../infra/local/local-aws.ts';
import { startSecretsManager, type LocalSecretsManager } from '../../../infra/local/secrets-manager.ts';
import { servicesFile } from '../../../infra/local/services-file.ts';
import { userKey } from '../../../lib/domain/user.ts';
import { readFaxRow } from '../../../lib/state/fax-row.ts';
import { createSend } from '../../../lib/ringcentral/sdk.ts';
import { demoUser, secretDocument } from '../../demo.ts';
import { startProduct, type Product } from '../../product.ts';
import { asDeployed } from './doctor/deployed.ts';
import { fakeAwsCli, testWorld, type TestWorld } from './doctor/test-world.ts';

const queueUrl = 'https://sqs.us-east-1.amazonaws.com/123456789012/ringout-bridge-prod-outbox.fifo';
const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const nowMs = Date.UTC(2026, 10, 26, 12);
const creationTime = '2026-11-26T10:00:00.000Z';

let product: Product;
let secrets: LocalSecretsManager;
let dynamoDb: DynamoDBClient;
let key: string;

beforeAll(async () => {
  product = await startProduct();
  secrets = await startSecretsManager([{ id: 'demo', read: () => Promise.resolve(JSON.stringify(product.document)) }]);
  dynamoDb = new DynamoDBClient({ ...localAws, endpoint: product.table.url });
  product.document = secretDocument(product.simulator.url, [demoUser]);
  const { clientId } = product.document as { clientId: string };
  key = userKey({ serverUrl: product.simulator.url, clientId, username: '8889363711', extension: '101' });
});
afterAll(async () => {
  dynamoDb.destroy();
  await secrets.close();
  await product.close();
});

/** A row of a fax. `ageMs` is its age when the command runs. */
interface Row {
  readonly state: string;
  readonly ageMs?: number;
  readonly [attribute: string]: string | number | boolean | readonly string[] | undefined;
}

const attribute = (value: NonNullable<Row[string]>): AttributeValue => {
  if (typeof value === 'object') return { L: value.map((S) => ({ S })) };
  if (typeof value === 'boolean') return { BOOL: value };
  return typeof value === 'number' ? { N: String(value) } : { S: value };
};

const ofFax = (faxId: string) => ({ TableName: product.table.tableName, Key: { pk: { S: `FAX#${faxId}` } } });

/** Ids of faxes in the table. */
const written = new Set<string>();

async function store(rows: Readonly<Record<string, Row>>): Promise<void> {
  for (const [faxId, { ageMs = minuteMs, ...others }] of Object.entries(rows)) {
    const createdAtMs = nowMs - ageMs;
    const row = {
      userKey: key,
      createdAtMs,
      enterByMs: createdAtMs + 20_000,
      promised: true,
      recipients: ['****0100'],
      recipientCount: 1,
      attempts: [],
      waits: 0,
      ...others,
    };
    const Item = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, attribute(value ?? '')]));
    const { TableName, Key } = ofFax(faxId);
    await dynamoDb.send(new PutItemCommand({ TableName, Item: { ...Key, ...Item } }));
    written.add(faxId);
  }
}

const stored = async (faxId: string): Promise<Record<string, AttributeValue> | undefined> =>
  (await dynamoDb.send(new GetItemCommand(ofFax(faxId)))).Item;

const [described] = asDeployed['cloudformation describe-stacks'].Stacks;

/** The answers of the AWS CLI for the stack of these tests. */
const withOutbox = () => ({
  ...asDeployed,
  'cloudformation describe-stacks': {
    Stacks: [
      {
        ...described,
        Outputs: [
          { OutputKey: 'SecretIds', OutputValue: 'demo' },
          { OutputKey: 'OutboxHours', OutputValue: '24 hours' },
        ],
      },
    ],
  },
  'cloudformation list-stack-resources': {
    StackResourceSummaries: [
      { LogicalResourceId: 'StateTable', PhysicalResourceId: product.table.tableName },
      { LogicalResourceId: 'OutboxQueue', PhysicalResourceId: queueUrl },
    ],
  },
});

/** A deployment with these faxes. RingCentral's message list has these records. */
async function world(
  rows: Readonly<Record<string, Row>>,
  parts: Partial<Omit<World, 'clock'>> = {},
  records: readonly object[] = [],
): Promise<TestWorld & { readonly places: AwsPlace[]; readonly lists: unknown[] }> {
  const places: AwsPlace[] = [];
  const lists: unknown[] = [];
  const base = testWorld();
  // Stands still, so that ages can be compared to the second.
  const clock = { ...base.clock, nowMs: () => nowMs };
  const send = createSend(base.clock, '0.0.0');
  const made = {
    ...base,
    clock,
    awsCli: () => fakeAwsCli(withOutbox()),
    dynamoDb(place: AwsPlace) {
      places.push(place);
      return new DynamoDBClient({ ...localAws, endpoint: product.table.url });
    },
    secretsManager: () => new SecretsManagerClient({ ...localAws, endpoint: secrets.url }),
    sqs: () => new SQSClient(localAws),
    ringCentral: {
      ...base.ringCentral,
      clock,
      send: (async (server, request) => {
        if (!request.path.endsWith('/message-store')) return send(server, request);
        lists.push(request.query);
        return Response.json({ records });
      }) satisfies typeof send,
    },
    ...parts,
    places,
    lists,
  };
  await Promise.all([...written].map((faxId) => dynamoDb.send(new DeleteItemCommand(ofFax(faxId)))));
  written.clear();
  await store(rows);
  return made;
}

describe('the list', () => {
  test('shows every fax of the day with its state, and RingCentral’s status of the sent ones', async () => {
    const shown = await world(
      {
        [id(1)]: {
          state: 'sent',
          ageMs: 3 * hourMs,
          messageId: '7001',
          recipients: ['****0100', '****0101'],
          recipientCount: 5,
        },
        [id(2)]: { state: 'sent', ageMs: 2 * hourMs, messageId: '7002,7003' },
        [id(3)]: { state: 'waiting', ageMs: 90 * minuteMs, notBeforeMs: nowMs + 45_000 },
        [id(4)]: { state: 'sending', ageMs: 80 * minuteMs, untilMs: nowMs + 30_000 },
        [id(5)]: { state: 'unclear', ageMs: 70 * minuteMs, attempts: ['1-2', '3-4'] },
        [id(6)]: { state: 'given_up', ageMs: 60 * minuteMs, reason: 'by_hand', endedAtMs: nowMs },
        [id(7)]: {
          state: 'withdrawn',
          ageMs: 50 * minuteMs,
          promised: false,
          endedAtMs: nowMs - 49 * minuteMs,
          code: 'fax_too_large',
          reason: 'refused',
          detail: '{"upstreamStatus":413,"upstreamCode":"MSG-338"}',
        },
        [id(8)]: { state: 'withdrawn', ageMs: 40 * minuteMs, promised: false, reason: 'too_late', endedAtMs: nowMs },
        [id(9)]: { state: 'waiting', ageMs: 30 * minuteMs, promised: false },
        [id(10)]: { state: 'waiting', ageMs: 5000, promised: false, userKey: 'demo-key' },
        [id(11)]: { state: 'sent', ageMs: 25 * hourMs, endedAtMs: nowMs - 24.5 * hourMs },
      },
      {},
      [
        { id: 7001, creationTime, messageStatus: 'Sent', to: [{ phoneNumber: '+16505550100' }] },
        { id: '7002', creationTime, messageStatus: 'SendingFailed' },
      ],
    );
    expect(await runFaxes(['--stage', 'prod'], shown)).toBe(0);
    expect(shown.printed.join('\n')).toBe(
      [
        'Faxes of ringout-bridge-prod in us-east-1, of the last day and still waiting',
        '',
        'User ****3711, extension 101',
        `  ✓  ${id(1)}  3 h old, to ****0100 and ****0101 and 3 more, sent; RingCentral: Sent`,
        `  ✓  ${id(2)}  2 h old, to ****0100, sent; RingCentral: SendingFailed, not in its list`,
        `  –  ${id(3)}  90 min old, to ****0100, waiting, next try in 45 s`,
        `  –  ${id(4)}  80 min old, to ****0100, being sent now`,
        `  –  ${id(5)}  70 min old, to ****0100, nobody knows whether RingCentral has it; its message list is being looked at, tried 2 times without a clear answer`,
        `  –  ${id(6)}  60 min old, to ****0100, given up: by hand`,
        `  –  ${id(7)}  50 min old, to ****0100, taken back, its program was not told 0: refused, fax_too_large (HTTP 413 MSG-338)`,
        `  –  ${id(8)}  40 min old, to ****0100, taken back, its program was not told 0: it came when its request was over`,
        `  –  ${id(9)}  30 min old, to ****0100, not entered, its program was not told 0`,
        '',
        'User of no secret that can be read (key demo-key)',
        `  –  ${id(10)}  5 s old, to ****0100, waiting for its turn`,
        '',
        '2 ✓  0 ✗  8 –',
      ].join('\n'),
    );
    expect(shown.lists).toEqual([
      {
        messageType: 'Fax',
        direction: 'Outbound',
        availability: ['Alive', 'Deleted', 'Purged'],
        dateFrom: '2026-11-25T09:00:00.000Z',
        dateTo: '2026-11-27T12:00:00.000Z',
        page: 1,
        perPage: 1000,
      },
    ]);
    expect(product.simulator.requests.at(-1)).toMatchObject({ kind: 'revoke', status: 200 });
  });

  test.each<[string, Row, string, string]>([
    [
      'given up',
      { state: 'given_up', reason: 'expired' },
      'given up: it could not be sent within outboxHours',
      `Put the reason right, then: npm run faxes -- --stage prod --send-again ${id(1)}`,
    ],
    [
      'refused after its promise',
      { state: 'given_up', reason: 'refused', code: 'fax_document_refused' },
      'given up: refused, fax_document_refused',
      'Put the reason right',
    ],
    [
      'given up after its request was over',
      { state: 'given_up', reason: 'user_gone', promised: false },
      'given up: its user is in no secret any more',
      'Put the reason right',
    ],
    [
      'given up for a reason of a later version',
      { state: 'given_up', reason: 'demo' },
      'given up: demo',
      'Put the reason right',
    ],
    [
      'waiting for more than a day',
      { state: 'waiting', ageMs: 26 * hourMs },
      'stuck: waiting for its turn',
      `--give-up ${id(1)}, then --send-again`,
    ],
    [
      'waiting for more than a day, and the table could not be told that its program got 0',
      { state: 'waiting', ageMs: 26 * hourMs, promised: false, notBeforeMs: 1 },
      'stuck: waiting for its turn',
      `--give-up ${id(1)}, then --send-again`,
    ],
    [
      'unclear for more than a day',
      { state: 'unclear', ageMs: 49 * hourMs, attempts: ['1-2'] },
      'stuck: nobody knows',
      'alarm oldest-fax',
    ],
    [
      'held by a sender that is gone',
      { state: 'sending', ageMs: 26 * hourMs, untilMs: 1 },
      'stuck: its sender is gone',
      'alarm oldest-fax',
    ],
  ])('a fax that is %s is exit code 1, with a remedy', async (_, row, text, remedy) => {
    const shown = await world({ [id(1)]: row });
    expect(await runFaxes(['--stage', 'prod'], shown)).toBe(1);
    const [line = '', arrow = ''] = shown.printed.join('\n').split('\n').slice(3);
    expect(line).toContain(`✗  ${id(1)}`);
    expect(line).toContain(text);
    expect(arrow).toContain(remedy);
  });

  test('a waiting fax is not stuck before 25 hours when outboxHours is 24', async () => {
    const shown = await world({ [id(1)]: { state: 'waiting', ageMs: 25 * hourMs - 1 } });
    expect(await runFaxes(['--stage', 'prod'], shown)).toBe(0);
  });

  test('has the same content as JSON', async () => {
    const shown = await world({
      [id(1)]: { state: 'given_up', reason: 'expired', ageMs: hourMs },
      [id(2)]: { state: 'waiting', notBeforeMs: nowMs + 9000 },
    });
    expect(await runFaxes(['--stage', 'prod', '--json'], shown)).toBe(1);
    const fax = { user: '****3711, extension 101', recipients: ['****0100'], recipientCount: 1, unclearAttempts: 0 };
    expect(JSON.parse(shown.printed.join(''))).toEqual({
      ok: false,
      faxes: [
        {
          ...fax,
          id: id(1),
          ageSeconds: 3600,
          state: 'given_up',
          description: 'given up: it could not be sent within outboxHours',
          trouble: 'given up',
          reason: 'expired',
        },
        {
          ...fax,
          id: id(2),
          ageSeconds: 60,
          state: 'waiting',
          description: 'waiting, next try in 9 s',
          nextTryInSeconds: 9,
        },
      ],
    });
  });

  test('says none when there are no faxes, and reads no secret', async () => {
    const nothing = await world(
      {},
      {
        secretsManager: () => {
          throw new Error('not asked for');
        },
      },
    );
    expect(await runFaxes(['--stage', 'prod'], nothing)).toBe(0);
    expect(nothing.printed).toEqual([
      'Faxes of ringout-bridge-prod in us-east-1, of the last day and still waiting: none',
    ]);
  });

  test('still shows the faxes of a user whose JWT RingCentral refuses', async () => {
    product.document = secretDocument(product.simulator.url, [{ ...demoUser, jwt: 'demo-jwt-unknown' }]);
    const shown = await world({ [id(1)]: { state: 'sent', messageId: '7001' } });
    expect(await runFaxes(['--stage', 'prod'], shown)).toBe(0);
    expect(shown.printed.join('\n')).toContain('sent; RingCentral: its list cannot be read (jwt_refused)');
    product.document = secretDocument(product.simulator.url, [demoUser]);
  });
});

describe('--give-up', () => {
  test.each<[string, Row, RegExp]>([
    ['waits', { state: 'waiting' }, /is given up\. RingCentral does not have it\. Its program was told 0/],
    ['is unclear', { state: 'unclear', attempts: ['1-2'] }, /is given up\. RingCentral may have it all the same/],
  ])('a fax that %s is given up by hand', async (_, row, told) => {
    const place = await world({ [id(1)]: row });
    expect(await runFaxes(['--stage', 'prod', '--give-up', id(1).toUpperCase()], place)).toBe(0);
    expect(place.printed.join('\n')).toMatch(told);
    expect(await stored(id(1))).toMatchObject({ state: { S: 'given_up' }, reason: { S: 'by_hand' } });
  });

  test.each<[string, Row, string]>([
    [
      'sending',
      { state: 'sending', owner: 'demo', startMs: 1, untilMs: 1 },
      'is being sent now. Look at it again in a minute.',
    ],
    ['sent', { state: 'sent' }, `RingCentral has fax ${id(1)}: it cannot be given up.`],
    ['given up', { state: 'given_up', reason: 'expired' }, 'is given up already.'],
    ['withdrawn', { state: 'withdrawn' }, 'was taken back, and its program was told so: it cannot be given up.'],
  ])('a fax that is %s is not changed', async (_, row, told) => {
    const place = await world({ [id(1)]: row });
    const before = await stored(id(1));
    expect(await runFaxes(['--stage', 'prod', '--give-up', id(1)], place)).toBe(1);
    expect(place.progressed.join('\n')).toContain(told);
    expect(place.printed).toEqual([]);
    expect(await stored(id(1))).toEqual(before);
  });

  test('an unknown id is exit code 1', async () => {
    const place = await world({});
    expect(await runFaxes(['--stage', 'prod', '--give-up', id(99), '--json'], place)).toBe(1);
    expect(JSON.parse(place.printed.join(''))).toEqual({
      ok: false,
      id: id(99),
      text: `There is no fax ${id(99)}. Rows are kept for 30 days.`,
    });
  });
});

describe('--send-again', () => {
  const sqs = mockClient(SQSClient);
  beforeEach(() => {
    sqs.reset();
    sqs.on(SendMessageCommand).resolves({ MessageId: 'demo' });
  });
  const message = (round: number) => ({
    QueueUrl: queueUrl,
    MessageBody: `{"id":"${id(1)}"}`,
    MessageGroupId: key,
    MessageDeduplicationId: `${id(1)}.${round}`,
  });

  test.each<[string, Row, number, RegExp, number]>([
    ['never taken', { reason: 'expired', state: 'given_up' }, 2, /RingCentral never took it, so it arrives once\.$/, 0],
    [
      'perhaps taken',
      { reason: 'expired', state: 'given_up', attempts: ['1-2'], requeues: 2 },
      4,
      /only if the message list does not show it\. .* it arrives twice\.$/,
      1,
    ],
    [
      'taken for some recipients',
      { reason: 'partly_sent', state: 'given_up', attempts: ['1-2'] },
      2,
      /Recipients who have it already get it a second time\.$/,
      0,
    ],
    [
      'perhaps taken',
      { reason: 'unknown', state: 'given_up', attempts: ['1-2'] },
      2,
      /Recipients who have it already get it a second time\.$/,
      0,
    ],
    [
      'refused, as its program was told,',
      // Its earlier refusal must not end the fax again.
      { reason: 'refused', code: 'fax_prohibited', detail: '{}', state: 'given_up', promised: false },
      2,
      /may have sent it again already\.$/,
      0,
    ],
  ])(
    'a given-up fax that RingCentral has %s waits again, with a new message',
    async (_, row, round, told, attempts) => {
      const place = await world({ [id(1)]: { ...row, ageMs: 26 * hourMs, notBeforeMs: 1 } });
      expect(await runFaxes(['--stage', 'prod', '--send-again', id(1)], place)).toBe(0);
      expect(place.printed.join('\n')).toMatch(told);
      expect(sqs.commandCalls(SendMessageCommand).map(({ args }) => args[0].input)).toEqual([message(round)]);
      const item = await stored(id(1));
      expect(item).toMatchObject({ state: { S: 'waiting' }, promised: { BOOL: true }, requeues: { N: String(round) } });
      expect(readFaxRow(id(1), item)).toMatchObject({ notBeforeMs: undefined, refusal: undefined });
      expect(item?.['attempts']?.L).toHaveLength(attempts);
      // With its old age it would be given up at once.
      expect(Number(item?.['createdAtMs']?.N)).toBe(nowMs);
      expect(Number(item?.['expiresAt']?.N)).toBe(nowMs / 1000 + 30 * 86_400);
    },
  );

  test.each<[string, Row, RegExp]>([
    ['is still on its way', { state: 'waiting' }, /is not given up: it is still on its way\./],
    ['is being sent', { state: 'sending', owner: 'demo', startMs: 1, untilMs: 1 }, /is being sent now\./],
    ['has lost its bytes', { state: 'given_up', reason: 'bytes_gone' }, /The bytes of fax .* are gone/],
  ])('a fax that %s is not sent again', async (_, row, told) => {
    const place = await world({ [id(1)]: row });
    expect(await runFaxes(['--stage', 'prod', '--send-again', id(1)], place)).toBe(1);
    expect(place.progressed.join('\n')).toMatch(told);
    expect(sqs.calls()).toEqual([]);
    expect(await stored(id(1))).toMatchObject({ state: { S: row.state } });
  });

  test('stays given up, with its reason, when SQS refuses the message', async () => {
    sqs.on(SendMessageCommand).rejects(Object.assign(new Error('x'), { name: 'AccessDenied' }));
    const place = await world({ [id(1)]: { state: 'given_up', reason: 'user_gone' } });
    expect(await runFaxes(['--stage', 'prod', '--send-again', id(1)], place)).toBe(1);
    expect(place.progressed.join('\n')).toMatch(
      /stays given up: sqs:SendMessage: AccessDenied\.\nAllow these AWS credentials/,
    );
    expect(await stored(id(1))).toMatchObject({ state: { S: 'given_up' }, reason: { S: 'user_gone' } });
  });
});

describe('--local', () => {
  const services = () => ({
    dynamoDbUrl: product.table.url,
    stateTable: product.table.tableName,
    secretsManagerUrl: secrets.url,
    secretIds: ['demo'],
    accessKeyId: localAws.credentials.accessKeyId,
    sqsUrl: 'http://127.0.0.1:1',
    s3Url: 'http://127.0.0.1:1',
    outboxBucket: 'demo',
    outboxQueueUrl: 'http://127.0.0.1:1/demo.fifo',
    outboxDeadLettersUrl: 'http://127.0.0.1:1/dead.fifo',
  });

  test('finds the stack by its services file', async () => {
    const files: string[] = [];
    const place = await world(
      { [id(1)]: { state: 'given_up', reason: 'expired' } },
      {
        readFile(path) {
          files.push(path);
          return Promise.resolve(JSON.stringify(services()));
        },
      },
    );
    expect(await runFaxes(['--local', '--url', 'http://localhost:3001'], place)).toBe(1);
    expect(files).toEqual([servicesFile(3001)]);
    expect(place.places).toEqual([
      { region: 'us-east-1', standIn: { endpoint: product.table.url, accessKeyId: localAws.credentials.accessKeyId } },
    ]);
    expect(place.printed.join('\n')).toContain(
      `npm run faxes -- --local --url http://localhost:3001 --send-again ${id(1)}`,
    );
  });

  test.each([
    ['3001', 'http://localhost:3001'],
    ['', 'http://localhost:3000'],
  ])('says how to start a stack when none runs at PORT="%s"', async (PORT, url) => {
    const place = await world({}, { environment: { PORT }, readFile: () => Promise.reject(new Error('ENOENT')) });
    expect(await runFaxes(['--local'], place)).toBe(1);
    expect(place.progressed.join('\n')).toContain(`No local stack of yours runs at ${url}. Start it`);
  });
});

describe('exit code 1 and a remedy for', () => {
  test.each([
    [
      'no aws command',
      { kind: 'missing' },
      /The aws command is not installed: npm run faxes finds the stack through it\./,
    ],
    ['no such stack', { kind: 'failed', code: 'ValidationError' }, /Look at the stage and the region/],
  ] as const)('%s', async (_, answer, told) => {
    const place = await world({}, { awsCli: () => () => Promise.resolve(answer) });
    expect(await runFaxes(['--stage', 'prod'], place)).toBe(1);
    expect(place.progressed.join('\n')).toMatch(told);
  });

  test('a stack of an earlier version', async () => {
    const place = await world(
      {},
      { awsCli: () => fakeAwsCli({ ...asDeployed, 'cloudformation list-stack-resources': {} }) },
    );
    expect(await runFaxes(['--stage', 'prod'], place)).toBe(1);
    expect(place.progressed.join('\n')).toContain(
      'has no outbox: it was deployed by an earlier version. Deploy again.',
    );
  });

  test.each([
    [['--stage', 'prod'], /dynamodb:Scan/],
    [['--stage', 'prod', '--give-up', id(1)], /UpdateItem/],
  ])('a table without permission: %p', async (args, told) => {
    const refusing = (): DynamoDBClient => {
      const client = new DynamoDBClient({ ...localAws, endpoint: product.table.url });
      client.middlewareStack.add(
        () => () => Promise.reject(Object.assign(new Error('x'), { name: 'AccessDeniedException', $metadata: {} })),
        { step: 'initialize' },
      );
      return client;
    };
    const place = await world({}, { dynamoDb: refusing });
    expect(await runFaxes(args, place)).toBe(1);
    expect(place.progressed.join('\n')).toMatch(told);
    expect(place.progressed.join('\n')).toContain('Allow these AWS credentials');
  });
});

test.each([
  [[]],
  [['--stage', 'a b']],
  [['--stage', 'prod', '--local']],
  [['--local', '--region', 'us-east-1']],
  [['--local', '--url', 'https://crm.example.com']],
  [['--stage', 'prod', '--url', 'http://localhost:3000']],
  [['--stage', 'prod', '--region', 'moon']],
  [['--stage', 'prod', '--give-up', '12345']],
  [['--stage', 'prod', '--send-again', `${id(1)}0`]],
  [['--stage', 'prod', '--give-up', id(1), '--send-again', id(1)]],
  [['--stage', 'prod', '--giveup', id(1)]],
  [['--stage', 'prod', '--give-up']],
])('%p is exit code 2', async (args) => {
  const place = testWorld();
  expect(await runFaxes(args, place)).toBe(2);
  expect(place.progressed.join('\n')).toMatch(/npm run faxes -- --help says more\.$/);
});

test('--help prints the usage', async () => {
  const place = testWorld();
  expect(await runFaxes(['--help'], place)).toBe(0);
  expect(place.printed[0]).toMatch(/^npm run faxes: /);
});
