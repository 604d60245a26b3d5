import { readFailureDetail } from '../domain/failure-detail.ts';
import { failureCodes, type FailureCode, type FailureDetail } from '../domain/failure.ts';
import type { SessionId } from '../domain/ring-out.ts';
import { asObject, asText, parseJson } from '../domain/untrusted.ts';
import { numberOf, textOf, type Item, type Table } from './table.ts';

/** How the request that holds a mark ended. A placed call has a session id, which may be another than was drawn at first. */
export type MarkOutcome =
  | { readonly kind: 'placed'; readonly sessionId: SessionId | undefined }
  | { readonly kind: 'failed'; readonly code: FailureCode; readonly detail: FailureDetail };

/** What is remembered of a request that places a call or a fax, so that the same request again is recognised. */
export interface Mark {
  /** Drawn by the request that places it. */
  readonly owner: string;
  /** API Gateway's id of that request, for the log. */
  readonly requestId: string;
  /** Under which a call will be stored: its session row tells that it was placed. Undefined for a fax. */
  readonly sessionId: SessionId | undefined;
  /** When the owner began (epoch milliseconds). */
  readonly takenAtMs: number;
  /** The owner has ended by then, or died (epoch milliseconds). */
  readonly deadlineMs: number;
  /** Undefined while the owner is at work, and for a call whose session row says the rest. */
  readonly outcome: MarkOutcome | undefined;
  /** Until when a copy gets the outcome (epoch milliseconds). */
  readonly untilMs: number | undefined;
}

/** A mark to be taken. */
export interface MarkRequest extends Pick<Mark, 'owner' | 'requestId' | 'sessionId' | 'takenAtMs' | 'deadlineMs'> {
  /** From then on nobody asks for the mark any more (epoch milliseconds). */
  readonly staleAtMs: number;
  /** Owner of the mark that was found there and is over. */
  readonly replaces: string | undefined;
}

/** Marks in DynamoDB. The key of a mark is a keyed hash, and its row holds no number. Methods throw `StateUnavailable`. */
export interface MarkStore {
  /** Returns false when another request holds the mark. */
  take(key: string, request: MarkRequest): Promise<boolean>;
  read(key: string): Promise<Mark | undefined>;
  /** Tells how the owner's request ended. Ignored when somebody else holds the mark by now. */
  end(key: string, owner: string, outcome: MarkOutcome, untilMs: number): Promise<void>;
}

/** DynamoDB may delete a mark this long after it is stale. */
const keptSeconds = 600;

export function createMarkStore(table: Table): MarkStore {
  const rowKey = (key: string): string => `MARK#${key}`;
  return {
    // An owner finds its own mark when the AWS SDK repeats a write whose answer was lost.
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

/** A row written by another version may hold an outcome this one does not know: nobody knows how that request ended. */
function readOutcome(text: string | undefined): MarkOutcome | undefined {
  const outcome = asObject(parseJson(text ?? ''));
  if (outcome?.['kind'] === 'placed') {
    return { kind: 'placed', sessionId: asText(outcome['sessionId']) as SessionId | undefined };
  }
  const code = failureCodes.find((known) => known === outcome?.['code']);
  if (code === undefined) return undefined;
  return { kind: 'failed', code, detail: readFailureDetail(outcome?.['detail']) };
}
