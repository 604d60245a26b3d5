import { checkStoredToken } from '../../../../infra/commands/doctor/token-age.ts';
import { StateUnavailable } from '../../../../lib/state/table.ts';
import { blankState, type UserState } from '../../../../lib/state/user-state.ts';
import { demoToken } from '../../../state/demo-rows.ts';
import { userOf } from './user-of-secret.ts';

const nowMs = Date.UTC(2026, 10, 23, 12);
const minuteMs = 60_000;
const user = userOf('https://platform.ringcentral.com');

const token = (ageMinutes: number, fingerprint = user.fingerprint): UserState['token'] =>
  demoToken(nowMs - ageMinutes * minuteMs, { fingerprint });
const refusal = (untilMs: number, fingerprint = user.fingerprint): UserState['refusal'] => ({
  fingerprint,
  untilMs,
  code: 'jwt_refused',
});

const check = (state: Partial<UserState>) =>
  checkStoredToken({ read: () => Promise.resolve({ ...blankState, ...state }) }, user, nowMs);

test.each<[string, Partial<UserState>, string, string]>([
  ['fresh', { token: token(0) }, 'ok', '0 min old, good for 60 min'],
  ['granted after the time of this computer’s clock', { token: token(-1) }, 'ok', '0 min old, good for 61 min'],
  ['due for the next run', { token: token(35) }, 'ok', '35 min old, good for 25 min'],
  ['not renewed by two runs', { token: token(51) }, 'failed', '51 min old, should have been renewed'],
  ['expired', { token: token(75) }, 'failed', '75 min old, over'],
  ['missing', {}, 'skipped', 'none yet: the next scheduled renewal brings one'],
  [
    'of an earlier JWT',
    { token: token(5, 'other') },
    'skipped',
    'made with an earlier JWT or client secret: the next renewal replaces it',
  ],
  [
    'refused a moment ago',
    { token: token(59), refusal: refusal(nowMs + 1) },
    'failed',
    'RingCentral has just refused a new one (jwt_refused)',
  ],
  ['fresh after an expired refusal', { token: token(1), refusal: refusal(nowMs) }, 'ok', '1 min old, good for 59 min'],
  [
    'fresh while another JWT was refused',
    { token: token(1), refusal: refusal(nowMs + 1, 'other') },
    'ok',
    '1 min old, good for 59 min',
  ],
])('the check of a stored token that is %s', async (_, state, outcome, detail) => {
  expect(await check(state)).toMatchObject({ name: 'stored token', outcome, detail });
});

test('a table that cannot be read is a failed check', async () => {
  const store = { read: () => Promise.reject(new StateUnavailable(new Error('x'))) };
  expect(await checkStoredToken(store, user, nowMs)).toMatchObject({
    outcome: 'failed',
    detail: 'the state table cannot be read',
  });
});
