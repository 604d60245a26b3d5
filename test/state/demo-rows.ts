import type { Token } from '../../lib/domain/token.ts';
import type { Session } from '../../lib/state/session-store.ts';

/** A token as it is stored, with the usual life of an hour; times in epoch milliseconds. */
export function demoToken(issuedAtMs: number, changes: Partial<Token> = {}): Token {
  return {
    accessToken: 'demo-access',
    issuedAtMs,
    expiresAtMs: issuedAtMs + 3_600_000,
    refreshToken: undefined,
    refreshExpiresAtMs: undefined,
    fingerprint: 'demo-fingerprint',
    ...changes,
  };
}

/** A call as it is stored when it has just been placed; times in epoch milliseconds. */
export function demoSession(createdAtMs: number, changes: Partial<Session> = {}): Session {
  return {
    sessionId: '123456789',
    ringOutId: 'demo-ring-out',
    userKey: 'demo-user',
    to: '+16505550100',
    from: '+16505553711',
    createdAtMs,
    state: { kind: 'live', call: 'InProgress', caller: 'InProgress', callee: 'InProgress' },
    stateAtMs: createdAtMs,
    cancelledAtMs: undefined,
    ...changes,
  };
}
