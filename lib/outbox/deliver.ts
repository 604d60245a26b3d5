import { randomUUID } from 'node:crypto';
import type { UserDirectory } from '../access/user-directory.ts';
import type { Deadline } from '../domain/deadline.ts';
import { LegacyFailure, type FailureCode } from '../domain/failure.ts';
import type { FaxOrder } from '../domain/fax.ts';
import { nameInLog } from '../domain/log-name.ts';
import { isInForce } from '../domain/mark-life.ts';
import type { Log } from '../domain/ports.ts';
import type { User } from '../domain/user.ts';
import type { ResolveCover } from '../ringcentral/cover-pages.ts';
import { failedAtOnce, sendFax, type AcceptedFax } from '../ringcentral/fax.ts';
import type { OpenApi } from '../ringcentral/user-api.ts';
import type { Attempt, FaxEnd, FaxRow, FaxState, Refused } from '../state/fax-row.ts';
import type { FaxStore } from '../state/fax-store.ts';
import { StateUnavailable, untilAnswered } from '../state/table.ts';
import type { UserState } from '../state/user-state.ts';
import { fateOf } from './fate.ts';
import { closeFax, rememberFax, reportGivenUp, type CloseParts } from './close-fax.ts';
import { earlyMs } from './find-fax.ts';
import { DocumentsUnavailable, QueueUnavailable, type FaxQueue } from './ports.ts';
import { searchList } from './search-list.ts';
import { endOfWait, knownWaitMs, leastWaitMs, nextLookMs, nextWait, type WaitEnd } from './waits.ts';

/** What delivering a fax needs. */
export interface DeliverParts extends CloseParts {
  readonly faxes: FaxStore;
  readonly queue: FaxQueue;
  readonly secrets: { directory(): Promise<UserDirectory>; reload(): Promise<UserDirectory> };
  readonly openApi: OpenApi;
  readonly resolveCover: ResolveCover;
  /** Deadline of this invocation. A fax that it sends has an outcome by then, or the container has died. */
  readonly deadline: Deadline;
  /** `OUTBOX_HOURS` and `OUTBOX_SETTLE_SECONDS` in milliseconds. */
  readonly maxAgeMs: number;
  readonly settleMs: number;
}

/** A message of the queue. */
export interface Delivery {
  readonly faxId: string;
  /** When SQS accepted the message (epoch milliseconds). */
  readonly sentAtMs: number;
  /** Number of deliveries by SQS, including this one. */
  readonly receives: number;
}

/** What to do with the message: delete it, or receive it again after `ms`. */
export type Delivered = { readonly kind: 'done' } | { readonly kind: 'wait'; readonly ms: number };

const done: Delivered = { kind: 'done' };
const waitFor = (ms: number): Delivered => ({ kind: 'wait', ms });

/**
 * Longest time that a container may still run after its deadline, in milliseconds. The handler reserves 1.5 s of the
 * Lambda's time after the deadline, and Lambda then ends the container within a second.
 */
const graceMs = 2500;

/**
 * Longest duration of a POST, and the least remaining time to start one (milliseconds). Documents and row need time as
 * well.
 */
const postTimeoutMs = 30_000;
const leastForPostMs = 35_000;

/**
 * Pause before the user's next fax, in milliseconds. RingCentral may create a message for each recipient but names only
 * one. The pause keeps the next fax from matching the others.
 */
const unnamedPauseMs = 2 * earlyMs;

/** After this many unclear attempts a fax makes way for the faxes behind it, and again after each further one. */
const attemptsInPlace = 4;

/** A fax whose fate the list does not show holds up the faxes behind it for this many times `settleMs`. */
const settlingsInPlace = 4;

/** The queue's visibility timeout, after which it delivers the message of a dead container again (milliseconds). */
const longestInvisibleMs = 360_000;

/** Wait after a failure of AWS, in milliseconds. */
const faultWaitMs = 30_000;

/**
 * Handles a message of the queue: sends its fax, finds its outcome, or waits. No other code sends a fax of the outbox.
 * The message group of the queue prevents concurrent deliveries for one user. Known failures do not throw; after an
 * exception the message stays in the queue.
 */
export async function deliverFax(delivery: Delivery, parts: DeliverParts): Promise<Delivered> {
  const delivered = await deliver(delivery, parts);
  return delivered.kind === 'done' ? done : waitFor(Math.max(delivered.ms, leastWaitMs(delivery.receives)));
}

async function deliver(delivery: Delivery, parts: DeliverParts): Promise<Delivered> {
  try {
    return await again(delivery.faxId, delivery, parts);
  } catch (error) {
    if (!isOutage(error)) throw error;
    parts.log.warn('a fax waits: AWS cannot be used', { reason: error.message });
    return waitFor(faultWaitMs);
  }
}

const isOutage = (error: unknown): error is Error =>
  error instanceof StateUnavailable || error instanceof DocumentsUnavailable || error instanceof QueueUnavailable;

async function advance(row: FaxRow, delivery: Delivery, parts: DeliverParts): Promise<Delivered> {
  const { faxes, clock } = parts;
  const { state } = row;
  switch (state.kind) {
    case 'given_up':
      await closeFax(row, [], parts);
      reportGivenUp(row, state.end, parts);
      return done;
    case 'withdrawn':
      await closeFax(row, [], parts);
      return done;
    case 'sent':
      await closeFax(row, state.messageIds, parts);
      return done;
    case 'sending': {
      const nowMs = clock.nowMs();
      if (isInForce('faxSending', state.untilMs, nowMs)) return waitFor(state.untilMs - nowMs);
      const { faxIds } = await parts.users.read(row.userKey);
      parts.metrics.add('FaxesUnclear');
      await faxes.lose(row.id, state.owner, withAttempt(row, attemptOf(state, nowMs), faxIds));
      return again(row.id, delivery, parts);
    }
    case 'unclear':
    case 'waiting': {
      const sender = await openSender(row, delivery, parts);
      if (sender.kind !== 'open') return sender;
      return state.kind === 'unclear'
        ? settle(row, sender, delivery, parts)
        : sendWaiting(row, sender, delivery, parts);
    }
  }
}

/** Returns the time span of an attempt whose container has ended. The times of a clock that was ahead are not used. */
function attemptOf({ startMs, untilMs }: Extract<FaxState, { kind: 'sending' }>, nowMs: number): Attempt {
  return untilMs <= nowMs ? { startMs, endMs: untilMs } : { startMs: nowMs - longestInvisibleMs, endMs: nowMs };
}

/**
 * Returns the attempts and ids of a fax after one more unclear attempt. `faxIds` are the ids of the user's last faxes.
 * A row is limited to 400 KB, so the oldest ids of a fax that fails for days are dropped.
 */
function withAttempt(
  { attempts, otherIds }: FaxRow,
  attempt: Attempt,
  faxIds: readonly string[],
): Pick<FaxRow, 'attempts' | 'otherIds'> {
  return { attempts: [...attempts, attempt], otherIds: [...new Set([...otherIds, ...faxIds])].slice(-maxOtherIds) };
}

const maxOtherIds = 5000;

/** Reads the row again and continues from its state. */
async function again(id: string, delivery: Delivery, parts: DeliverParts): Promise<Delivered> {
  const row = await parts.faxes.read(id);
  return row === undefined ? done : advance(row, delivery, parts);
}

/** The user of a fax, and their shared state. */
interface Sender {
  readonly kind: 'open';
  readonly user: User;
  readonly state: UserState;
  readonly log: Log;
}

async function openSender(row: FaxRow, delivery: Delivery, parts: DeliverParts): Promise<Sender | Delivered> {
  const { secrets, users, log } = parts;
  try {
    // The cached secret may be older than the user: read it again before giving up the fax.
    const user = (await secrets.directory()).byKey(row.userKey) ?? (await secrets.reload()).byKey(row.userKey);
    if (user === undefined) return await giveUp(row, undefined, { reason: 'user_gone' }, delivery, parts);
    return { kind: 'open', user, state: await users.read(user.key), log: log.with(nameInLog(user)) };
  } catch (error) {
    if (!(error instanceof LegacyFailure)) throw error;
    log.warn('a fax waits: its user cannot be read', { fax: row.id, code: error.code, ...error.detail });
    if (isExpired(row, parts)) return giveUp(row, undefined, { reason: 'expired' }, delivery, parts);
    return defer(row, 'unknown', log, parts);
  }
}

/** Searches for an unclear fax when a look is due. Sends it again once it has been missing for long enough. */
async function settle(row: FaxRow, sender: Sender, delivery: Delivery, parts: DeliverParts): Promise<Delivered> {
  const { faxes, settleMs } = parts;
  const last = lastAttempt(row);
  const sinceMs = parts.clock.nowMs() - last.endMs;
  const firstLookMs = nextLookMs(0, settleMs);
  if (sinceMs < firstLookMs) return waitFor(firstLookMs - sinceMs);
  const found = await search(row, sender, delivery, parts);
  if (found.kind !== 'not listed') return found;
  if (sinceMs < settleMs) return nextLook(sinceMs, parts);
  // The fax has a send time after the attempt, so RingCentral may list it later.
  const { sendAtMs } = found.order;
  if (sendAtMs !== undefined && sendAtMs > last.startMs) {
    return giveUp(row, undefined, { reason: 'unknown' }, delivery, parts);
  }
  sender.log.info('a fax whose end was unclear is not at RingCentral and will be sent again', { fax: row.id });
  const makesWay = row.attempts.length >= attemptsInPlace;
  if (makesWay && !(await makeWay(row, sender, parts))) return again(row.id, delivery, parts);
  const isSettled = await faxes.settle(row.id, row.attempts.length);
  if (makesWay) return done;
  return isSettled ? sendWaiting(row, sender, delivery, parts, found) : again(row.id, delivery, parts);
}

function lastAttempt({ attempts }: FaxRow): Attempt {
  const last = attempts.at(-1);
  if (last === undefined) throw new Error('an unclear fax without an attempt');
  return last;
}

const nextLook = (sinceMs: number, { settleMs }: DeliverParts): Delivered =>
  waitFor(nextLookMs(sinceMs, settleMs) - sinceMs);

/** RingCentral's list has been read, and the fax is not in it. */
interface NotListed {
  readonly kind: 'not listed';
  readonly order: FaxOrder;
}

/** Searches RingCentral's list for a fax that was attempted. */
async function search(
  row: FaxRow,
  sender: Sender,
  delivery: Delivery,
  parts: DeliverParts,
): Promise<Delivered | NotListed> {
  const { faxes, documents, openApi, clock, deadline, settleMs } = parts;
  const order = await documents.get(row.id);
  if (order === undefined) return giveUp(row, undefined, { reason: 'bytes_gone' }, delivery, parts);
  const { user, state, log } = sender;
  const api = openApi(user, state, deadline, log);
  const finding = await searchList(row, order, { api, faxIds: state.faxIds, settleMs, clock, log });
  const sinceMs = clock.nowMs() - lastAttempt(row).endMs;
  const isOverdue = sinceMs >= settlingsInPlace * settleMs;
  switch (finding.kind) {
    case 'none':
      return { kind: 'not listed', order };
    case 'all':
      await faxes.finish(row.id, undefined, finding.messageIds, clock.nowMs());
      log.info('a fax whose end was unclear is at RingCentral', { fax: row.id });
      return again(row.id, delivery, parts);
    case 'some':
    case 'perhaps': {
      const reason = finding.kind === 'some' ? 'partly_sent' : 'unknown';
      return isOverdue ? giveUp(row, undefined, { reason }, delivery, parts) : nextLook(sinceMs, parts);
    }
    case 'no look':
      if (isExpired(row, parts)) return giveUp(row, undefined, { reason: 'expired' }, delivery, parts);
      // The first delivery at a new place only looks, so that a lone fax is not moved continuously.
      if (isOverdue && delivery.receives > 1) {
        return (await makeWay(row, sender, parts)) ? done : again(row.id, delivery, parts);
      }
      return finding.end === 'unknown'
        ? nextLook(sinceMs, parts)
        : waitFor(knownWaitMs(finding.end.untilMs, clock.nowMs()));
  }
}

/**
 * Moves a fax to the end of its message group. The message is sent first: the queue deduplicates a repeated one, while a
 * row without the message would keep the fax in its place. Returns false when another delivery sends the fax meanwhile:
 * then this message keeps its place.
 */
async function makeWay({ id, userKey, requeues }: FaxRow, { log }: Sender, parts: DeliverParts): Promise<boolean> {
  await parts.queue.send(id, userKey, requeues + 1);
  if (!(await parts.faxes.requeue(id, requeues + 1))) return false;
  log.warn('a fax whose end is unclear time and again makes way for those behind it', { fax: id });
  return true;
}

/**
 * Sends a waiting fax, unless it has to wait longer.
 * @param searched the result of a search just now; undefined before one
 */
async function sendWaiting(
  row: FaxRow,
  sender: Sender,
  delivery: Delivery,
  parts: DeliverParts,
  searched?: NotListed,
): Promise<Delivered> {
  const { faxes, clock, deadline } = parts;
  const nowMs = clock.nowMs();
  if (isExpired(row, parts)) return giveUp(row, undefined, { reason: 'expired' }, delivery, parts);
  const isNew = !row.isPromised && row.attempts.length === 0;
  if (isNew && delivery.sentAtMs > row.enterByMs) {
    await faxes.withdraw(row.id, { reason: 'too_late' }, nowMs);
    return again(row.id, delivery, parts);
  }
  const { notBeforeMs, refusal } = row;
  if (refusal !== undefined && isAwaited(row, nowMs)) return waitFor(firstAnswerMs);
  if (refusal !== undefined && !isOfCredentials(refusal.code)) return giveUp(row, undefined, refusal, delivery, parts);
  if (notBeforeMs !== undefined && isInForce('faxWait', notBeforeMs, nowMs)) return waitFor(notBeforeMs - nowMs);

  const pausedUntilMs = sender.state.closed.get('fax');
  if (pausedUntilMs !== undefined && isInForce('closedGroup', pausedUntilMs, nowMs)) {
    return defer(row, { untilMs: pausedUntilMs }, sender.log, parts);
  }
  if (deadline.remainingMs() < leastForPostMs) return waitFor(0);
  if (row.attempts.length > 0 && searched === undefined) {
    const found = await search(row, sender, delivery, parts);
    if (found.kind !== 'not listed') return found;
  }
  return post(row, sender, delivery, parts);
}

/** Sends the fax to RingCentral. No other function of the outbox does. */
async function post(row: FaxRow, sender: Sender, delivery: Delivery, parts: DeliverParts): Promise<Delivered> {
  const { faxes, documents, clock, deadline, openApi, resolveCover, metrics } = parts;
  const { user, state, log } = sender;
  const owner = randomUUID();
  const startMs = clock.nowMs();
  const untilMs = deadline.endsAtMs + graceMs;
  // Taken before the documents are read: from here on the fax cannot be withdrawn.
  if (!(await faxes.take(row.id, { owner, startMs, untilMs, seenAttempts: row.attempts.length }))) {
    return again(row.id, delivery, parts);
  }
  try {
    const order = await documents.get(row.id);
    if (order === undefined) return await giveUp(row, owner, { reason: 'bytes_gone' }, delivery, parts);
    const api = openApi(user, state, deadline, log);
    const coverIndex = await resolveCover(api, order.cover, clock.nowMs(), log);
    const accepted = await sendFax(api, withoutPastTime(order, clock.nowMs()), coverIndex, postTimeoutMs);
    if (accepted.hasFailed) {
      await rememberFax(row, [accepted.messageId], parts);
      await pause(accepted, order, sender, parts);
      throw failedAtOnce();
    }
    // The id exists only here: when it is lost, the fax has to be searched for in the list.
    const finish = (): Promise<boolean> => faxes.finish(row.id, owner, [accepted.messageId], clock.nowMs());
    await untilAnswered(finish, parts, 0);
    metrics.add('FaxesSent');
    log.info('a fax is at RingCentral', {
      fax: row.id,
      messageId: accepted.messageId,
      waitedSeconds: Math.round((clock.nowMs() - row.createdAtMs) / 1000),
    });
    await pause(accepted, order, sender, parts);
  } catch (error) {
    if (error instanceof StateUnavailable) throw error;
    return afterFailure(row, { owner, startMs }, error, sender, delivery, parts);
  }
  return again(row.id, delivery, parts);
}

/** Delays the user's next fax after RingCentral has created a message. */
async function pause(
  { pauseSeconds }: AcceptedFax,
  { recipients }: FaxOrder,
  { user }: Sender,
  { users, clock }: DeliverParts,
): Promise<void> {
  const pauseMs = Math.max(pauseSeconds * 1000, recipients.length > 1 ? unnamedPauseMs : 0);
  const nowMs = clock.nowMs();
  if (pauseMs > 0) await users.closeGroup(user.key, 'fax', nowMs + pauseMs, nowMs);
}

/** Removes a send time that has passed meanwhile, because RingCentral would refuse it. */
const withoutPastTime = (order: FaxOrder, nowMs: number): FaxOrder =>
  order.sendAtMs !== undefined && order.sendAtMs <= nowMs ? { ...order, sendAtMs: undefined } : order;

/** Stores the outcome of a failed attempt, or of one with an unknown outcome. */
async function afterFailure(
  row: FaxRow,
  { owner, startMs }: { readonly owner: string; readonly startMs: number },
  error: unknown,
  { state, log }: Sender,
  delivery: Delivery,
  parts: DeliverParts,
): Promise<Delivered> {
  const { faxes, clock, metrics } = parts;
  const fate = fateOf(error);
  const nowMs = clock.nowMs();
  switch (fate.kind) {
    case 'refused': {
      const refusal: Refused = { reason: 'refused', code: fate.code, detail: fate.detail };
      return isAwaited(row, nowMs) ? offer(row, owner, refusal, parts) : giveUp(row, owner, refusal, delivery, parts);
    }
    case 'unclear':
      metrics.add('FaxesUnclear');
      log.warn('nobody knows whether RingCentral has a fax', { fax: row.id, ...fate.remark });
      await faxes.lose(row.id, owner, withAttempt(row, { startMs, endMs: nowMs }, state.faxIds));
      return again(row.id, delivery, parts);
    case 'not sent': {
      const { code, detail } = fate;
      // Its program can report that the credentials have to be corrected.
      if (isOfCredentials(code) && isAwaited(row, nowMs)) {
        return offer(row, owner, { reason: 'refused', code, detail }, parts);
      }
      log.warn('a fax was not sent and waits', { fax: row.id, code, ...detail });
      const { ms, waits } = nextWait(endOfWait(detail, nowMs), row.waits, nowMs);
      await faxes.putBack(row.id, owner, { notBeforeMs: nowMs + ms, waits });
      return waitFor(ms);
    }
  }
}

/** Whether the program may still wait for its answer, so that a refusal can be that answer. */
const isAwaited = ({ isPromised, attempts, enterByMs }: FaxRow, nowMs: number): boolean =>
  !isPromised && attempts.length === 0 && nowMs < enterByMs;

/**
 * Stores a refusal for the request whose program waits. Only that request knows whether the program gets it, so it
 * withdraws the fax itself. Otherwise the fax counts as promised once the request has ended.
 */
async function offer(row: FaxRow, owner: string, refusal: Refused, { faxes, clock }: DeliverParts): Promise<Delivered> {
  await faxes.putBack(row.id, owner, { notBeforeMs: clock.nowMs(), waits: row.waits }, refusal);
  return waitFor(firstAnswerMs);
}

/** Wait for a request to withdraw its fax, in milliseconds. It reads the row twice in this time. */
const firstAnswerMs = 1000;

const isOfCredentials = (code: FailureCode): boolean => code === 'jwt_refused' || code === 'client_refused';

/** Extends the wait of a waiting fax and stores that in its row, so that its program is answered. */
async function defer(row: FaxRow, end: WaitEnd, log: Log, { faxes, clock }: DeliverParts): Promise<Delivered> {
  const nowMs = clock.nowMs();
  const { ms, waits } = nextWait(end, row.waits, nowMs);
  await faxes.defer(row.id, { notBeforeMs: nowMs + ms, waits });
  log.debug('a fax waits', { fax: row.id, waitSeconds: Math.ceil(ms / 1000) });
  return waitFor(ms);
}

async function giveUp(
  row: FaxRow,
  owner: string | undefined,
  end: FaxEnd,
  delivery: Delivery,
  parts: DeliverParts,
): Promise<Delivered> {
  await parts.faxes.giveUp(row.id, owner, end, parts.clock.nowMs());
  return again(row.id, delivery, parts);
}

const isExpired = ({ createdAtMs }: FaxRow, { clock, maxAgeMs }: DeliverParts): boolean =>
  clock.nowMs() >= createdAtMs + maxAgeMs;
