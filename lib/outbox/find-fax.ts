import type { FaxRecipient } from '../domain/fax.ts';
import type { FaxList, ListedFax } from '../ringcentral/message-list.ts';
import type { Attempt } from '../state/fax-row.ts';

/** What RingCentral's list says of an unclear fax. */
export type Finding =
  /** RingCentral has it for all recipients, in one message or in several. */
  | { readonly kind: 'all'; readonly messageIds: readonly string[] }
  /** For some of its recipients only. */
  | { readonly kind: 'some' }
  | { readonly kind: 'none' };

/** What an unclear fax is looked for by. */
export interface Search {
  readonly recipients: readonly FaxRecipient[];
  readonly attempts: readonly Attempt[];
  /** RingCentral's ids of other faxes of this user. */
  readonly otherIds: ReadonlySet<string>;
  /** How long after an attempt RingCentral may have carried it out, in milliseconds. */
  readonly settleMs: number;
}

/** RingCentral's clock may be behind ours by so much more than its header tells. */
export const earlyMs = 5000;

/**
 * The next fax of the user may begin once this one is settled, and the clocks are known to a second or two: so much of
 * the time until then is left out, lest a fax takes the message of the next one for its own.
 */
const lateMs = 10_000;

/**
 * Finds a fax by time and recipients. Only those are certain to stand in the list: file names are not, and two faxes may
 * have one cover text.
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

/** Digits alone; ten of them are a North American number without its country code. */
function comparable(number: string): string {
  const digits = number.replaceAll(/\D/g, '');
  return digits.length === 10 ? `1${digits}` : digits;
}
