import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Table } from '../../../lib/state/table.ts';
import { awsErrorCode, awsFailed } from '../aws/aws-failure.ts';
import { readFax, rowKey, type Fax } from './fax.ts';

/** What became of an order, in sentences. */
export interface Outcome {
  readonly isDone: boolean;
  readonly text: string;
}

/** As long as the row lives; as the functions count it. */
const rowSeconds = 30 * 24 * 3600;

/** Gives up a fax that waits or is unclear. Throws `StateUnavailable`. */
export async function giveUp(table: Table, id: string, nowMs: number): Promise<Outcome> {
  const isGivenUp = await table.update(rowKey(id), {
    update: 'SET #state = :givenUp, reason = :byHand, endedAtMs = :now',
    // Its own write is no obstacle: the AWS SDK repeats one whose answer was lost.
    condition: '#state IN (:waiting, :unclear) OR (#state = :givenUp AND endedAtMs = :now)',
    names: { '#state': 'state' },
    values: {
      ':givenUp': { S: 'given_up' },
      ':byHand': { S: 'by_hand' },
      ':now': { N: String(nowMs) },
      ':waiting': { S: 'waiting' },
      ':unclear': { S: 'unclear' },
    },
  });
  if (!isGivenUp) return refusal(await read(table, id), id, 'given up');
  const wasUnclear = ((await read(table, id))?.unclearAttempts ?? 0) > 0;
  return {
    isDone: true,
    text: `Fax ${id} is given up. ${
      wasUnclear
        ? 'RingCentral may have it all the same: look at its message list.'
        : 'RingCentral does not have it. Its program was told 0 and does not learn of this.'
    }`,
  };
}

/**
 * Lets a fax that was given up wait again, as if it came now, with a new message. What is known of earlier attempts stays,
 * so that RingCentral's list is looked at first. Throws `StateUnavailable`.
 */
export async function sendAgain(
  table: Table,
  queue: { readonly sqs: Pick<SQSClient, 'send'>; readonly url: string },
  id: string,
  nowMs: number,
): Promise<Outcome> {
  const fax = await read(table, id);
  if (fax?.state !== 'given_up') return refusal(fax, id, 'sent again');
  if (fax.reason === 'bytes_gone')
    return refused(`The bytes of fax ${id} are gone: whoever sent it has to do so again.`);
  // A message of the next round may have been sent by a sender that died before it could write that down. SQS would take
  // ours for the same one.
  const round = fax.requeues + 2;
  const goesToAll = fax.reason === 'partly_sent';
  const isWaiting = await table.update(rowKey(id), {
    update:
      'SET #state = :waiting, promised = :yes, createdAtMs = :now, waits = :zero, requeues = :round, expiresAt = :ttl' +
      `${goesToAll ? ', attempts = :none' : ''} REMOVE notBeforeMs`,
    condition:
      '(#state = :givenUp AND (attribute_not_exists(requeues) OR requeues < :round)) OR ' +
      '(#state = :waiting AND requeues = :round AND createdAtMs = :now)',
    names: { '#state': 'state' },
    values: {
      ':waiting': { S: 'waiting' },
      ':givenUp': { S: 'given_up' },
      ':yes': { BOOL: true },
      ':now': { N: String(nowMs) },
      ':zero': { N: '0' },
      ':round': { N: String(round) },
      ':ttl': { N: String(Math.ceil(nowMs / 1000) + rowSeconds) },
      ...(goesToAll ? { ':none': { L: [] } } : {}),
    },
  });
  if (!isWaiting) return refused(`Fax ${id} has changed in this moment: look at it again.`);
  try {
    await queue.sqs.send(
      new SendMessageCommand({
        QueueUrl: queue.url,
        MessageBody: JSON.stringify({ id }),
        MessageGroupId: fax.userKey,
        MessageDeduplicationId: `${id}.${round}`,
      }),
    );
  } catch (error) {
    return takeBack(table, id, round, nowMs, awsErrorCode(error));
  }
  return { isDone: true, text: `Fax ${id} waits again, as if it came now. ${meaning(fax)}` };
}

/** A fax without a message would wait for ever. */
async function takeBack(table: Table, id: string, round: number, nowMs: number, code: string): Promise<Outcome> {
  const isBack = await table.update(rowKey(id), {
    update: 'SET #state = :givenUp, endedAtMs = :now',
    condition: '#state = :waiting AND requeues = :round',
    names: { '#state': 'state' },
    values: {
      ':givenUp': { S: 'given_up' },
      ':waiting': { S: 'waiting' },
      ':now': { N: String(nowMs) },
      ':round': { N: String(round) },
    },
  });
  const check = awsFailed('queue', code, 'sqs:SendMessage', 'Run this again.');
  const what = isBack ? 'stays given up' : 'is on its way all the same, because only the answer of SQS was lost';
  return refused(`Fax ${id} ${what}: ${check.detail}.${isBack && 'remedy' in check ? `\n${check.remedy}` : ''}`);
}

/** What sending a fax again means for one that may have arrived. */
function meaning({ isPromised, reason, unclearAttempts }: Fax): string {
  if (!isPromised) return 'Its program was told that it failed, and may have sent it again already.';
  if (reason === 'partly_sent') return 'Recipients who have it already get it a second time.';
  return unclearAttempts === 0
    ? 'RingCentral never took it, so it arrives once.'
    : 'RingCentral may have it from an earlier attempt: it is sent only if the message list does not show it. If the list ' +
        'leaves out what RingCentral has, it arrives twice.';
}

async function read(table: Table, id: string): Promise<Fax | undefined> {
  return readFax(await table.get(rowKey(id)));
}

function refusal(fax: Fax | undefined, id: string, wanted: 'given up' | 'sent again'): Outcome {
  if (fax === undefined) return refused(`There is no fax ${id}. Rows are kept for 30 days.`);
  switch (fax.state) {
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
      return refused(
        wanted === 'sent again'
          ? `Fax ${id} is not given up: it is still on its way.`
          : `Fax ${id} has changed in this moment: look at it again.`,
      );
  }
}

const refused = (text: string): Outcome => ({ isDone: false, text });
