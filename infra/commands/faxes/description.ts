import { shown } from '../report/check.ts';
import type { Fax } from './fax.ts';

/** A fax past its maximum age is given up when its message is next received, which may take an hour. */
const lastWaitMs = 3_600_000;

/** What an operator needs to know about a fax. */
export interface Description {
  readonly text: string;
  /** An operator has to act: the program received `0`, and the fax is not being sent. */
  readonly trouble: 'given up' | 'stuck' | undefined;
}

/** @param maxAgeMs age after which a waiting fax is given up */
export function describeFax(
  fax: Fax,
  { nowMs, maxAgeMs }: { readonly nowMs: number; readonly maxAgeMs: number },
): Description {
  switch (fax.state) {
    case 'sent':
      return fine('sent');
    case 'withdrawn':
      return fine(`taken back, its program was not told 0${why(fax)}`);
    case 'given_up':
      return { text: `given up${why(fax)}`, trouble: fax.reason === 'by_hand' ? undefined : 'given up' };
    case 'waiting':
      // The request ended after it stored the row and before it sent the message. No program received 0, and no
      // function will send the fax. The sender of faxes has a next try for each fax that it has seen.
      if (!fax.isPromised && fax.unclearAttempts === 0 && fax.notBeforeMs === undefined && nowMs >= fax.enterByMs)
        return fine('not entered, its program was not told 0');
      return open(fax, waitingText(fax, nowMs), nowMs - maxAgeMs - lastWaitMs);
    case 'sending':
      return open(
        fax,
        nowMs < (fax.untilMs ?? 0)
          ? 'being sent now'
          : 'its sender is gone; RingCentral will be asked whether it has it',
        nowMs - maxAgeMs - lastWaitMs,
      );
    case 'unclear':
      return open(
        fax,
        'nobody knows whether RingCentral has it; its message list is being looked at',
        nowMs - maxAgeMs - lastWaitMs,
      );
  }
}

const fine = (text: string): Description => ({ text, trouble: undefined });

function open(fax: Fax, text: string, tooOldMs: number): Description {
  const attempts = fax.unclearAttempts === 0 ? '' : `, ${times(fax.unclearAttempts)} without a clear answer`;
  const isStuck = fax.createdAtMs < tooOldMs;
  return { text: `${isStuck ? 'stuck: ' : ''}${text}${attempts}`, trouble: isStuck ? 'stuck' : undefined };
}

function waitingText({ notBeforeMs, unclearAttempts }: Fax, nowMs: number): string {
  if (notBeforeMs !== undefined && notBeforeMs > nowMs) return `waiting, next try in ${duration(notBeforeMs - nowMs)}`;
  return unclearAttempts === 0 ? 'waiting for its turn' : 'waiting to be sent again';
}

const times = (count: number): string => (count === 1 ? 'tried once' : `tried ${count} times`);

const reasons: Readonly<Record<string, string>> = {
  expired: 'it could not be sent within outboxHours',
  partly_sent: 'RingCentral has it for some of its recipients only',
  unknown: 'nobody knows whether RingCentral has it, and its message list does not tell',
  bytes_gone: 'its bytes are gone',
  user_gone: 'its user is in no secret any more',
  by_hand: 'by hand',
  too_late: 'it came when its request was over',
  not_entered: 'it could not be stored',
};

/** Such as `: its bytes are gone`; empty when no reason is known. */
function why({ reason, code, upstreamStatus, upstreamCode }: Fax): string {
  const known = Object.hasOwn(reasons, reason ?? '') ? reasons[reason ?? ''] : undefined;
  if (known !== undefined) return `: ${known}`;
  if (code === undefined) return reason === undefined ? '' : `: ${shown(reason)}`;
  const answer = [
    upstreamStatus === undefined ? '' : `HTTP ${upstreamStatus}`,
    upstreamCode === undefined ? '' : shown(upstreamCode),
  ].filter(Boolean);
  return `: refused, ${shown(code)}${answer.length === 0 ? '' : ` (${answer.join(' ')})`}`;
}

/** `40 s`, `12 min`, `5 h`, `2 days`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 2 * 3600) return `${Math.round(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
