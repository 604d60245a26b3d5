import { jwtEndsOn, jwtExpiryMs, jwtNoticeMs } from '../../../lib/domain/jwt.ts';
import { counted, failed, passed, skipped, type Check } from '../report/check.ts';

const name = 'JWT';
const dayMs = 24 * 3600 * 1000;
const remedy =
  'Create a new JWT credential as this user in the RingCentral Developer Console and put it into the secret.';

/** Checks a JWT that RingCentral has just accepted. Fails if it expires within 14 days. */
export function grantedJwt(jwt: string, nowMs: number): Check {
  const expiresAtMs = jwtExpiryMs(jwt);
  if (expiresAtMs === undefined) return passed(name, 'accepted');
  const detail = `accepted; it ends on ${jwtEndsOn(jwt)}, in ${daysUntil(expiresAtMs, nowMs)}`;
  return expiresAtMs - nowMs > jwtNoticeMs ? passed(name, detail) : failed(name, detail, remedy);
}

/** Checks a JWT without RingCentral: only whether it has expired, or soon will. */
export function unaskedJwt(jwt: string, nowMs: number): Check {
  const expiresAtMs = jwtExpiryMs(jwt);
  if (expiresAtMs === undefined || expiresAtMs - nowMs > jwtNoticeMs) return skipped(name, 'needs the network');
  const on = jwtEndsOn(jwt);
  const detail = expiresAtMs <= nowMs ? `ended on ${on}` : `ends on ${on}, in ${daysUntil(expiresAtMs, nowMs)}`;
  return failed(name, detail, remedy);
}

const daysUntil = (atMs: number, nowMs: number): string => counted(Math.floor((atMs - nowMs) / dayMs), 'day');
