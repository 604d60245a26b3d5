import { QueueUnavailable, type FaxQueue } from '../../../lib/outbox/ports.ts';
import type { FaxRow } from '../../../lib/state/fax-row.ts';
import type { FaxStore } from '../../../lib/state/fax-store.ts';
import { awsErrorCode, awsFailed } from '../aws/aws-failure.ts';

/** The result of an order, in sentences. */
export interface Outcome {
  readonly isDone: boolean;
  readonly text: string;
}

/** Gives up a fax whose state is waiting or unclear. Throws `StateUnavailable`. */
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

/** The message list does not show the fate of such a fax, so the sender does not search it again. */
const isDecidedByHand = (reason: string): boolean => reason === 'partly_sent' || reason === 'unknown';

/**
 * Sets a given-up fax back to waiting, with a new age and a new message. Keeps the record of earlier attempts, so that
 * the sender looks at RingCentral's message list first. Throws `StateUnavailable`.
 */
export async function sendAgain(faxes: FaxStore, queue: FaxQueue, id: string, nowMs: number): Promise<Outcome> {
  const fax = await faxes.read(id);
  if (fax?.state.kind !== 'given_up') return refusal(fax, id, 'sent again');
  const { end } = fax.state;
  if (end.reason === 'bytes_gone') {
    return refused(`The bytes of fax ${id} are gone: whoever sent it has to do so again.`);
  }
  // Skips one number: a sender may have died after it sent the message of the next one and before it stored that. SQS
  // would then deduplicate our message.
  const requeues = fax.requeues + 2;
  const attempts = isDecidedByHand(end.reason) ? [] : fax.attempts;
  if (!(await faxes.sendAgain(id, { requeues, attempts }, nowMs))) return changed(id);
  try {
    await queue.send(id, fax.userKey, requeues);
  } catch (error) {
    if (!(error instanceof QueueUnavailable)) throw error;
    // A fax without a message would wait forever.
    const isBack = await faxes.giveUp(id, undefined, end, nowMs);
    const check = awsFailed('queue', awsErrorCode(error.cause), 'sqs:SendMessage', 'Run this again.');
    const what = isBack ? 'stays given up' : 'is on its way all the same, because only the answer of SQS was lost';
    return refused(`Fax ${id} ${what}: ${check.detail}.${isBack && 'remedy' in check ? `\n${check.remedy}` : ''}`);
  }
  return { isDone: true, text: `Fax ${id} waits again, as if it came now. ${meaning(fax, end.reason)}` };
}

/** Explains what sending again means for a fax that may have arrived. */
function meaning({ isPromised, attempts }: FaxRow, reason: string): string {
  if (!isPromised) return 'Its program was told that it failed, and may have sent it again already.';
  if (isDecidedByHand(reason)) return 'Recipients who have it already get it a second time.';
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
