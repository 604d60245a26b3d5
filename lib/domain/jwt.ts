import { asNumber, asObject, parseJson } from './untrusted.ts';

/** As far from 1970 as a Date reaches, either way (ECMAScript, time values). */
const furthestSeconds = 8.64e12;

/** Time to create a new JWT and store it, holidays included: a JWT that ends sooner has to be told of. */
export const jwtNoticeMs = 14 * 24 * 3600 * 1000;

/** RFC 7519 `exp` in epoch milliseconds; undefined for a JWT without end and for text that is no JWT. */
export function jwtExpiryMs(jwt: string): number | undefined {
  const payload = Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8');
  const seconds = asNumber(asObject(parseJson(payload))?.['exp']);
  return seconds === undefined || Math.abs(seconds) > furthestSeconds ? undefined : seconds * 1000;
}

/** The day of its end in UTC, such as `2026-12-31`; undefined where there is no end. */
export function jwtEndsOn(jwt: string): string | undefined {
  const expiresAtMs = jwtExpiryMs(jwt);
  return expiresAtMs === undefined ? undefined : new Date(expiresAtMs).toISOString().slice(0, 10);
}

/** Whether a JWT has ended or ends within {@link jwtNoticeMs}. */
export function jwtEndsSoon(jwt: string, nowMs: number): boolean {
  const expiresAtMs = jwtExpiryMs(jwt);
  return expiresAtMs !== undefined && expiresAtMs - nowMs <= jwtNoticeMs;
}
