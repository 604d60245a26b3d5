import type { Deadline } from '../domain/deadline.ts';
import { LegacyFailure, type FailureCode, type FailureDetail } from '../domain/failure.ts';
import { isInForce } from '../domain/mark-life.ts';
import type { Clock, Log, Metrics } from '../domain/ports.ts';
import type { RouteName, ThrottleGroup } from '../domain/throttle.ts';
import type { Token } from '../domain/token.ts';
import type { User } from '../domain/user.ts';
import { unlessTableDown, withinMs } from '../state/table.ts';
import type { SeenState } from '../state/user-state.ts';
import type { UserStore } from '../state/user-store.ts';
import {
  answerFailure,
  isRefusal,
  isUpstreamTrouble,
  readUpstreamError,
  refusalOf,
  throttledUntil,
  transportFailure,
  upstreamDetail,
  type SentNumbers,
} from './failures.ts';
import type { Answer } from './messages.ts';
import { MultipartBody } from './multipart-body.ts';
import { isPage, readJson } from './read-json.ts';
import { groupOf, namedGroup, closedUntilMsOf } from './rate-limit.ts';
import type { SdkRequest, Send } from './sdk.ts';
import type { TokenSource } from './token-source.ts';
import { TransportError } from './transport.ts';

/** An API operation. `body` is a function, because the replay after a 401 needs an unread body. */
export interface Operation<T> {
  readonly route: RouteName;
  readonly method: SdkRequest['method'];
  readonly path: string;
  readonly query?: NonNullable<SdkRequest['query']>;
  readonly body?: () => object | MultipartBody;
  /** The numbers in the request, to find the one that a refusal is about. */
  readonly sent?: SentNumbers;
  /** Only for operations that place something: the failure when RingCentral may or may not have executed it. */
  readonly uncertain?: FailureCode;
  /** Time reserved for the work after the answer, such as storing a session (milliseconds). */
  readonly reserveMs?: number;
  /** Longest wait for the answer in milliseconds, instead of the default. */
  readonly timeoutMs?: number;
  /** Reads a 2xx answer from its JSON body, which is undefined without one. Returns undefined when it is invalid. */
  readonly read: (json: unknown, headers: Pick<Headers, 'get'>) => T | undefined;
}

/** RingCentral's API as one user, for one legacy request. Throws LegacyFailure. */
export interface UserApi {
  readonly user: User;
  /** Throws `throttled` while the group of the route is closed. `perform` checks this as well. */
  refuseIfClosed(route: RouteName): void;
  perform<T>(operation: Operation<T>): Promise<T>;
}

/** What API requests as a user need. */
export interface ApiParts {
  readonly send: Send;
  readonly tokens: TokenSource;
  readonly store: UserStore;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Opens RingCentral's API for one user and one legacy request. */
export type OpenApi = (user: User, state: SeenState, deadline: Deadline, log: Log) => UserApi;

/** Rate limits that this container learned. They count like the stored ones, also without the table. */
interface Limits {
  /** Group -> epoch milliseconds. */
  readonly closed: Map<ThrottleGroup, number>;
  /** Route -> group, from the header of an answer. */
  readonly groups: Map<RouteName, ThrottleGroup>;
}

/** Longest wait for an answer, in milliseconds. RingCentral takes longer to create a call or a fax than to read. */
const placingTimeoutMs = 20_000;
const readingTimeoutMs = 10_000;

/** Default of `reserveMs`. */
const defaultReserveMs = 500;

/** A POST gets at least this much time, even out of the reserve (milliseconds). */
const leastPlacingMs = 3000;
/** With less time left a POST is not sent (milliseconds). */
const shortestPlacingMs = 1000;

/** Longest wait for the table to store rate limits, in milliseconds. */
const maxMarkingMs = 1500;

export function createApi({ send, tokens, store, clock, metrics }: ApiParts): OpenApi {
  /** User key -> limits that this container learned. */
  const limitsByUser = new Map<string, Limits>();

  return (user, state, deadline, log) => {
    const storedState = state === 'unavailable' ? undefined : state;
    const limits = limitsByUser.get(user.key) ?? { closed: new Map(), groups: new Map() };
    limitsByUser.set(user.key, limits);

    function currentGroup(route: RouteName): ThrottleGroup {
      return limits.groups.get(route) ?? groupOf(route, storedState?.groups);
    }

    function refuseIfClosed(route: RouteName): void {
      const group = currentGroup(route);
      const nowMs = clock.nowMs();
      const ends = [storedState?.closed.get(group) ?? 0, limits.closed.get(group) ?? 0];
      const untilMs = Math.max(0, ...ends.filter((endMs) => isInForce('closedGroup', endMs, nowMs)));
      if (untilMs > 0) throw throttledUntil(untilMs, nowMs, { hint: `group ${group} is closed` });
    }

    /**
     * Stores the rate limits in an answer. Returns until when its group is closed (epoch milliseconds), or undefined.
     */
    async function noteLimits(
      { route, reserveMs = defaultReserveMs }: Operation<unknown>,
      answer: Answer,
      errorCode: string | undefined,
    ): Promise<number | undefined> {
      const nowMs = clock.nowMs();
      const believed = currentGroup(route);
      const group = namedGroup(answer) ?? believed;
      const untilMs = closedUntilMsOf(answer, nowMs, errorCode);
      const writes: Promise<void>[] = [];
      if (group !== believed) {
        limits.groups.set(route, group);
        writes.push(store.learnGroup(user.key, route, group, nowMs));
      }
      if (untilMs !== undefined) {
        limits.closed.set(group, Math.max(untilMs, limits.closed.get(group) ?? 0));
        writes.push(store.closeGroup(user.key, group, untilMs, nowMs));
      }
      if (writes.length === 0) return untilMs;
      // The answer must be on time and the session stored: slow writes continue in the background.
      await unlessTableDown(withinMs(clock, deadline.budgetMs(maxMarkingMs, reserveMs), Promise.all(writes)));
      return untilMs;
    }

    async function sendOnce(operation: Operation<unknown>, token: Token): Promise<Answer> {
      const budgetMs = timeFor(operation, deadline);
      if (budgetMs === 0) throw new LegacyFailure('deadline', { hint: `before ${operation.route}` });
      const body = operation.body?.();
      const { uncertain } = operation;
      if (uncertain !== undefined) deadline.placing(uncertain);
      const startedAtMs = clock.elapsedMs();
      let status = 0;
      try {
        const answer = await send(user, {
          method: operation.method,
          path: operation.path,
          ...(operation.query === undefined ? {} : { query: operation.query }),
          ...(body === undefined ? {} : { body }),
          headers: {
            Authorization: `Bearer ${token.accessToken}`,
            'Client-Id': user.clientId,
            ...(body instanceof MultipartBody ? body.headers : {}),
          },
          signal: clock.signal(budgetMs),
        });
        ({ status } = answer);
        if (uncertain !== undefined && isRefusal(status)) deadline.notPlaced();
        return answer;
      } catch (error) {
        if (error instanceof TransportError) throw transportFailure(error, uncertain);
        throw error;
      } finally {
        const upstreamMs = Math.round(clock.elapsedMs() - startedAtMs);
        metrics.add('UpstreamMs', upstreamMs);
        log.debug('RingCentral', { route: operation.route, upstreamStatus: status, upstreamMs });
      }
    }

    /** The token of this legacy request, and the last one that RingCentral rejected. */
    let current: Token | undefined;
    let rejected: Token | undefined;

    async function currentToken(): Promise<Token> {
      // After a rejection the table is read again: the state read before has the rejected token.
      const afterRejection = state === 'unavailable' ? state : undefined;
      current ??=
        rejected === undefined
          ? await tokens.serve({ user, state, deadline, log })
          : await tokens.replace({ user, state: afterRejection, deadline, log }, rejected);
      return current;
    }

    function reject(token: Token): void {
      current = undefined;
      rejected = token;
    }

    /**
     * Sends the operation, and retries it once with another token after a 401. RingCentral sends a 401 before it
     * executes anything.
     */
    async function sendWithToken(operation: Operation<unknown>): Promise<Answer> {
      const token = await currentToken();
      const answer = await sendOnce(operation, token);
      if (answer.status !== 401) return answer;
      reject(token);
      log.info('RingCentral rejected the token, replacing it', { ...(await upstreamFields(answer)) });
      const replacement = await currentToken();
      const second = await sendOnce(operation, replacement);
      if (second.status === 401) {
        reject(replacement);
        await tokens.rememberRejection(user, replacement);
        throw new LegacyFailure('token_rejected', await upstreamFields(second));
      }
      return second;
    }

    return {
      user,
      refuseIfClosed,
      async perform(operation) {
        refuseIfClosed(operation.route);
        try {
          const answer = await sendWithToken(operation);
          const json = await readJson(answer);
          const { code } = readUpstreamError(json);
          const closedUntilMs = await noteLimits(operation, answer, code);
          if (answer.status === 429 && closedUntilMs !== undefined) {
            metrics.add('UpstreamThrottled');
            throw throttledUntil(closedUntilMs, clock.nowMs(), upstreamDetail(answer.status, json));
          }
          const value = answer.ok ? operation.read(json, answer.headers) : undefined;
          if (value !== undefined) return value;
          // A GET or DELETE may be retried: an HTML page, even with a 404, says nothing about the call.
          const isForeignPage = operation.method !== 'POST' && isPage(answer);
          if (isRefusal(answer.status, code) && !isForeignPage) {
            throw refusalOf(operation.route, answer.status, json, operation.sent);
          }
          throw answerFailure(answer.status, json, operation.uncertain);
        } catch (error) {
          if (error instanceof LegacyFailure && isUpstreamTrouble(error.code)) metrics.add('UpstreamFailures');
          throw error;
        }
      },
    };
  };
}

/** Returns how long an operation may take, in milliseconds; 0 when there is too little time to begin. */
function timeFor({ method, reserveMs = defaultReserveMs, timeoutMs }: Operation<unknown>, deadline: Deadline): number {
  if (method !== 'POST') return deadline.budgetMs(timeoutMs ?? readingTimeoutMs, reserveMs);
  const budgetMs = Math.max(
    deadline.budgetMs(timeoutMs ?? placingTimeoutMs, reserveMs),
    deadline.budgetMs(leastPlacingMs, defaultReserveMs),
  );
  return budgetMs < shortestPlacingMs ? 0 : budgetMs;
}

async function upstreamFields(answer: Answer): Promise<FailureDetail> {
  return upstreamDetail(answer.status, await readJson(answer));
}
