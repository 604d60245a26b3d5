import { Deadline } from '../../lib/domain/deadline.ts';
import { LegacyFailure, type FailureDetail } from '../../lib/domain/failure.ts';
import type { FaxOrder } from '../../lib/domain/fax.ts';
import type { E164 } from '../../lib/domain/phone.ts';
import type { Clock, PlainMetric } from '../../lib/domain/ports.ts';
import type { User } from '../../lib/domain/user.ts';
import { deliverFax } from '../../lib/outbox/deliver.ts';
import { enterFax } from '../../lib/outbox/enter.ts';
import { faxObject, readFaxObject } from '../../lib/outbox/fax-object.ts';
import { DocumentsUnavailable, QueueUnavailable, type FaxDocuments, type FaxQueue } from '../../lib/outbox/ports.ts';
import { MultipartBody } from '../../lib/ringcentral/multipart-body.ts';
import type { OpenApi, Operation } from '../../lib/ringcentral/user-api.ts';
import { createFaxStore, type FaxStore } from '../../lib/state/fax-store.ts';
import { createTable, StateUnavailable, type Table } from '../../lib/state/table.ts';
import { createUserStore, type UserStore } from '../../lib/state/user-store.ts';
import { silentLog } from '../silent-log.ts';
import { tableInProcess } from '../state/table-in-process.ts';

/*
 * A simulated world for the outbox: time that passes only between events, DynamoDB's semantics, a FIFO queue with SQS's
 * rules, and a RingCentral that a test scripts.
 */

/** The services that can have a fault. */
export type Service = 'table' | 'documents' | 'queue' | 'ringcentral';

/** A fault of one request to a service. `dies …` ends the container that made the request. */
export type Fault = 'lost before' | 'lost after' | 'dies before' | 'dies after';

/** How RingCentral reacts to one fax. */
export type Reaction =
  | 'accept'
  | 'accept, then silence'
  | 'silence'
  | 'accept for the first recipient, then silence'
  | 'accept, and fail at once'
  | 'limit'
  | 'limit for a second'
  | 'unreachable'
  | 'refuse'
  | 'proxy refuses'
  | 'jwt refused';

export interface Accepted {
  readonly id: string;
  readonly userKey: string;
  readonly fax: string;
  readonly atMs: number;
  readonly numbers: readonly string[];
  /** Whether it is the first of the records that one request made. */
  readonly isFirst: boolean;
  /** Whether RingCentral's answer said so. */
  readonly hasFailed: boolean;
}

/** How one request of a program ended. The digit is undefined when its container died. */
export interface Answer {
  readonly fax: string;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly digit: '0' | 'not sent' | 'unknown' | undefined;
  readonly failure: string | undefined;
}

export interface WorldOptions {
  /** Called for each request to a service. Returns undefined for no fault. */
  readonly faultOf?: (service: Service, nowMs: number) => Fault | undefined;
  readonly reactionTo?: (fax: string, attempt: number) => Reaction;
  /** How long until RingCentral's list shows a fax, in milliseconds. */
  readonly listLagMs?: number;
  /** Whether the list cannot be read now. A detail means a rate limit. */
  readonly listFails?: (nowMs: number) => boolean | FailureDetail;
  readonly recordPerRecipient?: boolean;
  /** Changes a record of the list. */
  readonly listed?: (record: Readonly<Record<string, unknown>>) => unknown;
  /** How far RingCentral's clock is ahead of ours, in milliseconds. */
  readonly clockAheadMs?: number;
  /** How far the `Date` header of the list is ahead of ours, in milliseconds; as RingCentral's clock unless set. */
  readonly headerAheadMs?: number;
  /** The rate-limit headers of each answer to a fax. */
  readonly limitHeaders?: () => Readonly<Record<string, string>>;
  /** Whether a message is delivered to two containers. */
  readonly deliversTwice?: () => boolean;
  /** How long a request to a service takes, in milliseconds. */
  readonly latencyMs?: (service: Service) => number;
  readonly isKnownUser?: () => boolean;
  /** Whether the secrets cannot be read now. */
  readonly secretsFail?: () => boolean;
  /** How far the clock of SQS is ahead of ours, in milliseconds. */
  readonly queueAheadMs?: number;
  readonly maxAgeMs?: number;
}

interface Message {
  readonly body: string;
  readonly group: string;
  readonly sentAtMs: number;
  visibleAtMs: number;
  receives: number;
  isDeleted: boolean;
}

const settleMs = 120_000;
const visibilityMs = 360_000;
/** A message that is received more often becomes a dead letter. */
const maxReceives = 1000;
const senderMs = 60_000;
/** The time of a request without the reserve of the edge. */
const requestMs = 26_500;

export const demoUser = { key: 'demo-user', username: '6505550100', extension: '101' } as User;

export function orderOf(
  fax: string,
  numbers: readonly string[] = ['+16505550111'],
  more: Partial<FaxOrder> = {},
): FaxOrder {
  return {
    recipients: numbers.map((number) => ({ number: number as E164, name: undefined })),
    documents: [{ fileName: 'demo.txt', contentType: 'text/plain', bytes: Buffer.from(`document of ${fax}`) }],
    cover: { kind: 'default' },
    coverText: fax,
    resolution: undefined,
    sendAtMs: undefined,
    ...more,
  };
}

export function createWorld(options: WorldOptions = {}) {
  let nowMs = Date.UTC(2026, 10, 23, 12);
  const timers: { readonly atMs: number; readonly act: () => void }[] = [];
  const after = (ms: number, act: () => void): void => void timers.push({ atMs: nowMs + ms, act });
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => after(Math.ceil(Math.max(ms, 0)), resolve));

  const clock: Clock = {
    nowMs: () => nowMs,
    elapsedMs: () => nowMs,
    sleep,
    random: () => 0.5,
    signal(ms) {
      const controller = new AbortController();
      after(ms, () => controller.abort(new Error('the time is over')));
      return controller.signal;
    },
  };

  const metrics = new Map<PlainMetric, number>();
  const rows = tableInProcess();
  // Operations of the table end at once or are lost below, so none needs a time limit.
  const plainTable = createTable(rows, 'outbox', { signal: () => noLimit }, () => {});
  const objects = new Map<string, Uint8Array>();
  const messages: Message[] = [];
  const deduplicated = new Map<string, number>();
  const accepted: Accepted[] = [];
  const attempts = new Map<string, number>();
  const answers: Answer[] = [];

  /** One container. Each of its requests to services may fail or be its last. */
  function container() {
    let isDead = false;
    const forever = new Promise<never>(() => {});
    async function ask<T>(service: Service, work: () => Promise<T> | T, lost: () => Error): Promise<T> {
      if (isDead) return forever;
      const fault = options.faultOf?.(service, nowMs);
      await sleep(options.latencyMs?.(service) ?? 1);
      if (fault === 'dies before') {
        isDead = true;
        return forever;
      }
      if (fault === 'lost before') throw lost();
      const result = await work();
      if (fault === 'dies after') {
        isDead = true;
        return forever;
      }
      if (fault === 'lost after') throw lost();
      return result;
    }

    const atTable = <T>(work: () => Promise<T>): Promise<T> =>
      ask('table', work, () => new StateUnavailable(new Error('lost')));
    const table: Table = {
      connect: async () => {},
      get: (key) => atTable(() => plainTable.get(key)),
      update: (key, change) => atTable(() => plainTable.update(key, change)),
      updateAndRead: (key, change) => atTable(() => plainTable.updateAndRead(key, change)),
      create: (key, item) => atTable(() => plainTable.create(key, item)),
    };
    const documents: FaxDocuments = {
      put: (id, order) => inBucket(() => void objects.set(id, Buffer.concat(faxObject(order)))),
      get: (id) => inBucket(() => readFaxObject(objects.get(id) ?? new Uint8Array())),
      delete: (id) => inBucket(() => void objects.delete(id)),
    };
    function inBucket<T>(work: () => T): Promise<T> {
      return ask('documents', work, () => new DocumentsUnavailable(new Error('lost')));
    }
    const queue: FaxQueue = {
      send: (id, userKey, round) =>
        ask(
          'queue',
          () => {
            const key = `${id}.${round}`;
            if (nowMs < (deduplicated.get(key) ?? 0)) return;
            deduplicated.set(key, nowMs + 300_000);
            const sentAtMs = nowMs + (options.queueAheadMs ?? 0);
            messages.push({ body: id, group: userKey, sentAtMs, visibleAtMs: nowMs, receives: 0, isDeleted: false });
          },
          () => new QueueUnavailable(new Error('lost')),
        ),
      delay: (handle, seconds) =>
        ask(
          'queue',
          () => {
            const message = messages[Number(handle)];
            if (message !== undefined) message.visibleAtMs = nowMs + Math.ceil(seconds) * 1000;
          },
          () => new QueueUnavailable(new Error('lost')),
        ),
    };
    const faxes: FaxStore = createFaxStore(table);
    const users: UserStore = createUserStore(table);
    return { documents, queue, faxes, users, ask, isDead: () => isDead };
  }

  type Container = ReturnType<typeof container>;

  /** RingCentral as seen by one container. */
  function openApiIn({ ask }: Container): OpenApi {
    return (user, _state, deadline) => ({
      user,
      refuseIfClosed: () => {},
      perform: <T>(operation: Operation<T>) =>
        ask(
          'ringcentral',
          () => (operation.route === 'fax' ? takeFax(user, operation, deadline) : listFaxesOf(user, operation)),
          () => new LegacyFailure(operation.uncertain ?? 'unreachable'),
        ),
    });
  }

  async function takeFax<T>(user: User, operation: Operation<T>, deadline: Deadline): Promise<T> {
    const { fax, numbers } = await readBody(operation.body?.());
    const attempt = (attempts.get(fax) ?? 0) + 1;
    attempts.set(fax, attempt);
    const accept = (to: readonly string[], hasFailed = false): string => {
      const records = options.recordPerRecipient === true ? to.map((number) => [number]) : [to];
      const ids = records.map((of, index) => {
        const id = String(1000 + accepted.length);
        accepted.push({ id, userKey: user.key, fax, atMs: nowMs, numbers: of, isFirst: index === 0, hasFailed });
        return id;
      });
      return ids[0] ?? '';
    };
    const refusal = (code: ConstructorParameters<typeof LegacyFailure>[0], detail: FailureDetail): never => {
      throw new LegacyFailure(code, detail);
    };
    const silence = async (): Promise<never> => {
      await sleep(Math.min(30_000, deadline.remainingMs() - 500));
      throw new LegacyFailure('fax_uncertain');
    };
    const reaction = options.reactionTo?.(fax, attempt) ?? 'accept';
    switch (reaction) {
      case 'accept': {
        const id = accept(numbers);
        const headers = new Headers(options.limitHeaders?.() ?? freeHeaders);
        return operation.read({ id, messageStatus: 'Queued' }, headers) as T;
      }
      case 'accept, and fail at once':
        return operation.read(
          { id: accept(numbers, true), messageStatus: 'SendingFailed' },
          new Headers(freeHeaders),
        ) as T;
      case 'accept, then silence':
        accept(numbers);
        return silence();
      case 'accept for the first recipient, then silence':
        accept(numbers.slice(0, 1));
        return silence();
      case 'silence':
        return silence();
      case 'limit':
        return refusal('throttled', { retryAfterSeconds: 60, upstreamStatus: 429 });
      case 'limit for a second':
        return refusal('throttled', { retryAfterSeconds: 1, upstreamStatus: 429 });
      case 'unreachable':
        return refusal('unreachable', {});
      case 'refuse':
        return refusal('fax_prohibited', { upstreamStatus: 403, upstreamCode: 'MSG-340' });
      case 'proxy refuses':
        return refusal('refused', { upstreamStatus: 403 });
      case 'jwt refused':
        return refusal('jwt_refused', { upstreamStatus: 400, upstreamCode: 'invalid_grant' });
    }
  }

  function listFaxesOf<T>(user: User, operation: Operation<T>): T {
    const failure = options.listFails?.(nowMs) ?? false;
    if (failure === true) throw new LegacyFailure('unreachable');
    if (failure !== false) throw new LegacyFailure('throttled', failure);
    const aheadMs = options.clockAheadMs ?? 0;
    const [from, to] = [operation.query?.['dateFrom'], operation.query?.['dateTo']].map((date) =>
      Date.parse(String(date)),
    );
    const records = accepted
      .filter(({ userKey }) => userKey === user.key)
      .filter(({ atMs }) => atMs + (options.listLagMs ?? 0) <= nowMs)
      .filter(({ atMs }) => atMs + aheadMs >= (from ?? 0) && atMs + aheadMs < (to ?? 0))
      .toReversed()
      .map(({ id, atMs, numbers }) => ({
        id,
        creationTime: new Date(atMs + aheadMs).toISOString(),
        messageStatus: 'Sent',
        // RingCentral may write numbers without country code and with separators.
        to: numbers.map((number) => ({ phoneNumber: number.replace(/^\+1(\d{3})(\d{3})/, '($1) $2-') })),
      }))
      .map(options.listed ?? ((record) => record));
    const dateMs = nowMs + (options.headerAheadMs ?? aheadMs);
    return operation.read({ records }, new Headers({ date: new Date(dateMs).toUTCString() })) as T;
  }

  const groupsAtWork = new Set<string>();
  const deadLetters: string[] = [];

  /** The event source: one message of a group at a time, the oldest first. */
  function deliverWhatIsDue(): void {
    const heads = new Map<string, Message>();
    for (const message of messages) {
      if (!message.isDeleted && !heads.has(message.group)) heads.set(message.group, message);
    }
    for (const [group, message] of heads) {
      if (message.visibleAtMs > nowMs || groupsAtWork.has(group)) continue;
      message.receives += 1;
      if (message.receives > maxReceives) {
        message.isDeleted = true;
        deadLetters.push(message.body);
        continue;
      }
      groupsAtWork.add(group);
      message.visibleAtMs = nowMs + visibilityMs;
      const copies = options.deliversTwice?.() === true ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) void deliver(message);
      // Lambda has ended the invocation by then, whatever the container does.
      after(senderMs, () => groupsAtWork.delete(group));
    }
  }

  async function deliver(message: Message): Promise<void> {
    const here = container();
    const delivered = await deliverFax(
      { faxId: message.body, sentAtMs: message.sentAtMs, receives: message.receives },
      {
        ...here,
        secrets: { directory: async () => directory, reload: async () => directory },
        openApi: openApiIn(here),
        resolveCover: async () => undefined,
        clock,
        deadline: new Deadline(clock, senderMs - 1500),
        log: silentLog,
        metrics: {
          add: (name, value = 1) => void metrics.set(name, (metrics.get(name) ?? 0) + value),
          answered() {},
          failed() {},
          flush() {},
        },
        maxAgeMs: options.maxAgeMs ?? 24 * 3_600_000,
        settleMs,
      },
    );
    if (delivered.kind === 'done') message.isDeleted = true;
    else await here.queue.delay(String(messages.indexOf(message)), delivered.ms / 1000).catch(() => {});
    groupsAtWork.delete(message.group);
  }

  const directory = {
    users: [demoUser],
    byKey(key: string) {
      if (options.secretsFail?.() === true) throw new LegacyFailure('secret_unavailable');
      return options.isKnownUser?.() === false ? undefined : { ...demoUser, key };
    },
    find: () => demoUser,
  };

  /** One request of a program. */
  async function request(fax: string, order = orderOf(fax), userKey = demoUser.key): Promise<Answer> {
    const here = container();
    const user = { ...demoUser, key: userKey };
    const beganAtMs = nowMs;
    const ended = (digit: Answer['digit'], failure?: string): Answer => {
      const answer = { fax, beganAtMs, endedAtMs: nowMs, digit: here.isDead() ? undefined : digit, failure };
      answers.push(answer);
      return answer;
    };
    const deadline = new Deadline(clock, requestMs);
    try {
      const state = await here.users.read(userKey);
      await Promise.race([
        enterFax(user, order, state, { ...here, clock, deadline, log: silentLog }),
        // The answer of the edge for a command that does not return. The command continues if its container does.
        sleep(requestMs).then(() => {
          throw new LegacyFailure(deadline.end());
        }),
      ]);
      return ended('0');
    } catch (error) {
      if (error instanceof StateUnavailable) return ended('not sent', 'state_unavailable');
      if (!(error instanceof LegacyFailure)) throw error;
      return ended(error.code === 'fax_uncertain' ? 'unknown' : 'not sent', error.code);
    }
  }

  /** Runs all events until none is left, or until that much time has passed. */
  async function run(forMs = 40 * 3_600_000): Promise<void> {
    const endMs = nowMs + forMs;
    for (;;) {
      await new Promise(setImmediate);
      deliverWhatIsDue();
      await new Promise(setImmediate);
      const dueMs = Math.min(
        ...timers.map(({ atMs }) => atMs),
        ...messages
          .filter(({ isDeleted, visibleAtMs }) => !isDeleted && visibleAtMs > nowMs)
          .map(({ visibleAtMs }) => visibleAtMs),
      );
      if (!(dueMs <= endMs)) break;
      nowMs = dueMs;
      for (const timer of timers.filter(({ atMs }) => atMs <= nowMs)) {
        timers.splice(timers.indexOf(timer), 1);
        timer.act();
      }
    }
  }

  return {
    clock,
    request,
    run,
    after,
    accepted,
    answers,
    messages,
    deadLetters,
    objects,
    metrics,
    attempts,
    /** Access to the table without faults. */
    faxes: createFaxStore(plainTable),
    users: createUserStore(plainTable),
    rows: rows.rows,
    table: plainTable,
    waiting: () => messages.filter(({ isDeleted }) => !isDeleted).length,
    /** The times at which RingCentral accepted a fax. */
    sentTimes: (fax: string) =>
      accepted.filter((one) => one.fax === fax && one.isFirst && !one.hasFailed).map(({ atMs }) => atMs),
  };
}

const noLimit = new AbortController().signal;

/** Nine of ten requests are left, so that no fax waits to leave some for calls. */
const freeHeaders = { 'x-rate-limit-limit': '10', 'x-rate-limit-remaining': '9', 'x-rate-limit-window': '60' };

async function readBody(
  body: object | undefined,
): Promise<{ readonly fax: string; readonly numbers: readonly string[] }> {
  const text = body instanceof MultipartBody ? Buffer.concat([...body]).toString() : '';
  return {
    fax: /"coverPageText":"([^"]*)"/.exec(text)?.[1] ?? '',
    numbers: [...text.matchAll(/"phoneNumber":"([^"]*)"/g)].map(([, number]) => number ?? ''),
  };
}
