import { failureCodes, type FailureCode, type FailureDetail } from '../domain/failure.ts';
import { readFailureDetail } from '../domain/failure-detail.ts';
import { parseJson } from '../domain/untrusted.ts';
import { numberOf, textOf, type Item } from './table.ts';

/** One POST of a fax whose end nobody knows: from when to when (epoch milliseconds) RingCentral may have received it. */
export interface Attempt {
  readonly startMs: number;
  readonly endMs: number;
}

/** Why a fax is not sent. `refused` has RingCentral's reason, or ours, as a failure. */
export type FaxEnd =
  | { readonly reason: 'refused'; readonly code: FailureCode; readonly detail: FailureDetail }
  | { readonly reason: PlainReason };

const plainReasons = [
  /** Older than `OUTBOX_HOURS`. */
  'expired',
  /** RingCentral has it for some of its recipients only. */
  'partly_sent',
  /** Nobody knows whether RingCentral has it, and its send time keeps the list from telling. */
  'unknown',
  /** Its documents are gone, or cannot be read. */
  'bytes_gone',
  /** Its user is in no secret any more. */
  'user_gone',
  /** An operator said so. */
  'by_hand',
  /** Its message came when its request was over. */
  'too_late',
  /** Its request could not enter it. */
  'not_entered',
] as const;
type PlainReason = (typeof plainReasons)[number];

/** Where a fax is on its way; see fax-store.ts for the picture. */
export type FaxState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'sending'; readonly owner: string; readonly startMs: number; readonly untilMs: number }
  | { readonly kind: 'unclear' }
  | { readonly kind: 'sent'; readonly messageIds: readonly string[] }
  | { readonly kind: 'given_up' | 'withdrawn'; readonly end: FaxEnd };

/** A fax of the outbox. */
export interface FaxRow {
  readonly id: string;
  readonly userKey: string;
  readonly state: FaxState;
  readonly createdAtMs: number;
  /** When the request that entered it is over (epoch milliseconds). */
  readonly enterByMs: number;
  /** Counts the faxes that the user has entered. */
  readonly ticket: number;
  /** Whether the program was told `0`. */
  readonly isPromised: boolean;
  /** POSTs whose end nobody knew at the time. */
  readonly attempts: readonly Attempt[];
  /**
   * RingCentral's ids of the faxes that had gone out before these attempts. The user's row knows the last ones only, and a
   * fax that made way for others, or is sent again by hand, is looked for long afterwards.
   */
  readonly otherIds: readonly string[];
  /** When it will be looked at again (epoch milliseconds); undefined for a fax that nothing keeps waiting. */
  readonly notBeforeMs: number | undefined;
  /** Waits in a row whose end was not known. */
  readonly waits: number;
  /** How often it was moved to the end of its group. */
  readonly requeues: number;
}

/** How long after its start a row is kept, in seconds. */
export const faxRowSeconds = 30 * 24 * 3600;

/** `startMs-endMs`. */
export const attemptText = ({ startMs, endMs }: Attempt): string => `${Math.round(startMs)}-${Math.round(endMs)}`;

/** Returns undefined for a row that is not there or cannot be read. */
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
  const code = failureCodes.find((known) => known === textOf(item, 'code')) ?? 'internal';
  return { reason: 'refused', code, detail: readFailureDetail(parseJson(textOf(item, 'detail') ?? '')) };
}

function readAttempt(text: string): readonly Attempt[] {
  const [, start, end] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  return start === undefined || end === undefined ? [] : [{ startMs: Number(start), endMs: Number(end) }];
}
