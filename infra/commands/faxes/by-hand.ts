import { QueueUnavailable, type FaxQueue } from '../../../lib/outbox/ports.ts';
import type { FaxRow } from '../../../lib/state/fax-row.ts';
import type { FaxStore } from '../../../lib/state/fax-store.ts';
import { awsErrorCode, awsFailed } from '../aws/aws-failure.ts';

/** What became of an order, in sentences. */
export interface Outcome {
  readonly isDone: boolean;
  readonly text: string;
}

/** Gives up a fax that waits or is unclear. Throws `StateUnavailable`. */
export async function giveUp(faxes: FaxStore, id: string, nowMs: number): Promise<Outcome> {
  const fax = await faxes.read(id);
  if (fax?.state.kind !== 'waiting' && fax?.state.kind !== 'unclear') return refusal(fax, id, 'given up');
  if (!(await faxes.giveUp(id, undefined, { reason: 'by_hand' }, nowMs))) return changed(id);
  return {
    isDone: true,
    text: `Fax ${id} is given up. ${
      fax.attempts.length > 0
        ? 'RingCentral may have it all the same: look at its message list.'
        : 'RingCentral does not have it. Its program was told 0 and does not learn of this.'
    }`,
  };
}

/**
 * Lets a fax that was given up wait again, as if it came now, with a new message. What is known of earlier attempts stays,
 * so that RingCentral's list is looked at first. Throws `StateUnavailable`.
 */
export async function sendAgain(faxes: FaxStore, queue: FaxQueue, id: string, nowMs: number): Promise<Outcome> {
  const fax = await faxes.read(id);
  if (fax?.state.kind !== 'given_up') return refusal(fax, id, 'sent again');
  const { end } = fax.state;
  if (end.reason === 'bytes_gone') {
    return refused(`The bytes of fax ${id} are gone: whoever sent it has to do so again.`);
  }
  // A message of the next round may have been sent by a sender that died before it could write that down. SQS would take
  // ours for the same one.
  const requeues = fax.requeues + 2;
  const attempts = end.reason === 'partly_sent' ? [] : fax.attempts;
  if (!(await faxes.sendAgain(id, { requeues, attempts }, nowMs))) return changed(id);
  try {
    await queue.send(id, fax.userKey, requeues);
  } catch (error) {
    if (!(error instanceof QueueUnavailable)) throw error;
    // A fax without a message would wait for ever.
    const isBack = await faxes.giveUp(id, undefined, end, nowMs);
    const check = awsFailed('queue', awsErrorCode(error.cause), 'sqs:SendMessage', 'Run this again.');
    const what = isBack ? 'stays given up' : 'is on its way all the same, because only the answer of SQS was lost';
    return refused(`Fax ${id} ${what}: ${check.detail}.${isBack && 'remedy' in check ? `\n${check.remedy}` : ''}`);
  }
  return { isDone: true, text: `Fax ${id} waits again, as if it came now. ${meaning(fax, end.reason)}` };
}

/** What sending a fax again means for one that may have arrived. */
function meaning({ isPromised, attempts }: FaxRow, reason: string): string {
  if (!isPromised) return 'Its program was told that it failed, and may have sent it again already.';
  if (reason === 'partly_sent') return 'Recipients who have it already get it a second time.';
  return attempts.length === 0
    ? 'RingCentral never took it, so it arrives once.'
    : 'RingCentral may have it from an earlier attempt: it is sent only if the message list does not show it. If the list ' +
        'leaves out what RingCentral has, it arrives twice.';
}

function refusal(fax: FaxRow | undefined, id: string, wanted: 'given up' | 'sent again'): Outcome {
  if (fax === undefined) return refused(`There is no fax ${id}. Rows are kept for 30 days.`);
  switch (fax.state.kind) {
    case 'sending':
      return refused(`Fax ${id} is being sent now. Look at it again in a minute.`);
    case 'sent':
      return refused(`RingCentral has fax ${id}: it cannot be ${wanted}.`);
    case 'withdrawn':
      return refused(`Fax ${id} was taken back, and its program was told so: it cannot be ${wanted}.`);
    case 'given_up':
      return refused(`Fax ${id} is given up already.`);
    case 'waiting':
    case 'unclear':
      return refused(`Fax ${id} is not given up: it is still on its way.`);
  }
}

const changed = (id: string): Outcome => refused(`Fax ${id} has changed in this moment: look at it again.`);
const refused = (text: string): Outcome => ({ isDone: false, text });
