import { asNumber, asObject, parseJson } from './untrusted.ts';

/** Longest distance from 1970 that a Date can hold, before or after, in seconds (ECMAScript, time values). */
const furthestSeconds = 8.64e12;

/**
 * Time an operator needs to create and store a new JWT, holidays included. A JWT that expires sooner must be reported.
 */
export const jwtNoticeMs = 14 * 24 * 3600 * 1000;

/**
 * Returns the `exp` of a JWT (RFC 7519) in epoch milliseconds. Returns undefined for a JWT without expiry and for text
 * that is not a JWT.
 */
export function jwtExpiryMs(jwt: string): number | undefined {
  const payload = Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8');
  const seconds = asNumber(asObject(parseJson(payload))?.['exp']);
  return seconds === undefined || Math.abs(seconds) > furthestSeconds ? undefined : seconds * 1000;
}

/** Returns the UTC date on which a JWT expires, such as `2026-12-31`; undefined when it has no expiry. */
export function jwtEndsOn(jwt: string): string | undefined {
  const expiresAtMs = jwtExpiryMs(jwt);
  return expiresAtMs === undefined ? undefined : new Date(expiresAtMs).toISOString().slice(0, 10);
}

/** Returns whether a JWT has expired or expires within {@link jwtNoticeMs}. */
export function jwtEndsSoon(jwt: string, nowMs: number): boolean {
  const expiresAtMs = jwtExpiryMs(jwt);
  return expiresAtMs !== undefined && expiresAtMs - nowMs <= jwtNoticeMs;
}
