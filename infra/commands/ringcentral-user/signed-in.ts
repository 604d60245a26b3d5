import type { Clock } from '../../../lib/domain/ports.ts';
import type { RouteName } from '../../../lib/domain/throttle.ts';
import { asObject, asText, type Json } from '../../../lib/domain/untrusted.ts';
import { LegacyFailure } from '../../../lib/domain/failure.ts';
import type { User } from '../../../lib/domain/user.ts';
import type { UserApi } from '../../../lib/ringcentral/user-api.ts';
import { answerFailure, refusalOf, transportFailure } from '../../../lib/ringcentral/failures.ts';
import { createGrants } from '../../../lib/ringcentral/grants.ts';
import type { Answer } from '../../../lib/ringcentral/messages.ts';
import { readJson } from '../../../lib/ringcentral/read-json.ts';
import type { SdkRequest, Send } from '../../../lib/ringcentral/sdk.ts';
import { TransportError } from '../../../lib/ringcentral/transport.ts';

/** The dependencies for requests to RingCentral. `signal` ends the checks early; tokens are revoked even after it. */
export interface RingCentral {
  readonly send: Send;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A user's session for the duration of the checks. */
export interface RingCentralSession {
  /** The token's permissions; undefined when RingCentral does not return them. */
  readonly scopes: readonly string[] | undefined;
  /** Sends one GET to RingCentral's API as this user. Throws LegacyFailure. */
  readonly read: (path: string, query?: NonNullable<SdkRequest['query']>) => Promise<Json>;
  /** The same requests through the interface that the product's own code uses. */
  readonly api: UserApi;
}

const requestTimeoutMs = 10_000;
const revokeTimeoutMs = 5000;

/**
 * Options of a token for the checks alone. It is independent of the stored tokens and has no refresh token. If
 * revocation fails, it expires after RingCentral's shortest lifetime (ten minutes).
 */
const shortLived = { access_token_ttl: '600', refresh_token_ttl: '0' };

/**
 * Signs in with the user's JWT, runs `use` and always revokes the token. Uses one grant and one revocation: RingCentral
 * allows five token requests a minute (developer guide, rate limits), and the product needs some of them. Throws
 * `GrantFailed` when RingCentral refuses the JWT.
 */
export async function signedIn<T>(
  user: User,
  ringCentral: RingCentral,
  use: (as: RingCentralSession) => Promise<T>,
): Promise<T> {
  const { send, clock, signal } = ringCentral;
  const granted: { token?: string; scope?: string } = {};
  const sendGrant: Send = async (server, request) => {
    const answer = await send(server, {
      ...request,
      body: { ...request.body, ...shortLived },
      signal: AbortSignal.any([request.signal, signal]),
    });
    const body = asObject(await readJson(answer));
    const token = asText(body?.['access_token']);
    const scope = asText(body?.['scope']);
    if (answer.ok && token !== undefined) granted.token = token;
    if (scope !== undefined) granted.scope = scope;
    return answer;
  };
  try {
    const grants = createGrants(sendGrant, clock, { add: () => {} });
    const { token } = await grants.withJwt(user, requestTimeoutMs);
    const read = reader(user, token.accessToken, ringCentral);
    return await use({ scopes: granted.scope?.split(/[\s,]+/).filter(Boolean), read, api: apiOf(user, read) });
  } finally {
    if (granted.token !== undefined) await revoke(user, granted.token, send);
  }
}

async function revoke(user: User, token: string, send: Send): Promise<void> {
  try {
    await send(user, {
      method: 'POST',
      path: '/restapi/oauth/revoke',
      headers: {
        Authorization: `Basic ${Buffer.from(`${user.clientId}:${user.clientSecret}`).toString('base64')}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: { token },
      signal: AbortSignal.timeout(revokeTimeoutMs),
    });
  } catch {
    // Developer guide: ignore errors of a revocation and do not retry it. The token expires soon anyway.
  }
}

/** A plain GET. Its error codes cover all the doctor's requests. */
const route: RouteName = 'forwarding-number';

function reader(user: User, accessToken: string, { send, signal }: RingCentral): RingCentralSession['read'] {
  let throttled: LegacyFailure | undefined;
  return async (path, query) => {
    // Every request during the penalty would restart it.
    if (throttled !== undefined) throw throttled;
    let answer: Answer;
    try {
      answer = await send(user, {
        method: 'GET',
        path,
        ...(query === undefined ? {} : { query }),
        headers: { Authorization: `Bearer ${accessToken}`, 'Client-Id': user.clientId },
        signal: AbortSignal.any([AbortSignal.timeout(requestTimeoutMs), signal]),
      });
    } catch (error) {
      if (error instanceof TransportError) throw transportFailure(error);
      throw error;
    }
    const body = await readJson(answer);
    const json = asObject(body);
    if (answer.ok && json !== undefined) return json;
    if (answer.status === 429) {
      throttled = new LegacyFailure('throttled', { upstreamStatus: 429 });
      throw throttled;
    }
    if (answer.status === 401) throw new LegacyFailure('token_rejected', { upstreamStatus: 401 });
    if (answer.status >= 400 && answer.status < 500) throw refusalOf(route, answer.status, body);
    throw answerFailure(answer.status, body);
  };
}

function apiOf(user: User, read: RingCentralSession['read']): UserApi {
  return {
    user,
    refuseIfClosed: () => {},
    async perform({ path, query, read: readAnswer }) {
      const json = await read(path, query);
      const value = readAnswer(json, new Headers());
      if (value === undefined) throw answerFailure(200, json);
      return value;
    },
  };
}
