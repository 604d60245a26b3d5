/**
 * What programs write for a date that was never set: the first second of 1970 in any time zone, as in C and Java, and the
 * zero of Visual Basic, 30 December 1899. In this century they would delay a fax by decades.
 */
const neverSet: ReadonlySet<string> = new Set(['31:12:69', '1:1:70', '30:12:99']);

/**
 * Reads `Sendtime`, which is `dd:mm:yy hh:mm` in GMT with years from 2000 on. Leading zeros may be missing. Returns
 * epoch milliseconds, or undefined for "now". A time that is absent, was never set, does not exist (31:02) or is not after
 * `nowMs` is never an error (RingCentral's page).
 */
export function parseSendTime(text: string | undefined, nowMs: number): number | undefined {
  const match = /^(\d{1,2}):(\d{1,2}):(\d{2})\s+(\d{1,2}):(\d{1,2})$/.exec(text?.trim() ?? '');
  if (match === null) return undefined;
  const [day = 0, month = 0, year = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  if (neverSet.has(`${day}:${month}:${year}`)) return undefined;
  const sendAtMs = Date.UTC(2000 + year, month - 1, day, hour, minute);
  const moment = new Date(sendAtMs);
  // Date.UTC rolls over invalid dates: 31 February would become a day in March.
  const exists =
    moment.getUTCMonth() === month - 1 &&
    moment.getUTCDate() === day &&
    moment.getUTCHours() === hour &&
    moment.getUTCMinutes() === minute;
  return exists && sendAtMs > nowMs ? sendAtMs : undefined;
}
