import { asArray, asNumber, asObject, asText } from '../../lib/domain/untrusted.ts';
import { askStandIn } from './ask-stand-in.ts';

/** What the console shows of a fax in the outbox. Times are epoch milliseconds. */
export interface OutboxFax {
  readonly id: string;
  /** The stored state: `waiting`, `sending`, `unclear`, `sent`, `given_up` or `withdrawn`. */
  readonly state: string;
  readonly createdAtMs: number;
  /** At most the first three, masked. */
  readonly recipients: readonly string[];
  readonly recipientCount: number;
  /** Number of attempts with an unknown outcome. */
  readonly unclearAttempts: number;
  /** The earliest time of the next attempt; absent if the fax has ended or has no such time. */
  readonly nextTryAtMs?: number;
  readonly endedAtMs?: number;
  /** Why it waits, was given up or was withdrawn. */
  readonly reason?: string;
}

/** What the console shows of the outbox. */
export interface Outbox {
  /** How many faxes there are in each state. */
  readonly counts: Readonly<Record<string, number>>;
  /** The newest ones, newest first. */
  readonly faxes: readonly OutboxFax[];
}

const shownFaxes = 50;

/** Reads every fax row of the local stack's table. Rejects if the table does not answer. */
export async function readOutbox(table: { readonly url: string; readonly tableName: string }): Promise<Outbox> {
  const faxes: OutboxFax[] = [];
  let startKey: unknown;
  do {
    const page = asObject(
      await askStandIn(table.url, {
        target: 'DynamoDB_20120810.Scan',
        body: {
          TableName: table.tableName,
          FilterExpression: 'begins_with(pk, :fax)',
          ExpressionAttributeValues: { ':fax': { S: 'FAX#' } },
          ...(startKey !== undefined && { ExclusiveStartKey: startKey }),
        },
      }),
    );
    faxes.push(...asArray(page?.['Items']).map(readItem));
    startKey = page?.['LastEvaluatedKey'];
  } while (startKey !== undefined);
  const counts: Record<string, number> = {};
  for (const { state } of faxes) counts[state] = (counts[state] ?? 0) + 1;
  const newest = faxes.toSorted((one, other) => other.createdAtMs - one.createdAtMs).slice(0, shownFaxes);
  return { counts, faxes: newest };
}

function readItem(item: unknown): OutboxFax {
  const attribute = (name: string) => asObject(asObject(item)?.[name]);
  const text = (name: string): string | undefined => asText(attribute(name)?.['S']);
  const number = (name: string): number | undefined => {
    const digits = asText(attribute(name)?.['N']);
    return digits === undefined ? undefined : asNumber(Number(digits));
  };
  const list = (name: string): readonly string[] =>
    asArray(attribute(name)?.['L']).map((element) => asText(asObject(element)?.['S']) ?? '');
  const state = text('state') ?? '';
  const isOver = ['sent', 'given_up', 'withdrawn'].includes(state);
  const [nextTryAtMs, endedAtMs] = [isOver ? undefined : number('notBeforeMs'), number('endedAtMs')];
  // The reason `refused` has a failure code, which says more.
  const reason = text('code') ?? text('reason');
  return {
    id: (text('pk') ?? '').slice('FAX#'.length),
    state,
    createdAtMs: number('createdAtMs') ?? 0,
    recipients: list('recipients'),
    recipientCount: number('recipientCount') ?? 0,
    unclearAttempts: list('attempts').length,
    ...(nextTryAtMs !== undefined && { nextTryAtMs }),
    ...(endedAtMs !== undefined && { endedAtMs }),
    ...(isOver && reason !== undefined && { reason }),
  };
}
