import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  attemptText,
  faxRowSeconds,
  readFaxRow,
  type Attempt,
  type FaxEnd,
  type FaxRow,
  type Refused,
} from './fax-row.ts';
import type { ConditionalUpdate, Table } from './table.ts';

/** A new fax to store. */
export interface NewFax extends Pick<FaxRow, 'id' | 'userKey' | 'createdAtMs' | 'enterByMs' | 'ticket'> {
  /** Masked as in the log: the row contains no complete number. */
  readonly maskedRecipients: readonly string[];
  readonly documents: number;
  readonly bytes: number;
  /** Epoch milliseconds; undefined for a fax to be sent at once. */
  readonly sendAtMs: number | undefined;
}

/** Which invocation sends a fax, since when, and when that invocation has certainly ended (epoch milliseconds). */
export interface Taking {
  readonly owner: string;
  readonly startMs: number;
  readonly untilMs: number;
  /** Number of unclear attempts this decision is based on. */
  readonly seenAttempts: number;
}

/** Time of the next check of a fax (epoch milliseconds), and the number of consecutive waits. */
export interface Wait {
  readonly notBeforeMs: number;
  readonly waits: number;
}

/**
 * The states of a fax. Each arrow is one conditional write. It returns false when the fax is in another state by now.
 * It returns true when the AWS SDK repeats its own write after a lost response. Methods may throw `StateUnavailable`.
 *
 *                        enter
 *                          │
 *                          ▼    withdraw
 *        ┌───────────▶  waiting ────────▶ withdrawn     never promised: the program gets the reason
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
 * sending → waiting    RingCentral certainly did not send it: rate limit, 401, not connected, S3 down; or it refuses
 *                      the fax or the JWT while the program waits, whose request then withdraws the fax
 * sending → unclear    any other failure, or still sending after `untilMs`
 * unclear → waiting    not in RingCentral's list `OUTBOX_SETTLE_SECONDS` after the attempt
 * unclear → sent       found in the list
 * waiting → sent       found in the list before it is sent again, after an unclear attempt
 */
export interface FaxStore {
  enter(fax: NewFax): Promise<void>;
  /**
   * Returns undefined when the fax was never entered. Throws when the row is unreadable: its fax must not be dropped.
   */
  read(id: string): Promise<FaxRow | undefined>;
  /** Stores that the program is answered `0`. Returns false when the fax has ended. */
  promise(id: string): Promise<boolean>;
  /**
   * Withdraws a waiting fax that was neither promised nor ever sent.
   */
  withdraw(id: string, end: FaxEnd, nowMs: number): Promise<boolean>;
  take(id: string, taking: Taking): Promise<boolean>;
  defer(id: string, wait: Wait): Promise<boolean>;
  /** @param refusal for the request that still waits, see {@link FaxRow.refusal} */
  putBack(id: string, owner: string, wait: Wait, refusal?: Refused): Promise<boolean>;
  /** @param unclear all attempts, the current one last, and all other ids */
  lose(id: string, owner: string, unclear: Pick<FaxRow, 'attempts' | 'otherIds'>): Promise<boolean>;
  /** @param seenAttempts number of unclear attempts this decision is based on */
  settle(id: string, seenAttempts: number): Promise<boolean>;
  /** @param owner undefined for a fax found in RingCentral's list, which no invocation sends */
  finish(id: string, owner: string | undefined, messageIds: readonly string[], nowMs: number): Promise<boolean>;
  /** @param owner undefined when no invocation sends the fax */
  giveUp(id: string, owner: string | undefined, end: FaxEnd, nowMs: number): Promise<boolean>;
  /** Stores that the fax has a new message at the end of its message group. */
  requeue(id: string, requeues: number): Promise<boolean>;
  /** By hand: returns a given-up fax to waiting, promised and with the current time as its creation time. */
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
      // The id is new. An existing row was written by an earlier try of this same request.
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
    withdraw: (id, end, nowMs) =>
      update(
        id,
        {
          update: `SET #state = :withdrawn, ${endAttributes(end)}`,
          condition:
            '(#state = :waiting AND attribute_not_exists(promised) AND size(attempts) = :none) OR #state = :withdrawn',
        },
        { ':none': n(0), ...endValues(end, nowMs) },
      ),
    take: (id, { owner, startMs, untilMs, seenAttempts }) =>
      update(
        id,
        {
          update:
            'SET #state = :sending, #owner = :owner, startMs = :start, untilMs = :until ' +
            'REMOVE notBeforeMs, code, detail',
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
    putBack: (id, owner, wait, refusal) =>
      update(
        id,
        {
          update: `SET #state = :waiting, notBeforeMs = :notBefore, waits = :waits${refusal === undefined ? '' : `, ${refusalAttributes}`}`,
          condition: '#owner = :owner AND #state IN (:sending, :waiting)',
        },
        { ':owner': { S: owner }, ...waitValues(wait), ...(refusal !== undefined && refusalValues(refusal)) },
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
      update(
        id,
        { update: 'SET requeues = :requeues', condition: '#state IN (:waiting, :unclear)' },
        { ':requeues': n(requeues) },
      ),
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

/** Maximum number of recipients stored in a row. */
const shownRecipients = 3;

type Values = Readonly<Record<string, AttributeValue>>;

const n = (value: number): AttributeValue => ({ N: String(value) });
const attemptList = (attempts: readonly Attempt[]): AttributeValue => ({
  L: attempts.map((attempt) => ({ S: attemptText(attempt) })),
});
const yes: Values = { ':yes': { BOOL: true } };

/** Stored states, by their placeholder in expressions. */
const states: Values = {
  ':waiting': { S: 'waiting' },
  ':sending': { S: 'sending' },
  ':unclear': { S: 'unclear' },
  ':sent': { S: 'sent' },
  ':givenUp': { S: 'given_up' },
  ':withdrawn': { S: 'withdrawn' },
};

/** DynamoDB rejects expression values that the expression does not use. */
function used({ update, condition = '' }: Pick<ConditionalUpdate, 'update' | 'condition'>): Values {
  const expression = `${update} ${condition}`;
  return Object.fromEntries(Object.entries(states).filter(([name]) => new RegExp(`${name}\\b`).test(expression)));
}

const waitValues = ({ notBeforeMs, waits }: Wait): Values => ({ ':notBefore': n(notBeforeMs), ':waits': n(waits) });
const orOwned = (owner: string | undefined): string =>
  owner === undefined ? '' : ' OR (#state = :sending AND #owner = :owner)';
const ownerValue = (owner: string | undefined): Values => (owner === undefined ? {} : { ':owner': { S: owner } });

const refusalAttributes = 'code = :code, detail = :detail';
const refusalValues = ({ code, detail }: Refused): Values => ({
  ':code': { S: code },
  ':detail': { S: JSON.stringify(detail) },
});

const endAttributes = ({ reason }: FaxEnd): string =>
  `reason = :reason, endedAtMs = :now${reason === 'refused' ? `, ${refusalAttributes}` : ''}`;

const endValues = (end: FaxEnd, nowMs: number): Values => ({
  ':reason': { S: end.reason },
  ':now': n(nowMs),
  ...(end.reason === 'refused' && refusalValues(end)),
});
