import { failureCodes, type FailureCode, type FailureDetail } from '../domain/failure.ts';
import { readFailureDetail } from '../domain/failure-detail.ts';
import { parseJson } from '../domain/untrusted.ts';
import { numberOf, textOf, type Item } from './table.ts';

/**
 * A POST of a fax with an unknown outcome: the time span in which RingCentral may have received it (epoch
 * milliseconds).
 */
export interface Attempt {
  readonly startMs: number;
  readonly endMs: number;
}

/** Why a fax is not sent. `refused` carries the failure, from RingCentral or from this program. */
export type FaxEnd =
  | { readonly reason: 'refused'; readonly code: FailureCode; readonly detail: FailureDetail }
  | { readonly reason: PlainReason };

const plainReasons = [
  /** Older than `OUTBOX_HOURS`. */
  'expired',
  /** RingCentral has the fax for some of its recipients only. */
  'partly_sent',
  /** RingCentral may have the fax, and its list does not tell. */
  'unknown',
  /** Its documents are missing or unreadable. */
  'bytes_gone',
  /** No secret contains its user any more. */
  'user_gone',
  /** An operator gave it up. */
  'by_hand',
  /** SQS accepted its message after the request's deadline. */
  'too_late',
  /** Its request could not put it into the queue. */
  'not_entered',
] as const;
type PlainReason = (typeof plainReasons)[number];

/** A refusal of RingCentral. */
export type Refused = Extract<FaxEnd, { readonly reason: 'refused' }>;

/** State of a fax; see the diagram in fax-store.ts. */
export type FaxState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'sending'; readonly owner: string; readonly startMs: number; readonly untilMs: number }
  | { readonly kind: 'unclear' }
  | { readonly kind: 'sent'; readonly messageIds: readonly string[] }
  | { readonly kind: 'given_up' | 'withdrawn'; readonly end: FaxEnd };

/** A fax in the outbox. */
export interface FaxRow {
  readonly id: string;
  readonly userKey: string;
  readonly state: FaxState;
  readonly createdAtMs: number;
  /** Deadline of the request that entered the fax (epoch milliseconds). */
  readonly enterByMs: number;
  /** The user's fax counter when this fax was entered. */
  readonly ticket: number;
  /** Whether the program was answered `0`. */
  readonly isPromised: boolean;
  /** POSTs whose outcome was unknown when they ended. */
  readonly attempts: readonly Attempt[];
  /**
   * RingCentral's ids of the faxes that were sent before these attempts. The user's row keeps only the last ones. A fax
   * that was requeued, or is sent again by hand, is searched for long afterwards.
   */
  readonly otherIds: readonly string[];
  /** Time of the next check (epoch milliseconds); undefined when the fax need not wait. */
  readonly notBeforeMs: number | undefined;
  /** Consecutive waits of unknown length. */
  readonly waits: number;
  /** When the fax was sent, given up or withdrawn (epoch milliseconds). */
  readonly endedAtMs: number | undefined;
  /** A refusal of a waiting fax. Its request withdraws the fax and tells the program, if it still can. */
  readonly refusal: Refused | undefined;
  /** How often the fax was moved to the end of its message group. */
  readonly requeues: number;
}

/** Lifetime of a row from the creation of the fax, in seconds. */
export const faxRowSeconds = 30 * 24 * 3600;

/** `startMs-endMs`. */
export const attemptText = ({ startMs, endMs }: Attempt): string => `${Math.round(startMs)}-${Math.round(endMs)}`;

/** Returns undefined when the row is missing or unreadable. */
export function readFaxRow(id: string, item: Item | undefined): FaxRow | undefined {
  const userKey = textOf(item, 'userKey');
  const createdAtMs = numberOf(item, 'createdAtMs');
  const enterByMs = numberOf(item, 'enterByMs');
  const state = readFaxState(item);
  if (userKey === undefined || createdAtMs === undefined || enterByMs === undefined || state === undefined)
    return undefined;
  return {
    id,
    userKey,
    state,
    createdAtMs,
    enterByMs,
    ticket: numberOf(item, 'ticket') ?? 0,
    isPromised: item?.['promised']?.BOOL === true,
    attempts: (item?.['attempts']?.L ?? []).flatMap(({ S: text }) => readAttempt(text ?? '')),
    otherIds: (item?.['otherIds']?.L ?? []).flatMap(({ S: text }) => text ?? []),
    notBeforeMs: numberOf(item, 'notBeforeMs'),
    waits: numberOf(item, 'waits') ?? 0,
    endedAtMs: numberOf(item, 'endedAtMs'),
    refusal: state.kind === 'waiting' ? readRefusal(item) : undefined,
    requeues: numberOf(item, 'requeues') ?? 0,
  };
}

function readFaxState(item: Item | undefined): FaxState | undefined {
  const kind = textOf(item, 'state');
  switch (kind) {
    case 'waiting':
    case 'unclear':
      return { kind };
    case 'sending': {
      const owner = textOf(item, 'owner');
      const startMs = numberOf(item, 'startMs');
      const untilMs = numberOf(item, 'untilMs');
      if (owner === undefined || startMs === undefined || untilMs === undefined) return undefined;
      return { kind, owner, startMs, untilMs };
    }
    case 'sent':
      return { kind, messageIds: (textOf(item, 'messageId') ?? '').split(',').filter((id) => id !== '') };
    case 'given_up':
    case 'withdrawn':
      return { kind, end: readEnd(item) };
    case undefined:
    default:
      return undefined;
  }
}

function readEnd(item: Item | undefined): FaxEnd {
  const reason = plainReasons.find((known) => known === textOf(item, 'reason'));
  if (reason !== undefined) return { reason };
  return readRefused(item);
}

/** A reason means that the fax has ended once, and waits again by hand: its `code` is that of the earlier end. */
function readRefusal(item: Item | undefined): Refused | undefined {
  return textOf(item, 'code') === undefined || textOf(item, 'reason') !== undefined ? undefined : readRefused(item);
}

function readRefused(item: Item | undefined): Refused {
  const code = failureCodes.find((known) => known === textOf(item, 'code')) ?? 'internal';
  return { reason: 'refused', code, detail: readFailureDetail(parseJson(textOf(item, 'detail') ?? '')) };
}

function readAttempt(text: string): readonly Attempt[] {
  const [, start, end] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  return start === undefined || end === undefined ? [] : [{ startMs: Number(start), endMs: Number(end) }];
}
