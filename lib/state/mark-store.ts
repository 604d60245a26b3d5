import { readFailureDetail } from '../domain/failure-detail.ts';
import { failureCodes, type FailureCode, type FailureDetail } from '../domain/failure.ts';
import type { SessionId } from '../domain/ring-out.ts';
import { asObject, asText, parseJson } from '../domain/untrusted.ts';
import { numberOf, textOf, type Item, type Table } from './table.ts';

/** Outcome of the request that holds a mark. The session id of a placed call may differ from the one drawn first. */
export type MarkOutcome =
  | { readonly kind: 'placed'; readonly sessionId: SessionId | undefined }
  | { readonly kind: 'failed'; readonly code: FailureCode; readonly detail: FailureDetail };

/** A mark identifies a request that places a call or a fax, to deduplicate repeated requests. */
export interface Mark {
  /** Random id, drawn by the request that holds the mark. */
  readonly owner: string;
  /** API Gateway's id of that request, for the log. */
  readonly requestId: string;
  /** Id of the call's future session row, which proves that the call was placed. Undefined for a fax. */
  readonly sessionId: SessionId | undefined;
  /** When the owner took the mark (epoch milliseconds). */
  readonly takenAtMs: number;
  /** The owner has finished or died by this time (epoch milliseconds). */
  readonly deadlineMs: number;
  /** Undefined while the owner is running, and for a call whose session row has the outcome. */
  readonly outcome: MarkOutcome | undefined;
  /** Repeated requests get the outcome until this time (epoch milliseconds). */
  readonly untilMs: number | undefined;
}

/** A request to take a mark. */
export interface MarkRequest extends Pick<Mark, 'owner' | 'requestId' | 'sessionId' | 'takenAtMs' | 'deadlineMs'> {
  /** The mark is no longer used from this time on (epoch milliseconds). */
  readonly staleAtMs: number;
  /** Owner of the expired mark that this one replaces. */
  readonly replaces: string | undefined;
}

/**
 * Marks in DynamoDB. The key is a keyed hash, and the row contains no phone number. Methods throw `StateUnavailable`.
 */
export interface MarkStore {
  /** Returns false when another request holds the mark. */
  take(key: string, request: MarkRequest): Promise<boolean>;
  read(key: string): Promise<Mark | undefined>;
  /** Stores the outcome of the owner's request. Ignored when another request holds the mark by now. */
  end(key: string, owner: string, outcome: MarkOutcome, untilMs: number): Promise<void>;
}

/** Seconds from `staleAtMs` until DynamoDB may delete the row. */
const keptSeconds = 600;

export function createMarkStore(table: Table): MarkStore {
  const rowKey = (key: string): string => `MARK#${key}`;
  return {
    // The condition accepts the owner's own mark, because the AWS SDK repeats a write when its response was lost.
    take: (key, { owner, requestId, sessionId, takenAtMs, deadlineMs, staleAtMs, replaces }) =>
      table.update(rowKey(key), {
        update:
          'SET #owner = :owner, requestId = :requestId, sessionId = :sessionId, takenAtMs = :now, ' +
          'deadlineMs = :deadline, staleAtMs = :stale, expiresAt = :expires REMOVE outcome, untilMs',
        condition: 'attribute_not_exists(pk) OR staleAtMs <= :now OR #owner IN (:owner, :replaces)',
        names: { '#owner': 'owner' },
        values: {
          ':owner': { S: owner },
          ':requestId': { S: requestId },
          ':sessionId': sessionId === undefined ? { NULL: true } : { S: sessionId },
          ':deadline': { N: String(deadlineMs) },
          ':stale': { N: String(staleAtMs) },
          ':expires': { N: String(Math.ceil(staleAtMs / 1000) + keptSeconds) },
          ':now': { N: String(takenAtMs) },
          ':replaces': { S: replaces ?? owner },
        },
      }),
    read: async (key) => readMark(await table.get(rowKey(key))),
    async end(key, owner, outcome, untilMs) {
      await table.update(rowKey(key), {
        update: 'SET outcome = :outcome, untilMs = :until',
        condition: '#owner = :owner',
        names: { '#owner': 'owner' },
        values: {
          ':owner': { S: owner },
          ':outcome': { S: JSON.stringify(outcome) },
          ':until': { N: String(untilMs) },
        },
      });
    },
  };
}

function readMark(item: Item | undefined): Mark | undefined {
  const owner = textOf(item, 'owner');
  const takenAtMs = numberOf(item, 'takenAtMs');
  const deadlineMs = numberOf(item, 'deadlineMs');
  if (owner === undefined || takenAtMs === undefined || deadlineMs === undefined) return undefined;
  return {
    owner,
    requestId: textOf(item, 'requestId') ?? 'unknown',
    sessionId: textOf(item, 'sessionId') as SessionId | undefined,
    takenAtMs,
    deadlineMs,
    outcome: readOutcome(textOf(item, 'outcome')),
    untilMs: numberOf(item, 'untilMs'),
  };
}

/** Returns undefined without an outcome, and for one that another version of this program wrote in another form. */
function readOutcome(text: string | undefined): MarkOutcome | undefined {
  const outcome = asObject(parseJson(text ?? ''));
  if (outcome?.['kind'] === 'placed') {
    return { kind: 'placed', sessionId: asText(outcome['sessionId']) as SessionId | undefined };
  }
  const code = failureCodes.find((known) => known === outcome?.['code']);
  if (code === undefined) return undefined;
  return { kind: 'failed', code, detail: readFailureDetail(outcome?.['detail']) };
}
