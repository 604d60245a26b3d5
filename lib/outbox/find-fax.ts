import type { FaxRecipient } from '../domain/fax.ts';
import type { FaxList } from '../ringcentral/message-list.ts';
import type { Attempt } from '../state/fax-row.ts';

/** Result of searching RingCentral's list for an unclear fax. */
export type Finding =
  /** RingCentral has it for all recipients, in one message or in several. */
  | { readonly kind: 'all'; readonly messageIds: readonly string[] }
  /** RingCentral has it for some of its recipients only. */
  | { readonly kind: 'some' }
  /** A message may be this fax: its recipients, its time or its id cannot be read for certain. */
  | { readonly kind: 'perhaps' }
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

/** The messages that RingCentral creates for one request are at most this far apart, in milliseconds. */
const sameRequestMs = 1000;

/**
 * Finds a fax by time and recipients. Only these are certain to be in the list: file names may be missing, and two
 * faxes may have the same cover text. A message that cannot be told from the fax is reported, because a fax must not be
 * sent twice.
 */
export function findFax({ recipients, attempts, otherIds, settleMs }: Search, list: FaxList): Finding {
  const isOfAttempt = (atMs: number): boolean =>
    attempts.some(({ startMs, endMs }) => atMs >= startMs - earlyMs && atMs <= endMs + Math.max(0, settleMs - lateMs));
  const wanted = new Set(recipients.map(({ number }) => comparable(number)));
  const covered = new Set<string>();
  const messageIds: string[] = [];
  const others = list.faxes.filter(({ id }) => id !== undefined && otherIds.has(id));
  /** Whether the message may be of an attempt although the `Date` header says otherwise: another clock may have dated it. */
  const mayBeOfAttempt = (atMs: number): boolean =>
    isOfAttempt(atMs) && !others.some((other) => Math.abs((other.createdAtMs ?? 0) - atMs) <= sameRequestMs);
  let isUncertain = false;
  for (const { id, createdAtMs, numbers } of list.faxes) {
    if (id !== undefined && otherIds.has(id)) continue;
    const isInTime = createdAtMs !== undefined && isOfAttempt(createdAtMs - list.clockAheadMs);
    if (!isInTime && createdAtMs !== undefined && !mayBeOfAttempt(createdAtMs)) continue;
    const shared = numbers.map(comparable).filter((number) => wanted.has(number));
    if (isInTime && id !== undefined && shared.length > 0) {
      messageIds.push(id);
      for (const number of shared) covered.add(number);
    } else if (shared.length > 0 || numbers.length === 0 || numbers.some((number) => mayBeOneOf(wanted, number))) {
      isUncertain = true;
    }
  }
  if (covered.size === 0) return { kind: isUncertain ? 'perhaps' : 'none' };
  return covered.size === wanted.size ? { kind: 'all', messageIds } : { kind: 'some' };
}

/** Returns only the digits. Ten digits are a North American number without its country code. */
function comparable(number: string): string {
  const digits = number.replaceAll(/\D/g, '');
  return digits.length === 10 ? `1${digits}` : digits;
}

/** How many digits at the end of a number are the same in all its forms. */
const subscriberDigits = 7;

/** A complete number: of any country with `+`, or of North America. */
const complete = /^(\+\d{7,15}|1?[2-9]\d{9})$/;

/** North American numbers have one form only, as {@link comparable} returns it. */
const northAmerican = /^1[2-9]\d{9}$/;

/** Whether a number that equals none of the wanted ones may be one of them in another form. */
function mayBeOneOf(wanted: ReadonlySet<string>, number: string): boolean {
  if (!complete.test(number.replaceAll(/[\s().-]/g, ''))) return true;
  const digits = comparable(number);
  const end = digits.slice(-subscriberDigits);
  return [...wanted].some((one) => one.endsWith(end) && !(northAmerican.test(one) && northAmerican.test(digits)));
}
