/** A RingCentral token as it is stored: absolute times, because a row outlives the container that wrote it. */
export interface Token {
  readonly accessToken: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly refreshToken: string | undefined;
  readonly refreshExpiresAtMs: number | undefined;
  /** The {@link User.fingerprint} it was granted with. */
  readonly fingerprint: string;
}

/** A token is not used in its last minute, nor in the last tenth of a life shorter than ten minutes. */
const servingMarginMs = 60_000;
const servingMarginShare = 0.1;

/**
 * The share of its life after which a token is renewed ahead of time: with the usual hour and a run every ten minutes
 * three runs before a legacy request would have to wait for a grant. Less than half of it, because a token is issued
 * some seconds after its run began, and the third run after that one must find it due.
 */
const renewalShare = 0.45;

function lifeMs(token: Token): number {
  return token.expiresAtMs - token.issuedAtMs;
}

/** Whether a request may still be sent with this token. */
export function isServable(token: Token, nowMs: number): boolean {
  return nowMs < token.expiresAtMs - Math.min(servingMarginMs, lifeMs(token) * servingMarginShare);
}

/** Whether the scheduled renewal should replace this token. */
export function isDue(token: Token, nowMs: number): boolean {
  return nowMs >= token.issuedAtMs + lifeMs(token) * renewalShare;
}
