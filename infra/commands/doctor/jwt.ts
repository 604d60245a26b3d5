import { asNumber, asObject, parseJson } from '../../../lib/domain/untrusted.ts';
import { failed, passed, skipped, type Check } from '../report/check.ts';

const name = 'JWT';
const dayMs = 24 * 3600 * 1000;

/** As far from 1970 as a Date reaches, either way (ECMAScript, time values). */
const furthestSeconds = 8.64e12;

/** The check of a JWT that RingCentral has just accepted. */
export function grantedJwt(jwt: string, nowMs: number): Check {
  const expiresAtMs = jwtExpiry(jwt);
  if (expiresAtMs === undefined) return passed(name, 'accepted');
  const days = Math.floor((expiresAtMs - nowMs) / dayMs);
  return passed(name, `accepted; it ends on ${dateOf(expiresAtMs)}, in ${days} days`);
}

/** What can be said of a JWT without asking RingCentral: no more than whether it has ended. */
export function unaskedJwt(jwt: string, nowMs: number): Check {
  const expiresAtMs = jwtExpiry(jwt);
  if (expiresAtMs === undefined || expiresAtMs > nowMs) return skipped(name, 'needs the network');
  return failed(
    name,
    `ended on ${dateOf(expiresAtMs)}`,
    'Create a new JWT credential as this user in the RingCentral Developer Console and put it into the secret.',
  );
}

/** RFC 7519 `exp` in epoch milliseconds; undefined for a JWT without end and for text that is no JWT. */
function jwtExpiry(jwt: string): number | undefined {
  const payload = Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8');
  const seconds = asNumber(asObject(parseJson(payload))?.['exp']);
  return seconds === undefined || Math.abs(seconds) > furthestSeconds ? undefined : seconds * 1000;
}

const dateOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
