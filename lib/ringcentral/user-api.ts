import type { Deadline } from '../domain/deadline.ts';
import { LegacyFailure } from '../domain/failure.ts';
import type { Clock, Log, Metrics } from '../domain/ports.ts';
import type { RouteName, ThrottleGroup } from '../domain/throttle.ts';
import type { Token } from '../domain/token.ts';
import type { User } from '../domain/user.ts';
import { ifAvailable } from '../state/table.ts';
import type { UserState } from '../state/user-state.ts';
import type { UserStore } from '../state/user-store.ts';
import type { TokenSource } from '../token/token-source.ts';
import {
  answerFailure,
  isUpstreamTrouble,
  readUpstreamError,
  refusalOf,
  safeCode,
  transportFailure,
  type SentNumbers,
} from './failures.ts';
import { MultipartBody } from './multipart-body.ts';
import { readJson } from './read-json.ts';
import { groupOf, namedGroup, readClosing } from './rate-limit.ts';
import type { SdkRequest, Send } from './sdk.ts';
import { TransportError } from './transport.ts';

/** One API operation to perform. `body` is a function, since a replay after a 401 needs a body nobody has read. */
export interface Operation {
  readonly route: RouteName;
  readonly method: SdkRequest['method'];
  readonly path: string;
  readonly query?: NonNullable<SdkRequest['query']>;
  readonly body?: () => object | MultipartBody;
  /** Numbers in the request, to tell which of them a refusal is about. */
  readonly sent?: SentNumbers;
  /** Time kept for what has to happen after the answer, such as storing a session. */
  readonly reserveMs?: number;
}

/** A 2xx answer: its body as JSON, undefined where there is none. */
export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/** RingCentral as one user, for the length of one legacy request. Throws LegacyFailure. */
export interface UserApi {
  readonly user: User;
  /** Throws `throttled` while the group of the route is closed. `perform` does the same first. */
  refuseIfClosed(route: RouteName): void;
  perform(operation: Operation): Promise<Answer>;
}

export interface ApiParts {
  readonly send: Send;
  readonly tokens: TokenSource;
  readonly store: UserStore;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** The user's shared state as this request read it; `unavailable` while DynamoDB cannot be used. */
export type SeenState = UserState | 'unavailable';

export type OpenApi = (user: User, state: SeenState, deadline: Deadline, log: Log) => UserApi;

/** Rate limits as one container was told of them: they count like the stored ones, also without the table. */
interface ToldHere {
  /** Group -> epoch milliseconds. */
  readonly closed: Map<ThrottleGroup, number>;
  /** Group of a route, by the answer's header. */
  readonly groups: Map<RouteName, ThrottleGroup>;
}

/** Longest wait for one answer. Creating a call or a fax takes RingCentral longer than reading something. */
const placingTimeoutMs = 20_000;
const readingTimeoutMs = 10_000;

const defaultReserveMs = 500;

export function createApi({ send, tokens, store, clock, metrics }: ApiParts): OpenApi {
  /** What this container was told itself, by user key. */
  const told = new Map<string, ToldHere>();

  return (user, state, deadline, log) => {
    const seen = state === 'unavailable' ? undefined : state;
    const here = told.get(user.key) ?? { closed: new Map(), groups: new Map() };
    told.set(user.key, here);

    function believedGroup(route: RouteName): ThrottleGroup {
      return here.groups.get(route) ?? groupOf(route, seen?.groups);
    }

    function refuseIfClosed(route: RouteName): void {
      const group = believedGroup(route);
      const untilMs = Math.max(seen?.closed.get(group) ?? 0, here.closed.get(group) ?? 0);
      if (untilMs <= clock.nowMs()) return;
      throw new LegacyFailure('throttled', {
        retryAfterSeconds: Math.max(1, Math.ceil((untilMs - clock.nowMs()) / 1000)),
        note: `group ${group} is closed`,
      });
    }

    /** Keeps what an answer says about rate limits; until when (epoch milliseconds) its group is closed, or 0. */
    async function noteLimits(route: RouteName, answer: Response): Promise<number> {
      const nowMs = clock.nowMs();
      const believed = believedGroup(route);
      const group = namedGroup(answer) ?? believed;
      if (group !== believed) {
        here.groups.set(route, group);
        await ifAvailable(store.learnGroup(user.key, route, group, nowMs));
      }
      const closing = readClosing(group, answer, nowMs);
      if (closing === undefined) return 0;
      here.closed.set(group, Math.max(closing.untilMs, here.closed.get(group) ?? 0));
      await ifAvailable(store.closeGroup(user.key, group, closing.untilMs, nowMs));
      return closing.untilMs;
    }

    async function sendOnce(operation: Operation, token: Token): Promise<Response> {
      const limitMs = operation.method === 'POST' ? placingTimeoutMs : readingTimeoutMs;
      const budgetMs = deadline.budgetMs(limitMs, operation.reserveMs ?? defaultReserveMs);
      if (budgetMs === 0) throw new LegacyFailure('deadline', { note: `before ${operation.route}` });
      const body = operation.body?.();
      const startedAtMs = clock.nowMs();
      let status = 0;
      try {
        const answer = await send(user, {
          method: operation.method,
          path: operation.path,
          ...(operation.query === undefined ? {} : { query: operation.query }),
          ...(body === undefined ? {} : { body: body instanceof MultipartBody ? body.stream() : body }),
          headers: {
            Authorization: `Bearer ${token.accessToken}`,
            'Client-Id': user.clientId,
            ...(body instanceof MultipartBody ? body.headers : {}),
          },
          signal: AbortSignal.timeout(budgetMs),
        });
        ({ status } = answer);
        return answer;
      } catch (error) {
        if (error instanceof TransportError) throw transportFailure(operation.route, error);
        throw error;
      } finally {
        const upstreamMs = clock.nowMs() - startedAtMs;
        metrics.add('UpstreamMs', upstreamMs);
        log.debug('RingCentral', { route: operation.route, upstreamStatus: status, upstreamMs });
      }
    }

    /** Sends, and after a 401, which RingCentral answers before it executes anything, once more with another token. */
    async function sendWithToken(operation: Operation): Promise<Response> {
      const token = await tokens.serve({ user, state, deadline, log });
      const answer = await sendOnce(operation, token);
      if (answer.status !== 401) return answer;
      log.info('RingCentral rejected the token, replacing it', await upstreamFields(answer));
      const replacement = await tokens.replace(
        { user, state: state === 'unavailable' ? state : undefined, deadline, log },
        token,
      );
      const second = await sendOnce(operation, replacement);
      if (second.status === 401) {
        await tokens.giveUp(user, replacement);
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
          const closedUntilMs = await noteLimits(operation.route, answer);
          if (answer.status === 429) {
            metrics.add('UpstreamThrottled');
            throw new LegacyFailure('throttled', {
              ...(await upstreamFields(answer)),
              retryAfterSeconds: Math.max(1, Math.ceil((closedUntilMs - clock.nowMs()) / 1000)),
            });
          }
          const json = await readJson(answer);
          // Every success carries JSON but that of a DELETE, which is an empty 204.
          if (answer.ok && (json !== undefined || operation.method === 'DELETE'))
            return { status: answer.status, json };
          if (isRefusal(answer.status)) throw refusalOf(operation.route, answer.status, json, operation.sent);
          throw answerFailure(operation.route, answer.status, json);
        } catch (error) {
          if (error instanceof LegacyFailure && isUpstreamTrouble(error.code)) metrics.add('UpstreamFailures');
          throw error;
        }
      },
    };
  };
}

/** 408 is no refusal: whoever sent it gave up waiting, which says nothing about what RingCentral has done. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408;
}

async function upstreamFields(answer: Response): Promise<{ upstreamStatus: number; upstreamCode?: string }> {
  const { code } = readUpstreamError(await readJson(answer));
  return { upstreamStatus: answer.status, ...(code === undefined ? {} : { upstreamCode: safeCode(code) }) };
}
