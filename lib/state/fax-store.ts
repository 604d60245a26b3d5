import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { attemptText, faxRowSeconds, readFaxRow, type Attempt, type FaxEnd, type FaxRow } from './fax-row.ts';
import type { ConditionalUpdate, Table } from './table.ts';

/** A fax as it is entered. */
export interface NewFax extends Pick<FaxRow, 'id' | 'userKey' | 'createdAtMs' | 'enterByMs' | 'ticket'> {
  /** As they may be logged: the row holds no whole number. */
  readonly maskedRecipients: readonly string[];
  readonly documents: number;
  readonly bytes: number;
  /** Epoch milliseconds; undefined for a fax that goes out at once. */
  readonly sendAtMs: number | undefined;
}

/** Who sends a fax, from when, and when that container is gone for certain (epoch milliseconds). */
export interface Taking {
  readonly owner: string;
  readonly startMs: number;
  readonly untilMs: number;
  /** Unclear attempts that this decision was made on. */
  readonly seenAttempts: number;
}

/** When a fax will be looked at again (epoch milliseconds), and how many waits in a row that makes. */
export interface Wait {
  readonly notBeforeMs: number;
  readonly waits: number;
}

/**
 * The way of a fax. Each arrow is one conditional write; it returns false when the fax is in another state by now, and
 * true when the AWS SDK repeats a write of ours whose answer was lost. Every method may throw `StateUnavailable`.
 *
 *                        enter
 *                          │
 *                          ▼    withdraw
 *        ┌───────────▶  waiting ────────▶ withdrawn     never promised: the program is told why
 *        │  putBack      │   │ │
 *        │               │   │ └───────── giveUp ─────────────────┐
 *        │          take │   │ defer (still waiting)              │
 *        │               ▼                                        ▼
 *        ├─────────── sending ─────────── giveUp ─────────────▶ given up ──(by hand: send again)──▶ waiting
 *        │             │     │                                    ▲
 *        │ settle      │     └──── finish ────▶ sent              │
 *        │   lose      ▼             finish ──▶   ▲               │
 *        └─────────── unclear ────────────────────┘               │
 *                        └──────────────── giveUp ────────────────┘
 *
 * sending → withdrawn  RingCentral refuses the user's JWT while the program waits
 * sending → waiting    RingCentral has not carried it out for certain: rate limit, 401, not connected, S3 down
 * sending → unclear    anything else, or found past `untilMs`
 * unclear → waiting    not in RingCentral's list `OUTBOX_SETTLE_SECONDS` after the attempt
 * unclear → sent       found in the list; so is one that waits after an unclear attempt, before it is sent again
 */
export interface FaxStore {
  enter(fax: NewFax): Promise<void>;
  /** Undefined for a fax that was never entered. Throws for a row that cannot be read: its fax must not be dropped. */
  read(id: string): Promise<FaxRow | undefined>;
  /** Notes that the program is told `0`. False once the fax has ended. */
  promise(id: string): Promise<boolean>;
  /**
   * Takes a fax back that was neither promised nor ever sent.
   * @param owner undefined for a fax that nobody sends
   */
  withdraw(id: string, owner: string | undefined, end: FaxEnd, nowMs: number): Promise<boolean>;
  take(id: string, taking: Taking): Promise<boolean>;
  defer(id: string, wait: Wait): Promise<boolean>;
  putBack(id: string, owner: string, wait: Wait): Promise<boolean>;
  /** @param unclear all attempts, this one last, and all other ids */
  lose(id: string, owner: string, unclear: Pick<FaxRow, 'attempts' | 'otherIds'>): Promise<boolean>;
  /** @param seenAttempts unclear attempts that this decision was made on */
  settle(id: string, seenAttempts: number): Promise<boolean>;
  /** @param owner undefined for a fax that was found in the list: nobody sends it */
  finish(id: string, owner: string | undefined, messageIds: readonly string[], nowMs: number): Promise<boolean>;
  /** @param owner undefined for a fax that nobody sends */
  giveUp(id: string, owner: string | undefined, end: FaxEnd, nowMs: number): Promise<boolean>;
  /** Notes that the fax has a new message at the end of its group. */
  requeue(id: string, requeues: number): Promise<boolean>;
  /** By hand: a given-up fax waits again, promised and as if it came now. */
  sendAgain(id: string, again: Pick<FaxRow, 'requeues' | 'attempts'>, nowMs: number): Promise<boolean>;
}

export function createFaxStore(table: Table): FaxStore {
  const rowKey = (id: string): string => `FAX#${id}`;
  const update = (
    id: string,
    change: Pick<ConditionalUpdate, 'update' | 'condition'>,
    values: Values,
  ): Promise<boolean> =>
    table.update(rowKey(id), {
      ...change,
      names: { '#state': 'state', ...(':owner' in values && { '#owner': 'owner' }) },
      values: { ...values, ...used(change) },
    });

  return {
    async enter({ id, userKey, createdAtMs, enterByMs, ticket, maskedRecipients, documents, bytes, sendAtMs }) {
      // The id is new, so that a row that is there was written by this very request.
      await table.create(rowKey(id), {
        userKey: { S: userKey },
        state: { S: 'waiting' },
        createdAtMs: n(createdAtMs),
        enterByMs: n(enterByMs),
        ticket: n(ticket),
        recipients: { L: maskedRecipients.slice(0, shownRecipients).map((S) => ({ S })) },
        recipientCount: n(maskedRecipients.length),
        documents: n(documents),
        bytes: n(bytes),
        ...(sendAtMs === undefined ? {} : { sendAtMs: n(sendAtMs) }),
        attempts: { L: [] },
        expiresAt: n(Math.ceil(createdAtMs / 1000) + faxRowSeconds),
      });
    },
    async read(id) {
      const item = await table.get(rowKey(id));
      if (item === undefined) return undefined;
      const row = readFaxRow(id, item);
      if (row === undefined) throw new Error('the row of a fax cannot be read');
      return row;
    },
    promise: (id) =>
      update(id, { update: 'SET promised = :yes', condition: '#state IN (:waiting, :sending, :unclear)' }, yes),
    withdraw: (id, owner, end, nowMs) =>
      update(
        id,
        {
          update: `SET #state = :withdrawn, ${endAttributes(end)}`,
          condition: `((#state = :waiting${orOwned(owner)}) AND attribute_not_exists(promised) AND size(attempts) = :none) OR #state = :withdrawn`,
        },
        { ':none': n(0), ...endValues(end, nowMs), ...ownerValue(owner) },
      ),
    take: (id, { owner, startMs, untilMs, seenAttempts }) =>
      update(
        id,
        {
          update: 'SET #state = :sending, #owner = :owner, startMs = :start, untilMs = :until REMOVE notBeforeMs',
          condition: '(#state = :waiting AND size(attempts) = :seen) OR (#state = :sending AND #owner = :owner)',
        },
        { ':owner': { S: owner }, ':start': n(startMs), ':until': n(untilMs), ':seen': n(seenAttempts) },
      ),
    defer: (id, wait) =>
      update(
        id,
        { update: 'SET notBeforeMs = :notBefore, waits = :waits', condition: '#state = :waiting' },
        waitValues(wait),
      ),
    putBack: (id, owner, wait) =>
      update(
        id,
        {
          update: 'SET #state = :waiting, notBeforeMs = :notBefore, waits = :waits',
          condition: '#owner = :owner AND #state IN (:sending, :waiting)',
        },
        { ':owner': { S: owner }, ...waitValues(wait) },
      ),
    lose: (id, owner, { attempts, otherIds }) =>
      update(
        id,
        {
          update: 'SET #state = :unclear, attempts = :attempts, otherIds = :others, waits = :zero',
          condition: '#owner = :owner AND #state IN (:sending, :unclear)',
        },
        {
          ':owner': { S: owner },
          ':zero': n(0),
          ':attempts': attemptList(attempts),
          ':others': { L: otherIds.map((S) => ({ S })) },
        },
      ),
    settle: (id, seenAttempts) =>
      update(
        id,
        {
          update: 'SET #state = :waiting',
          condition: '#state IN (:unclear, :waiting) AND size(attempts) = :seen',
        },
        { ':seen': n(seenAttempts) },
      ),
    finish: (id, owner, messageIds, nowMs) =>
      update(
        id,
        {
          update: 'SET #state = :sent, messageId = :messageId, endedAtMs = :now',
          condition: `#state IN (:unclear, :waiting) OR (#state = :sent AND messageId = :messageId)${orOwned(owner)}`,
        },
        { ':messageId': { S: messageIds.join(',') }, ':now': n(nowMs), ...ownerValue(owner) },
      ),
    giveUp: (id, owner, end, nowMs) =>
      update(
        id,
        {
          update: `SET #state = :givenUp, ${endAttributes(end)}`,
          condition: `#state IN (:waiting, :unclear, :givenUp)${orOwned(owner)}`,
        },
        { ...endValues(end, nowMs), ...ownerValue(owner) },
      ),
    requeue: (id, requeues) =>
      update(id, { update: 'SET requeues = :requeues', condition: '#state = :waiting' }, { ':requeues': n(requeues) }),
    sendAgain: (id, { requeues, attempts }, nowMs) =>
      update(
        id,
        {
          update:
            'SET #state = :waiting, promised = :yes, createdAtMs = :now, waits = :zero, requeues = :requeues, ' +
            'attempts = :attempts, expiresAt = :ttl REMOVE notBeforeMs',
          condition: '#state = :givenUp OR (#state = :waiting AND requeues = :requeues AND createdAtMs = :now)',
        },
        {
          ...yes,
          ':now': n(nowMs),
          ':zero': n(0),
          ':requeues': n(requeues),
          ':attempts': attemptList(attempts),
          ':ttl': n(Math.ceil(nowMs / 1000) + faxRowSeconds),
        },
      ),
  };
}

/** Most recipients that a row names. */
const shownRecipients = 3;

type Values = Readonly<Record<string, AttributeValue>>;

const n = (value: number): AttributeValue => ({ N: String(value) });
const attemptList = (attempts: readonly Attempt[]): AttributeValue => ({
  L: attempts.map((attempt) => ({ S: attemptText(attempt) })),
});
const yes: Values = { ':yes': { BOOL: true } };

/** States as they are stored, by the placeholder that stands for each in an expression. */
const states: Values = {
  ':waiting': { S: 'waiting' },
  ':sending': { S: 'sending' },
  ':unclear': { S: 'unclear' },
  ':sent': { S: 'sent' },
  ':givenUp': { S: 'given_up' },
  ':withdrawn': { S: 'withdrawn' },
};

/** DynamoDB refuses an expression's values that it does not use. */
function used({ update, condition = '' }: Pick<ConditionalUpdate, 'update' | 'condition'>): Values {
  const expression = `${update} ${condition}`;
  return Object.fromEntries(Object.entries(states).filter(([name]) => new RegExp(`${name}\\b`).test(expression)));
}

const waitValues = ({ notBeforeMs, waits }: Wait): Values => ({ ':notBefore': n(notBeforeMs), ':waits': n(waits) });
const orOwned = (owner: string | undefined): string =>
  owner === undefined ? '' : ' OR (#state = :sending AND #owner = :owner)';
const ownerValue = (owner: string | undefined): Values => (owner === undefined ? {} : { ':owner': { S: owner } });

const endAttributes = ({ reason }: FaxEnd): string =>
  `${reason === 'refused' ? 'reason = :reason, code = :code, detail = :detail' : 'reason = :reason'}, endedAtMs = :now`;

function endValues(end: FaxEnd, nowMs: number): Values {
  return {
    ':reason': { S: end.reason },
    ':now': n(nowMs),
    ...(end.reason === 'refused' && { ':code': { S: end.code }, ':detail': { S: JSON.stringify(end.detail) } }),
  };
}
