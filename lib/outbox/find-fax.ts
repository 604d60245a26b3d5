import type { FaxRecipient } from '../domain/fax.ts';
import type { FaxList, ListedFax } from '../ringcentral/message-list.ts';
import type { Attempt } from '../state/fax-row.ts';

/** Result of searching RingCentral's list for an unclear fax. */
export type Finding =
  /** RingCentral has it for all recipients, in one message or in several. */
  | { readonly kind: 'all'; readonly messageIds: readonly string[] }
  /** RingCentral has it for some of its recipients only. */
  | { readonly kind: 'some' }
  | { readonly kind: 'none' };

/** Criteria for finding an unclear fax. */
export interface Search {
  readonly recipients: readonly FaxRecipient[];
  readonly attempts: readonly Attempt[];
  /** RingCentral's ids of other faxes of this user. */
  readonly otherIds: ReadonlySet<string>;
  /** How long after an attempt RingCentral may still execute it, in milliseconds. */
  readonly settleMs: number;
}

/** RingCentral's clock may be further behind ours than its header shows, by this many milliseconds. */
export const earlyMs = 5000;

/**
 * Omitted from the end of the time span, in milliseconds, so that a fax does not match the message of the next one. The
 * user's next fax may begin once this one is settled, and the clocks are known only to a second or two.
 */
const lateMs = 10_000;

/**
 * Finds a fax by time and recipients. Only these are certain to be in the list: file names may be missing, and two
 * faxes may have the same cover text.
 */
export function findFax({ recipients, attempts, otherIds, settleMs }: Search, list: FaxList): Finding {
  const isOfAttempt = ({ createdAtMs }: ListedFax): boolean => {
    const atMs = createdAtMs - list.clockAheadMs;
    return attempts.some(
      ({ startMs, endMs }) => atMs >= startMs - earlyMs && atMs <= endMs + Math.max(0, settleMs - lateMs),
    );
  };
  const wanted = new Set(recipients.map(({ number }) => comparable(number)));
  const covered = new Set<string>();
  const messageIds: string[] = [];
  for (const fax of list.faxes) {
    if (otherIds.has(fax.id) || !isOfAttempt(fax)) continue;
    const shared = fax.numbers.map(comparable).filter((number) => wanted.has(number));
    if (shared.length === 0) continue;
    messageIds.push(fax.id);
    for (const number of shared) covered.add(number);
  }
  if (covered.size === 0) return { kind: 'none' };
  return covered.size === wanted.size ? { kind: 'all', messageIds } : { kind: 'some' };
}

/** Returns only the digits. Ten digits are a North American number without its country code. */
function comparable(number: string): string {
  const digits = number.replaceAll(/\D/g, '');
  return digits.length === 10 ? `1${digits}` : digits;
}
