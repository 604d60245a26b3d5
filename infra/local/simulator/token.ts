import { Buffer } from 'node:buffer';
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import type TokenInfo from '@rc-ex/core/definitions/TokenInfo';
import { emptyAnswer, jsonAnswer, oauthError, tokenInvalid, type Answer } from './answer.ts';
import type { ParsedBody } from './body.ts';
import { extensionId, userLabel, type SimulatedUser, type UserLabel } from './user.ts';

/** The configuration of the token endpoint. Defaults are RingCentral's. */
export interface TokenOptions {
  readonly users: readonly SimulatedUser[];
  readonly clientId: string;
  readonly clientSecret: string;
  /** The application setting "Issue refresh tokens", off by default. */
  readonly refreshTokens?: boolean;
  /** Lifetime of an access token in seconds if the request does not specify one; default 3,600. */
  readonly accessTokenSeconds?: number;
}

/** Maximum concurrent sessions of one user: RingCentral's usual limit (developer guide). */
const maximumSessions = 5;

/** The parts of a request that the token endpoint uses. */
export interface TokenRequest {
  readonly nowMs: number;
  readonly authorization: string | undefined;
  readonly contentType: string;
  readonly body: ParsedBody;
}

/** Issues, rotates, checks and revokes tokens. */
export interface TokenRegistry {
  token(request: TokenRequest): Answer;
  revoke(request: TokenRequest): Answer;
  /** Returns the access token's user, or the 401. Counts as the token's first use. */
  authenticate(authorization: string | undefined, nowMs: number): SimulatedUser | Answer;
  /** Returns the request's user, for the records and the Auth limit. Never counts as a use. */
  ownerOf(authorization: string | undefined, body: ParsedBody): SimulatedUser | undefined;
  revokeUser(user: UserLabel): void;
  revokeAll(): void;
}

interface Session {
  readonly id: string;
  readonly user: SimulatedUser;
}

interface Pair {
  readonly accessToken: string;
  readonly accessExpiresAtMs: number;
  readonly accessSeconds: number;
  readonly refreshToken: string | undefined;
  readonly refreshExpiresAtMs: number;
  readonly refreshSeconds: number;
  readonly session: Session;
  firstUsedAtMs: number | undefined;
  /** The pair that was issued in exchange for this pair's refresh token. */
  replacedBy: Pair | undefined;
}

const jwtGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** For this long after the new access token's first use, the exchanged refresh token returns the same new pair. */
const refreshGraceMs = 10_000;
/** While the new access token is unused, the exchanged refresh token returns the same new pair for an hour. */
const unusedGraceMs = 60 * 60_000;
const refreshSecondsDefault = 604_800;
const refreshSecondsMaximum = 2_592_000;
const accessSecondsMinimum = 600;
const accessSecondsMaximum = 3600;

/**
 * RingCentral's token endpoint as its developer guide describes it. A refresh token can be exchanged once, which
 * revokes its access token. A JWT login opens a session. It revokes nothing until the user exceeds the session limit;
 * then the oldest session ends (the guide does not say which one).
 */
export function createTokenRegistry(options: TokenOptions): TokenRegistry {
  let pairs: Pair[] = [];

  const endSession = (session: Session) => {
    pairs = pairs.filter((pair) => pair.session !== session);
  };
  const issue = (session: Session, nowMs: number, accessSeconds: number, refreshSeconds: number): Pair => {
    const withRefresh = options.refreshTokens === true && refreshSeconds > 0;
    const pair: Pair = {
      accessToken: `demo-access-${randomUUID()}`,
      accessExpiresAtMs: nowMs + accessSeconds * 1000,
      accessSeconds,
      refreshToken: withRefresh ? `demo-refresh-${randomUUID()}` : undefined,
      refreshExpiresAtMs: nowMs + refreshSeconds * 1000,
      refreshSeconds,
      session,
      firstUsedAtMs: undefined,
      replacedBy: undefined,
    };
    pairs.push(pair);
    return pair;
  };
  const tokenAnswer = (pair: Pair, nowMs: number): Answer => {
    const body: TokenInfo = {
      access_token: pair.accessToken,
      token_type: 'bearer',
      expires_in: Math.floor((pair.accessExpiresAtMs - nowMs) / 1000),
      ...(pair.refreshToken !== undefined && {
        refresh_token: pair.refreshToken,
        refresh_token_expires_in: Math.floor((pair.refreshExpiresAtMs - nowMs) / 1000),
      }),
      scope: 'ReadAccounts RingOut Faxes',
      owner_id: String(extensionId(options.users, pair.session.user)),
      endpoint_id: 'demo-endpoint',
      session_id: pair.session.id,
    };
    return jsonAnswer(200, body, { 'cache-control': 'no-store', pragma: 'no-cache' });
  };

  const grantByJwt = (assertion: string | undefined, nowMs: number, lives: Lives): Answer => {
    const user = options.users.find((candidate) => candidate.jwt === assertion);
    if (user === undefined) return oauthError(400, 'invalid_grant', 'OAU-213', 'Token not found');
    const sessions = [...new Set(pairs.map((pair) => pair.session))].filter((session) => session.user === user);
    const excess = sessions.length + 1 - maximumSessions;
    for (const session of sessions.slice(0, Math.max(0, excess))) endSession(session);
    return tokenAnswer(issue({ id: randomUUID(), user }, nowMs, lives.access, lives.refresh), nowMs);
  };

  const grantByRefresh = (refreshToken: string | undefined, nowMs: number, lives: Lives): Answer => {
    const pair = pairs.find(
      (candidate) => candidate.refreshToken !== undefined && candidate.refreshToken === refreshToken,
    );
    if (pair === undefined) return oauthError(400, 'invalid_grant', 'OAU-213', 'Token not found');
    const successor = pair.replacedBy;
    if (successor !== undefined) {
      const graceEndsAtMs =
        successor.firstUsedAtMs === undefined
          ? successor.accessExpiresAtMs - successor.accessSeconds * 1000 + unusedGraceMs
          : successor.firstUsedAtMs + refreshGraceMs;
      return nowMs <= graceEndsAtMs && successor.replacedBy === undefined
        ? tokenAnswer(successor, nowMs)
        : oauthError(400, 'invalid_grant', 'OAU-213', 'Token not found');
    }
    if (nowMs >= pair.refreshExpiresAtMs) return oauthError(400, 'invalid_grant', 'OAU-210', 'Token expired');
    pair.replacedBy = issue(pair.session, nowMs, lives.access, lives.refresh);
    return tokenAnswer(pair.replacedBy, nowMs);
  };

  const checkClient = (authorization: string | undefined): Answer | undefined => {
    const expected = `Basic ${Buffer.from(`${options.clientId}:${options.clientSecret}`).toString('base64')}`;
    if (!/^basic /i.test(authorization ?? '')) {
      return oauthError(400, 'invalid_client', 'OAU-153', 'Basic authentication header is missing or malformed');
    }
    return sameText(`Basic ${authorization?.slice(6).trim() ?? ''}`, expected)
      ? undefined
      : oauthError(401, 'invalid_client', 'OAU-146', 'Client is unauthorized');
  };

  return {
    token({ nowMs, authorization, contentType, body }) {
      if (body.kind !== 'form') {
        return contentType.toLowerCase().startsWith('application/x-www-form-urlencoded')
          ? oauthError(400, 'invalid_request', 'OAU-250', 'Parameter [grant_type] is missing')
          : oauthError(415, 'invalid_request', 'CMN-104', 'Content type is not supported');
      }
      const refusal = checkClient(authorization);
      if (refusal !== undefined) return refusal;
      const lives = requestedLives(body.fields, options.accessTokenSeconds ?? accessSecondsMaximum);
      if ('status' in lives) return lives;
      switch (body.fields['grant_type'] ?? '') {
        case jwtGrant:
          return grantByJwt(body.fields['assertion'], nowMs, lives);
        case 'refresh_token':
          return grantByRefresh(body.fields['refresh_token'], nowMs, lives);
        case 'password':
          // Retired in March 2024. The live server's current answer is not published.
          return oauthError(400, 'unauthorized_client', 'OAU-251', 'Unauthorized for this grant type');
        default:
          return oauthError(400, 'invalid_request', 'OAU-250', 'Unsupported grant type');
      }
    },
    revoke({ authorization, body }) {
      const refusal = checkClient(authorization);
      if (refusal !== undefined) return refusal;
      const token = body.kind === 'form' ? body.fields['token'] : undefined;
      const pair = pairs.find((candidate) => candidate.accessToken === token || candidate.refreshToken === token);
      if (token !== undefined && pair !== undefined) endSession(pair.session);
      return emptyAnswer(200);
    },
    authenticate(authorization, nowMs) {
      const token = bearerToken(authorization);
      if (token === undefined) return tokenInvalid('OAU-149', 'Parameter [Authorization] is invalid');
      const pair = pairs.find((candidate) => candidate.accessToken === token);
      if (pair === undefined || pair.replacedBy !== undefined) return tokenInvalid('OAU-213', 'Token not found');
      if (nowMs >= pair.accessExpiresAtMs) return tokenInvalid('OAU-128', 'Access token expired');
      pair.firstUsedAtMs ??= nowMs;
      return pair.session.user;
    },
    ownerOf(authorization, body) {
      const fields = body.kind === 'form' ? body.fields : {};
      const token = bearerToken(authorization) ?? fields['refresh_token'] ?? fields['token'];
      return (
        pairs.find((pair) => token !== undefined && (pair.accessToken === token || pair.refreshToken === token))
          ?.session.user ?? options.users.find((user) => user.jwt === fields['assertion'])
      );
    },
    revokeUser(user) {
      pairs = pairs.filter((pair) => userLabel(pair.session.user) !== user);
    },
    revokeAll() {
      pairs = [];
    },
  };
}

interface Lives {
  readonly access: number;
  readonly refresh: number;
}

/** Returns the requested lifetimes in seconds, within the documented bounds. */
function requestedLives(fields: Readonly<Record<string, string>>, accessDefault: number): Lives | Answer {
  const access = fields['access_token_ttl'];
  const refresh = fields['refresh_token_ttl'];
  if (access !== undefined && !within(access, accessSecondsMinimum, accessSecondsMaximum)) {
    return oauthError(400, 'invalid_request', 'CMN-101', 'Parameter [access_token_ttl] value is invalid');
  }
  if (refresh !== undefined && !within(refresh, 0, refreshSecondsMaximum)) {
    return oauthError(400, 'invalid_request', 'CMN-101', 'Parameter [refresh_token_ttl] value is invalid');
  }
  return {
    access: access === undefined ? accessDefault : Number(access),
    refresh: refresh === undefined ? refreshSecondsDefault : Number(refresh),
  };
}

function within(text: string, minimum: number, maximum: number): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) >= minimum && Number(text) <= maximum;
}

function bearerToken(authorization: string | undefined): string | undefined {
  return /^bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
}

function sameText(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
