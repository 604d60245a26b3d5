import { paginateScan, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { asNumber, asObject, asText, parseJson } from '../../../lib/domain/untrusted.ts';
import { numberOf, textOf, type Item } from '../../../lib/state/table.ts';

const states = ['waiting', 'sending', 'unclear', 'sent', 'given_up', 'withdrawn'] as const;
export type FaxState = (typeof states)[number];

/** States in which a fax can still be sent. */
const openStates: readonly FaxState[] = ['waiting', 'sending', 'unclear'];
export const isOpen = (state: FaxState): boolean => openStates.includes(state);

/** The displayed fields of a row `FAX#…` of the state table. Times are epoch milliseconds. */
export interface Fax {
  readonly id: string;
  readonly userKey: string;
  readonly state: FaxState;
  readonly createdAtMs: number;
  /** The deadline of the request that brought the fax. */
  readonly enterByMs: number;
  /** Whether the program received `0`. */
  readonly isPromised: boolean;
  /** The first few recipients, masked. */
  readonly recipients: readonly string[];
  readonly recipientCount: number;
  /** Number of POSTs with an unknown result, so that RingCentral may have the fax. */
  readonly unclearAttempts: number;
  readonly requeues: number;
  /** For a fax that is being sent: the time by which its sender has certainly ended. */
  readonly untilMs: number | undefined;
  readonly notBeforeMs: number | undefined;
  readonly endedAtMs: number | undefined;
  /** RingCentral's message ids. */
  readonly messageIds: readonly string[];
  /** Why the fax is not sent: a reason, a failure code, and RingCentral's answer if RingCentral refused it. */
  readonly reason: string | undefined;
  readonly code: string | undefined;
  readonly upstreamStatus: number | undefined;
  readonly upstreamCode: string | undefined;
}

const rowPrefix = 'FAX#';

/** Parses a row. Returns undefined when the item is not the row of a fax. */
export function readFax(item: Item | undefined): Fax | undefined {
  const key = textOf(item, 'pk') ?? '';
  const userKey = textOf(item, 'userKey');
  const state = states.find((known) => known === textOf(item, 'state'));
  const createdAtMs = numberOf(item, 'createdAtMs');
  if (!key.startsWith(rowPrefix) || userKey === undefined || state === undefined || createdAtMs === undefined)
    return undefined;
  const recipients = (item?.['recipients']?.L ?? []).flatMap(({ S: number }) => number ?? []);
  const detail = asObject(parseJson(textOf(item, 'detail') ?? ''));
  return {
    id: key.slice(rowPrefix.length),
    userKey,
    state,
    createdAtMs,
    enterByMs: numberOf(item, 'enterByMs') ?? createdAtMs,
    isPromised: item?.['promised']?.BOOL === true,
    recipients,
    recipientCount: numberOf(item, 'recipientCount') ?? recipients.length,
    unclearAttempts: item?.['attempts']?.L?.length ?? 0,
    requeues: numberOf(item, 'requeues') ?? 0,
    untilMs: numberOf(item, 'untilMs'),
    notBeforeMs: numberOf(item, 'notBeforeMs'),
    endedAtMs: numberOf(item, 'endedAtMs'),
    messageIds: (textOf(item, 'messageId') ?? '').split(',').filter((id) => id !== ''),
    reason: textOf(item, 'reason'),
    code: textOf(item, 'code'),
    upstreamStatus: asNumber(detail?.['upstreamStatus']),
    upstreamCode: asText(detail?.['upstreamCode']),
  };
}

/**
 * Returns faxes that arrived or ended at `sinceMs` or later, and older ones that are still open, oldest first. Throws
 * the AWS SDK's errors. No function may scan the table, so this needs the operator's own permission.
 */
export async function faxesSince(client: DynamoDBClient, tableName: string, sinceMs: number): Promise<readonly Fax[]> {
  const query = {
    TableName: tableName,
    FilterExpression:
      'begins_with(pk, :faxes) AND (createdAtMs >= :since OR endedAtMs >= :since OR #state IN (:waiting, :sending, :unclear))',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      ':faxes': { S: rowPrefix },
      ':since': { N: String(sinceMs) },
      ...Object.fromEntries(openStates.map((state) => [`:${state}`, { S: state }])),
    },
  };
  const faxes: Fax[] = [];
  for await (const { Items = [] } of paginateScan({ client }, query)) {
    for (const item of Items) faxes.push(...[readFax(item)].filter((fax) => fax !== undefined));
  }
  return faxes.sort((one, other) => one.createdAtMs - other.createdAtMs);
}
