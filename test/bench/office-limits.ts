import type { SessionId } from '../../lib/domain/ring-out.ts';
import { closedUntilMsOf } from '../../lib/ringcentral/rate-limit.ts';
import { nextAskLog } from '../../lib/sessions/status-pacing.ts';
import type { StatusAsk } from '../../lib/state/user-state.ts';
import { createRateLimiter, ringCentralLimits } from '../../infra/local/simulator/rate-limit.ts';
import type { OfficeEvent } from './office-day.ts';

/**
 * How a design handles RingCentral's limits.
 *
 * - `relay`: every request is passed on, as by a simple script;
 * - `marks`: a group that RingCentral has closed gets no request, and status answers with the last known status
 *   meanwhile;
 * - `product`: as `marks`, and status polls are coalesced by the product's rules (`closedUntilMsOf`, `nextAskLog`).
 */
export type Design = 'relay' | 'marks' | 'product';

/** The answers to the programs of the office in one day. */
export interface OfficeDayResult {
  readonly calls: { placed: number; refused: number };
  readonly faxes: { accepted: number; refused: number };
  readonly lists: { served: number; refused: number };
  readonly cancels: { delivered: number; lost: number };
  /** Status polls by where the answer came from; `refused` were answered `FAILED`. */
  readonly polls: { fromRingCentral: number; fromRow: number; refused: number };
  /** The ages of statuses that polls were answered with from the row, in milliseconds. */
  readonly rowAgesMs: number[];
  /** The times from the end of a call to the answer that says so, in milliseconds. */
  readonly lateMs: number[];
  /** Calls whose program stopped polling before it learned of the end. */
  readonly neverTold: { calls: number };
  /** Requests RingCentral refused with 429. */
  readonly refusedByRingCentral: { requests: number };
  /** The most requests for a status that one user caused in any minute. */
  readonly mostAsks: { perMinute: number };
  readonly table: { reads: number; writes: number };
}

const pollMs = 5000;
const minuteMs = 60_000;

/** A program stops polling this long after its call has ended. */
const givesUpMs = 30 * minuteMs;

/** How long RingCentral keeps a call that is over. */
const lingersMs = 15_000;

interface Call {
  readonly sessionId: SessionId;
  readonly user: number;
  readonly endsMs: number;
  /** The last known status: whether the call was over, and the time of the request. */
  known: { over: boolean; atMs: number };
}

interface User {
  readonly closedUntilMs: Map<string, number>;
  asks: readonly StatusAsk[];
  /** Times of requests for a status, for the figures. */
  readonly askedAtMs: number[];
}

type Step = { readonly atMs: number; readonly run: () => void };

/**
 * Plays a day on a virtual clock.
 * @param users number of RingCentral users that the seats share, from 1 to the number of seats
 */
export function playDay(day: readonly OfficeEvent[], users: number, design: Design): OfficeDayResult {
  const limiter = createRateLimiter(ringCentralLimits);
  const state = new Map<number, User>();
  const result: OfficeDayResult = {
    calls: { placed: 0, refused: 0 },
    faxes: { accepted: 0, refused: 0 },
    lists: { served: 0, refused: 0 },
    cancels: { delivered: 0, lost: 0 },
    polls: { fromRingCentral: 0, fromRow: 0, refused: 0 },
    rowAgesMs: [],
    lateMs: [],
    neverTold: { calls: 0 },
    refusedByRingCentral: { requests: 0 },
    mostAsks: { perMinute: 0 },
    table: { reads: 0, writes: 0 },
  };
  const queue = createQueue();
  let lastSession = 100_000_000;

  const userOf = (seat: number): number => seat % users;
  const stateOf = (user: number): User => {
    const known = state.get(user) ?? { closedUntilMs: new Map<string, number>(), asks: [], askedAtMs: [] };
    state.set(user, known);
    return known;
  };

  const isClosed = (user: number, group: string, nowMs: number): boolean =>
    design !== 'relay' && (stateOf(user).closedUntilMs.get(group) ?? 0) > nowMs;

  /** Sends one request; false when RingCentral refuses it. */
  function send(user: number, group: 'light' | 'heavy', nowMs: number): boolean {
    const { refusal, headers } = limiter.check(group, String(user), nowMs);
    const answer = refusal ?? { status: 200, headers };
    // The only method used of the headers. A Headers object for each of half a million requests takes seconds.
    const lookUp = { get: (name: string) => answer.headers[name] ?? null } as Headers;
    const closedUntilMs = closedUntilMsOf({ status: answer.status, headers: lookUp }, nowMs);
    if (closedUntilMs !== undefined && design !== 'relay') {
      stateOf(user).closedUntilMs.set(group, closedUntilMs);
      result.table.writes += 1;
    }
    if (refusal !== undefined) result.refusedByRingCentral.requests += 1;
    return refusal === undefined;
  }

  function request(user: number, group: 'light' | 'heavy', nowMs: number): boolean {
    result.table.reads += 1;
    return !isClosed(user, group, nowMs) && send(user, group, nowMs);
  }

  function start(event: OfficeEvent): void {
    const { atMs } = event;
    const user = userOf(event.seat);
    switch (event.kind) {
      case 'list':
        result.lists[request(user, 'light', atMs) ? 'served' : 'refused'] += 1;
        return;
      case 'fax':
        result.faxes[request(user, 'heavy', atMs) ? 'accepted' : 'refused'] += 1;
        return;
      case 'call': {
        const isPlaced = request(user, 'heavy', atMs);
        result.calls[isPlaced ? 'placed' : 'refused'] += 1;
        if (!isPlaced) return;
        result.table.writes += 1;
        lastSession += 1;
        const sessionId = String(lastSession) as SessionId;
        const call: Call = { sessionId, user, endsMs: atMs + event.lastsMs, known: { over: false, atMs } };
        if (event.cancelAfterMs !== undefined) queue.add(atMs + event.cancelAfterMs, (now) => cancel(call, now));
        queue.add(atMs + pollMs, (now) => poll(call, now));
      }
    }
  }

  function cancel(call: Call, nowMs: number): void {
    result.table.reads += 1;
    const isDelivered = request(call.user, 'heavy', nowMs);
    result.cancels[isDelivered ? 'delivered' : 'lost'] += 1;
    if (isDelivered) result.table.writes += 1;
  }

  function poll(call: Call, nowMs: number): void {
    const over = readStatus(call, nowMs);
    if (over) {
      result.lateMs.push(nowMs - call.endsMs);
    } else if (nowMs > call.endsMs + givesUpMs) {
      result.neverTold.calls += 1;
    } else {
      queue.add(nowMs + pollMs, (later) => poll(call, later));
    }
  }

  /** Whether the answer says that the call is over. */
  function readStatus(call: Call, nowMs: number): boolean {
    const { polls } = result;
    result.table.reads += 2;
    const mayAsk = !isClosed(call.user, 'light', nowMs) && claim(call, nowMs);
    if (mayAsk && ask(call, nowMs)) {
      polls.fromRingCentral += 1;
    } else if (design === 'relay') {
      polls.refused += 1;
      return false;
    } else {
      polls.fromRow += 1;
      result.rowAgesMs.push(nowMs - call.known.atMs);
    }
    return call.known.over;
  }

  function claim(call: Call, nowMs: number): boolean {
    if (design !== 'product') return true;
    const user = stateOf(call.user);
    const asks = nextAskLog(
      user.asks,
      { sessionId: call.sessionId, stateAtMs: call.known.atMs, cancelledAtMs: undefined },
      nowMs,
    );
    if (asks === undefined) return false;
    user.asks = asks;
    result.table.writes += 1;
    return true;
  }

  function ask(call: Call, nowMs: number): boolean {
    const { askedAtMs } = stateOf(call.user);
    askedAtMs.push(nowMs);
    while ((askedAtMs[0] ?? nowMs) <= nowMs - minuteMs) askedAtMs.shift();
    result.mostAsks.perMinute = Math.max(result.mostAsks.perMinute, askedAtMs.length);
    if (!send(call.user, 'light', nowMs)) return false;
    // From the end on both legs are down. The resource is deleted a little later, which most programs read the same
    // way.
    call.known = { over: nowMs >= call.endsMs + lingersMs, atMs: nowMs };
    result.table.writes += 1;
    return true;
  }

  for (const event of day) queue.add(event.atMs, () => start(event));
  queue.run();
  return result;
}

interface Queue {
  add(atMs: number, run: (nowMs: number) => void): void;
  /** Runs all events in the order of time, including those added meanwhile. */
  run(): void;
}

/** A binary heap by time. */
function createQueue(): Queue {
  const heap: Step[] = [];
  const at = (index: number): number => heap[index]?.atMs ?? Number.POSITIVE_INFINITY;
  const swap = (a: number, b: number): void => {
    const [first, second] = [heap[a], heap[b]];
    if (first === undefined || second === undefined) return;
    heap[a] = second;
    heap[b] = first;
  };
  function take(): Step | undefined {
    swap(0, heap.length - 1);
    const first = heap.pop();
    for (let index = 0; ;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const child = at(right) < at(left) ? right : left;
      if (at(child) >= at(index)) return first;
      swap(index, child);
      index = child;
    }
  }
  return {
    add(atMs, run) {
      heap.push({ atMs, run: () => run(atMs) });
      for (let index = heap.length - 1; index > 0;) {
        const parent = (index - 1) >> 1;
        if (at(parent) <= at(index)) return;
        swap(index, parent);
        index = parent;
      }
    },
    run() {
      for (let step = take(); step !== undefined; step = take()) step.run();
    },
  };
}
