import { LegacyFailure, type FailureCode } from '../domain/failure.ts';
import type { Clock, Metrics } from '../domain/ports.ts';
import type { Token } from '../domain/token.ts';
import type { User } from '../domain/user.ts';
import {
  answerFailure,
  isRefusal,
  readUpstreamError,
  throttledUntil,
  transportFailure,
  upstreamDetail,
} from './failures.ts';
import { asCount, asObject, asText } from '../domain/untrusted.ts';
import type { Answer } from './messages.ts';
import { isPage, readJson } from './read-json.ts';
import { closedUntilMsOf } from './rate-limit.ts';
import type { Send } from './sdk.ts';
import { TransportError } from './transport.ts';

/** A failed token request. */
export class GrantFailed extends Error {
  readonly failure: LegacyFailure;
  /** RingCentral refused this JWT, refresh token or client: a retry with the same one is useless. */
  readonly definite: boolean;
  /** End of the throttling of token requests (epoch milliseconds); undefined when they are not throttled. */
  readonly closedUntilMs: number | undefined;

  constructor(failure: LegacyFailure, definite: boolean, closedUntilMs?: number) {
    super(failure.message, { cause: failure });
    this.name = 'GrantFailed';
    this.failure = failure;
    this.definite = definite;
    this.closedUntilMs = closedUntilMs;
  }
}

/** The result of a token request. A successful one may be the last one allowed for a while. */
export interface Granted {
  readonly token: Token;
  /** End of the throttling of token requests (epoch milliseconds); undefined when they are not throttled. */
  readonly closedUntilMs: number | undefined;
}

/** The two grants that RingCentral still supports. Both throw only {@link GrantFailed}, except for bugs. */
export interface Grants {
  withJwt(user: User, timeoutMs: number): Promise<Granted>;
  withRefreshToken(user: User, refreshToken: string, timeoutMs: number): Promise<Granted>;
}

const tokenPath = '/restapi/oauth/token';

/** RFC 7523, section 2.1: the grant that RingCentral's guide describes for servers. */
const jwtGrantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/**
 * Creates the grants. Each is counted as `Grants`; a failed one also as `GrantFailures`, a throttled one as
 * `UpstreamThrottled`.
 */
export function createGrants(send: Send, clock: Clock, metrics: Pick<Metrics, 'add'>): Grants {
  async function grant(user: User, fields: Readonly<Record<string, string>>, timeoutMs: number): Promise<Granted> {
    metrics.add('Grants');
    try {
      return await request(user, fields, timeoutMs);
    } catch (error) {
      metrics.add('GrantFailures');
      if (error instanceof GrantFailed && error.failure.code === 'throttled') metrics.add('UpstreamThrottled');
      throw error;
    }
  }

  async function request(user: User, fields: Readonly<Record<string, string>>, timeoutMs: number): Promise<Granted> {
    const askedAtMs = clock.nowMs();
    let answer: Answer;
    try {
      answer = await send(user, {
        method: 'POST',
        path: tokenPath,
        headers: { Authorization: basic(user), 'Content-Type': 'application/x-www-form-urlencoded' },
        body: { ...fields },
        signal: clock.signal(timeoutMs),
      });
    } catch (error) {
      if (error instanceof TransportError) throw new GrantFailed(transportFailure(error), false);
      throw error;
    }
    const body = await readJson(answer);
    const closedUntilMs = closedUntilMsOf(answer, clock.nowMs(), readUpstreamError(body).code);
    if (!answer.ok) throw grantFailure(answer, body, closedUntilMs, clock.nowMs());
    // The lifetime starts before the request was sent: a slow answer must not make a token look younger.
    const token = readGrantedToken(body, askedAtMs, user.fingerprint);
    if (token === undefined) throw new GrantFailed(answerFailure(answer.status, body), false, closedUntilMs);
    return { token, closedUntilMs };
  }

  return {
    withJwt: (user, timeoutMs) => grant(user, { grant_type: jwtGrantType, assertion: user.jwt }, timeoutMs),
    withRefreshToken: (user, refreshToken, timeoutMs) =>
      grant(user, { grant_type: 'refresh_token', refresh_token: refreshToken }, timeoutMs),
  };
}

function basic(user: User): string {
  return `Basic ${Buffer.from(`${user.clientId}:${user.clientSecret}`).toString('base64')}`;
}

function grantFailure(answer: Answer, body: unknown, closedUntilMs: number | undefined, nowMs: number): GrantFailed {
  const { status } = answer;
  const detail = upstreamDetail(status, body);
  if (status === 429 && closedUntilMs !== undefined) {
    return new GrantFailed(throttledUntil(closedUntilMs, nowMs, detail), false, closedUntilMs);
  }
  if (isDefinite(answer, body))
    return new GrantFailed(new LegacyFailure(refusedGrant(body), detail), true, closedUntilMs);
  return new GrantFailed(answerFailure(status, body), false, closedUntilMs);
}

/**
 * Whether RingCentral itself refused the grant: with its own error code, or with one of OAuth's two statuses for it
 * (RFC 6749, section 5.2). A firewall's 403 or a proxy's 404 says nothing about the JWT.
 */
function isDefinite(answer: Answer, body: unknown): boolean {
  const { code } = readUpstreamError(body);
  if (!isRefusal(answer.status, code) || isPage(answer)) return false;
  return answer.status === 400 || answer.status === 401 || code !== undefined;
}

/** Codes about the application, not the user. Source: the developer guide's page on errors. */
const clientCodes = new Set(['OAU-112', 'OAU-125', 'OAU-146', 'OAU-153', 'OAU-250', 'OAU-251']);
const clientErrors = new Set(['invalid_client', 'unauthorized_client', 'unsupported_grant_type']);

function refusedGrant(body: unknown): FailureCode {
  const oauthError = asText(asObject(body)?.['error']) ?? '';
  const { code } = readUpstreamError(body);
  return clientErrors.has(oauthError) || clientCodes.has(code ?? '') ? 'client_refused' : 'jwt_refused';
}

/** The guide's default lifetimes of both tokens, for an answer without them. */
const documentedAccessSeconds = 3600;
const documentedRefreshSeconds = 604_800;

function readGrantedToken(body: unknown, issuedAtMs: number, fingerprint: string): Token | undefined {
  const json = asObject(body);
  const accessToken = asText(json?.['access_token']);
  const expiresIn = asCount(json?.['expires_in']) ?? documentedAccessSeconds;
  if (accessToken === undefined || !isTokenHeaderSafe(accessToken)) return undefined;
  if (expiresIn <= 0) return undefined;
  const refreshToken = asText(json?.['refresh_token']);
  const refreshExpiresIn = asCount(json?.['refresh_token_expires_in']) ?? documentedRefreshSeconds;
  return {
    accessToken,
    issuedAtMs,
    expiresAtMs: issuedAtMs + expiresIn * 1000,
    refreshToken,
    refreshExpiresAtMs: refreshToken === undefined ? undefined : issuedAtMs + refreshExpiresIn * 1000,
    fingerprint,
  };
}

/** A token that is not allowed in a header would be stored, and fail until it expires. */
function isTokenHeaderSafe(token: string): boolean {
  return /^[\x21-\x7e]+$/.test(token);
}
