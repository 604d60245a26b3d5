import { randomUUID } from 'node:crypto';
import type { Deadline } from '../domain/deadline.ts';
import { LegacyFailure } from '../domain/failure.ts';
import type { FaxOrder } from '../domain/fax.ts';
import { maskNumber } from '../domain/log-name.ts';
import { isInForce } from '../domain/mark-life.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { User } from '../domain/user.ts';
import type { FaxEnd, FaxRow } from '../state/fax-row.ts';
import type { FaxStore } from '../state/fax-store.ts';
import { unlessTableDown, untilAnswered, withinMs } from '../state/table.ts';
import type { SeenState } from '../state/user-state.ts';
import type { UserStore } from '../state/user-store.ts';
import { DocumentsUnavailable, QueueUnavailable, type FaxDocuments, type FaxQueue } from './ports.ts';

/** What entering a fax needs. */
export interface EnterParts {
  readonly faxes: FaxStore;
  readonly documents: FaxDocuments;
  readonly queue: FaxQueue;
  readonly users: UserStore;
  readonly clock: Clock;
  readonly deadline: Deadline;
  readonly log: Log;
}

/** A fax whose program may be answered `0`: RingCentral has it, or it will be sent. */
export interface EnteredFax {
  readonly id: string;
  /** RingCentral's ids; none while it does not have the fax. */
  readonly messageIds: readonly string[];
}

/** Maximum number of waiting faxes of one user. */
export const maxWaiting = 5000;

/** Longest wait for RingCentral's answer, so that a refusal can be reported to the program (milliseconds). */
const outcomeWaitMs = 8000;

/** Time reserved for the promise and the answer, in milliseconds. */
const answerReserveMs = 1500;

/**
 * Longest wait for one table operation while waiting for the outcome, and the time reserved after it (milliseconds).
 */
const longestReadMs = 1000;
const lastWordMs = 200;

/**
 * Time between two reads of the row, in milliseconds: short at first, since RingCentral accepts most faxes in half a
 * second.
 */
const firstLookMs = 100;
const lastLookMs = 500;

/**
 * Enters a fax: documents, row and message, in this order. Then waits a short time for the outcome. When it returns,
 * the fax is durable and will be sent, or has been.
 *
 * Throws LegacyFailure: RingCentral's refusal of the fax; `outbox_unavailable`, `outbox_full` or `state_unavailable`
 * for a fax that is not entered and will not be sent; `fax_uncertain` when table and queue do not answer, so that the
 * outcome is unknown.
 */
export async function enterFax(user: User, order: FaxOrder, state: SeenState, parts: EnterParts): Promise<EnteredFax> {
  const { faxes, documents, queue, users, clock, deadline } = parts;
  const id = randomUUID();
  await documents.put(id, order).catch((error: unknown) => {
    throw isUnavailable(error) ? new LegacyFailure('outbox_unavailable', {}, { cause: error }) : error;
  });
  const ticket = await drawTicket(user, state, parts);
  const entered = await unlessTableDown(
    faxes.enter({
      id,
      userKey: user.key,
      createdAtMs: clock.nowMs(),
      enterByMs: deadline.endsAtMs,
      ticket,
      maskedRecipients: order.recipients.map(({ number }) => maskNumber(number)),
      documents: order.documents.length,
      bytes: order.documents.reduce((sum, { bytes }) => sum + bytes.byteLength, 0),
      sendAtMs: order.sendAtMs,
    }),
  );
  // A row without a message is never sent, so it does not matter whether the row was written.
  if (entered === 'unavailable') throw new LegacyFailure('state_unavailable');
  // The program has already been answered that its fax is not sent.
  if (deadline.remainingMs() === 0) throw new LegacyFailure('deadline');
  deadline.placing('fax_uncertain');
  try {
    await queue.send(id, user.key, 0);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    const failure = new LegacyFailure('outbox_unavailable', {}, { cause: error });
    if (await takeBack(id, { reason: 'not_entered' }, failure, parts)) {
      await inTime(users.leaveFax(user.key), parts);
      throw failure;
    }
  }
  // The program has already been answered: do not promise an unpromised fax afterwards.
  if (deadline.remainingMs() === 0) throw new LegacyFailure('fax_uncertain', { hint: 'the queue took too long' });
  return outcomeOf(id, isPaused(state, clock.nowMs()), parts);
}

async function drawTicket(user: User, state: SeenState, { users, clock }: EnterParts): Promise<number> {
  if (state === 'unavailable') throw new LegacyFailure('state_unavailable');
  const ticket = await unlessTableDown(users.enterFax(user.key, state.faxesDone, maxWaiting, clock.nowMs()));
  if (ticket === 'unavailable') throw new LegacyFailure('state_unavailable');
  if (ticket === undefined) throw new LegacyFailure('outbox_full');
  return ticket;
}

const isUnavailable = (error: unknown): boolean =>
  error instanceof DocumentsUnavailable || error instanceof QueueUnavailable;

/** Whether the user's next fax has to wait because a rate-limit group is closed. */
function isPaused(state: SeenState, nowMs: number): boolean {
  if (state === 'unavailable') return false;
  return ['fax', 'heavy'].some((group) => isInForce('closedGroup', state.closed.get(group), nowMs));
}

/**
 * Withdraws a fax that is refused or whose message may not be in the queue. Returns false when the fax is already being
 * sent. Throws `fax_uncertain` with the details of `failure` while the table does not answer.
 */
async function takeBack(id: string, end: FaxEnd, failure: LegacyFailure, parts: EnterParts): Promise<boolean> {
  const { faxes, clock, deadline } = parts;
  const withdraw = (): Promise<boolean> => faxes.withdraw(id, end, clock.nowMs());
  const isWithdrawn = await unlessTableDown(untilAnswered(withdraw, parts, answerReserveMs));
  if (isWithdrawn === 'unavailable') throw new LegacyFailure('fax_uncertain', failure.detail);
  if (isWithdrawn) deadline.notPlaced();
  return isWithdrawn;
}

/** Waits until the fax is sent, refused or has to wait. */
async function outcomeOf(id: string, hasToWait: boolean, parts: EnterParts): Promise<EnteredFax> {
  const { faxes, clock, deadline } = parts;
  const waitedUntilMs = clock.nowMs() + (hasToWait ? 0 : deadline.budgetMs(outcomeWaitMs, answerReserveMs));
  for (let lookMs = firstLookMs; clock.nowMs() + lookMs < waitedUntilMs; lookMs = Math.min(lookMs * 1.5, lastLookMs)) {
    await clock.sleep(lookMs);
    const row = await inTime(faxes.read(id), parts);
    if (row === 'unavailable' || row === undefined) continue;
    const outcome = endOf(row);
    if (outcome !== undefined) return outcome;
    if (row.refusal !== undefined) {
      const failure = failureOf(row.refusal);
      if (await takeBack(id, row.refusal, failure, parts)) throw failure;
    } else if (row.state.kind === 'unclear' || row.notBeforeMs !== undefined) break;
  }
  return promise(id, parts);
}

/** Stores that the program is answered `0`, so that the fax can no longer be withdrawn; unless it has ended by now. */
async function promise(id: string, parts: EnterParts): Promise<EnteredFax> {
  const { faxes, clock, deadline, log } = parts;
  // Until this is stored, the sender leaves a refusal to this request.
  const write = (): Promise<boolean> =>
    withinMs(clock, deadline.budgetMs(longestReadMs, lastWordMs), faxes.promise(id));
  const isPromised = await unlessTableDown(untilAnswered(write, parts, answerReserveMs));
  if (isPromised === false) {
    const row = await inTime(faxes.read(id), parts);
    const outcome = row === 'unavailable' || row === undefined ? undefined : endOf(row);
    if (outcome !== undefined) return outcome;
    throw new LegacyFailure('fax_uncertain', { hint: 'the end of a fax cannot be read' });
  }
  // Documents, row and message exist: the fax is sent, or given up and reported.
  if (isPromised === 'unavailable') log.warn('the state table does not say what becomes of a fax');
  return { id, messageIds: [] };
}

/** Limits an operation, because a slow table must not use up the time for the answer. */
function inTime<T>(operation: Promise<T>, { clock, deadline }: EnterParts): Promise<T | 'unavailable'> {
  return unlessTableDown(withinMs(clock, deadline.budgetMs(longestReadMs, lastWordMs), operation));
}

/** Returns undefined while the fax is in progress. Throws the reason when it will not be sent. */
function endOf({ id, state }: FaxRow): EnteredFax | undefined {
  switch (state.kind) {
    case 'waiting':
    case 'sending':
    case 'unclear':
      return undefined;
    case 'sent':
      return { id, messageIds: state.messageIds };
    case 'given_up':
    case 'withdrawn':
      throw failureOf(state.end);
  }
}

function failureOf(end: FaxEnd): LegacyFailure {
  if (end.reason === 'refused') return new LegacyFailure(end.code, end.detail);
  return new LegacyFailure('outbox_unavailable', { hint: `the fax was given up: ${end.reason}` });
}
