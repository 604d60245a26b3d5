/** A RingCentral token as stored. Its times are absolute, because a row outlives the container that wrote it. */
export interface Token {
  readonly accessToken: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly refreshToken: string | undefined;
  readonly refreshExpiresAtMs: number | undefined;
  /** The {@link User.fingerprint} it was granted with. */
  readonly fingerprint: string;
}

/**
 * A token is not used in its last minute. One that lives less than ten minutes is not used in the last tenth of its
 * life.
 */
const servingMarginMs = 60_000;
const servingMarginShare = 0.1;

/**
 * The share of its life after which a scheduled run renews a token. With the usual life of an hour and a run every ten
 * minutes, three runs can renew it before a legacy request has to wait for a grant. The share is less than a half,
 * because a token is issued some seconds after its run began. The third run after that one must find it due.
 */
const renewalShare = 0.45;

function lifeMs(token: Token): number {
  return token.expiresAtMs - token.issuedAtMs;
}

/** Returns whether a request may still be sent with this token. */
export function isServable(token: Token, nowMs: number): boolean {
  return nowMs < token.expiresAtMs - Math.min(servingMarginMs, lifeMs(token) * servingMarginShare);
}

/** Returns whether the scheduled renewal should replace this token. */
export function isDue(token: Token, nowMs: number): boolean {
  return nowMs >= token.issuedAtMs + lifeMs(token) * renewalShare;
}
