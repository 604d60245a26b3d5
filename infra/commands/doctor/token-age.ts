import { isDue, isServable } from '../../../lib/domain/token.ts';
import type { User } from '../../../lib/domain/user.ts';
import { StateUnavailable } from '../../../lib/state/table.ts';
import type { UserState } from '../../../lib/state/user-state.ts';
import type { UserStore } from '../../../lib/state/user-store.ts';
import { failed, passed, skipped, type Check } from '../report/check.ts';

const name = 'stored token';
const renewalMissed =
  'The scheduled renewal does not work: look at the log of the function refresh-token and at the alarm refresh-failed.';

/** Two periods of the schedule of ten minutes. A token that has been due for longer has missed its renewal. */
const toleratedMs = 20 * 60_000;

/** Checks that the schedule keeps the user's stored token fresh. */
export async function checkStoredToken(store: Pick<UserStore, 'read'>, user: User, nowMs: number): Promise<Check> {
  try {
    return checkTokenAge(await store.read(user.key), user, nowMs);
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    return failed(name, 'the state table cannot be read', 'Allow these AWS credentials the action dynamodb:GetItem.');
  }
}

function checkTokenAge({ token, refusal }: UserState, user: User, nowMs: number): Check {
  if (refusal !== undefined && refusal.fingerprint === user.fingerprint && refusal.untilMs > nowMs) {
    return failed(name, `RingCentral has just refused a new one (${refusal.code})`, renewalMissed);
  }
  if (token === undefined) return skipped(name, 'none yet: the next scheduled renewal brings one');
  if (token.fingerprint !== user.fingerprint) {
    return skipped(name, 'made with an earlier JWT or client secret: the next renewal replaces it');
  }
  const age = `${minutes(nowMs - token.issuedAtMs)} old`;
  if (!isServable(token, nowMs)) return failed(name, `${age}, over`, renewalMissed);
  if (isDue(token, nowMs - toleratedMs)) return failed(name, `${age}, should have been renewed`, renewalMissed);
  return passed(name, `${age}, good for ${minutes(token.expiresAtMs - nowMs)}`);
}

// At least zero, because this computer's clock may be behind the one that dated the token.
const minutes = (ms: number): string => `${Math.max(0, Math.floor(ms / 60_000))} min`;
