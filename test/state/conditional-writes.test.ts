import type { SessionId } from '../../lib/domain/ring-out.ts';
import type { Token } from '../../lib/domain/token.ts';
import type { Session } from '../../lib/state/session-store.ts';
import type { LeaseRequest } from '../../lib/state/user-store.ts';
import type { WrongPasswordFromSource } from '../../lib/state/wrong-password-writes.ts';
import { demoSession, demoToken } from './demo-rows.ts';
import { openLocalTable, type LocalTable } from './local-table.ts';

let local: LocalTable;
beforeAll(async () => {
  local = await openLocalTable();
});
afterAll(() => local.close());

const nowMs = 1_800_000_000_000;

/** A new row for each test. */
let count = 0;
let user = '';
beforeEach(() => {
  count += 1;
  user = `demo-${count}`;
});

const lease = (owner: string, changes: Partial<LeaseRequest> = {}): LeaseRequest => ({
  owner,
  untilMs: nowMs + 13_000,
  nowMs,
  seenVersion: 0,
  fingerprint: 'demo-fingerprint',
  ...changes,
});

const token = (accessToken: string, issuedAtMs = nowMs): Token => demoToken(issuedAtMs, { accessToken });

describe('the lease', () => {
  test('is taken by one of fifty', async () => {
    const owners = Array.from({ length: 50 }, (_, index) => `owner-${index}`);
    const taken = await Promise.all(owners.map((owner) => local.users.takeLease(user, lease(owner))));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect((await local.users.read(user)).lease).toEqual({
      owner: owners[taken.indexOf(true)],
      untilMs: nowMs + 13_000,
    });
  });

  test.each([
    ['not free before its deadline', 12_999, false],
    ['free at its deadline', 13_000, true],
  ] as const)('of a dead holder is %s', async (_, afterMs, expected) => {
    await local.users.takeLease(user, lease('dead'));
    const attempt = lease('next', { nowMs: nowMs + afterMs, untilMs: nowMs + afterMs + 13_000 });
    expect(await local.users.takeLease(user, attempt)).toBe(expected);
    expect((await local.users.read(user)).lease?.owner).toBe(expected ? 'next' : 'dead');
  });

  test('still belongs to its owner when the AWS SDK retries the write after a lost answer', async () => {
    expect(await local.users.takeLease(user, lease('owner-1'))).toBe(true);
    expect(await local.users.takeLease(user, lease('owner-1'))).toBe(true);
    expect(await local.users.takeLease(user, lease('owner-2'))).toBe(false);
  });

  test('is refused to an owner that has not read the latest renewal', async () => {
    await local.users.takeLease(user, lease('first'));
    await local.users.storeToken(user, 'first', 0, token('demo-1'));
    expect(await local.users.takeLease(user, lease('late'))).toBe(false);
    expect(await local.users.takeLease(user, lease('informed', { seenVersion: 1 }))).toBe(true);
  });

  test.each([
    ['blocks the refused JWT', 'demo-fingerprint', 59_999, false],
    ['blocks it for a minute', 'demo-fingerprint', 60_000, true],
    ['does not block another JWT', 'other-fingerprint', 0, true],
  ] as const)('a refusal %s', async (_, fingerprint, afterMs, expected) => {
    await local.users.takeLease(user, lease('refused'));
    await local.users.releaseAfterFailure(user, 'refused', {
      refusal: { fingerprint: 'demo-fingerprint', untilMs: nowMs + 60_000, code: 'jwt_refused' },
    });
    const attempt = lease('next', { fingerprint, nowMs: nowMs + afterMs, untilMs: nowMs + afterMs + 13_000 });
    expect(await local.users.takeLease(user, attempt)).toBe(expected);
  });

  test.each([
    ['a failed token request blocks it', 14_999, false],
    ['a failed token request blocks it for 15 s only', 15_000, true],
  ] as const)('%s', async (_, afterMs, expected) => {
    await local.users.takeLease(user, lease('failing'));
    await local.users.releaseAfterFailure(user, 'failing', {
      failedGrant: { untilMs: nowMs + 15_000, code: 'upstream_error' },
    });
    expect((await local.users.read(user)).failedGrant).toEqual({ untilMs: nowMs + 15_000, code: 'upstream_error' });
    const attempt = lease('next', { nowMs: nowMs + afterMs, untilMs: nowMs + afterMs + 13_000 });
    expect(await local.users.takeLease(user, attempt)).toBe(expected);
  });

  const farMs = nowMs + 30 * 24 * 3_600_000;
  test.each<[string, () => Promise<unknown>]>([
    ['a lease', () => local.users.takeLease(user, lease('wrong clock', { nowMs: farMs, untilMs: farMs + 13_000 }))],
    [
      'a refusal',
      async () => {
        await local.users.takeLease(user, lease('wrong clock'));
        const refusal = { fingerprint: 'demo-fingerprint', untilMs: farMs, code: 'jwt_refused' } as const;
        await local.users.releaseAfterFailure(user, 'wrong clock', { refusal });
      },
    ],
    [
      'a failed token request',
      async () => {
        await local.users.takeLease(user, lease('wrong clock'));
        const failedGrant = { untilMs: farMs, code: 'timeout' } as const;
        await local.users.releaseAfterFailure(user, 'wrong clock', { failedGrant });
      },
    ],
    ['closed token requests', () => local.users.closeGroup(user, 'auth', farMs, farMs)],
  ])('is not blocked by %s with an impossibly late end', async (_, leave) => {
    await leave();
    expect(await local.users.takeLease(user, lease('next'))).toBe(true);
  });

  test.each([
    ['closed token requests block it', 'auth', 29_999, false],
    ['closed token requests block it until they are open again', 'auth', 30_000, true],
    ['other closed groups do not', 'heavy', 0, true],
  ] as const)('%s', async (_, group, afterMs, expected) => {
    await local.users.closeGroup(user, group, nowMs + 30_000, nowMs);
    const attempt = lease('next', { nowMs: nowMs + afterMs, untilMs: nowMs + afterMs + 13_000 });
    expect(await local.users.takeLease(user, attempt)).toBe(expected);
  });

  test('is released by its owner only', async () => {
    await local.users.takeLease(user, lease('owner-1'));
    await local.users.releaseAfterFailure(user, 'owner-2');
    expect((await local.users.read(user)).lease?.owner).toBe('owner-1');
    await local.users.releaseAfterFailure(user, 'owner-1');
    expect((await local.users.read(user)).lease).toBeUndefined();
  });
});

describe('a token', () => {
  test('is stored by the holder, which also releases the lease and deletes a refusal', async () => {
    await local.users.takeLease(user, lease('owner-1'));
    const refusal = { fingerprint: 'old', untilMs: nowMs + 60_000, code: 'jwt_refused' } as const;
    await local.users.releaseAfterFailure(user, 'owner-1', { refusal });
    await local.users.takeLease(user, lease('owner-1'));
    expect(await local.users.storeToken(user, 'owner-1', 0, token('demo-1'))).toBe(true);
    expect(await local.users.read(user)).toMatchObject({
      token: token('demo-1'),
      version: 1,
      lease: undefined,
      refusal: undefined,
    });
  });

  test('of a late holder never overwrites a newer one', async () => {
    await local.users.takeLease(user, lease('late'));
    const next = lease('next', { nowMs: nowMs + 13_000, untilMs: nowMs + 26_000 });
    expect(await local.users.takeLease(user, next)).toBe(true);
    expect(await local.users.storeToken(user, 'late', 0, token('demo-late'))).toBe(false);
    expect(await local.users.storeToken(user, 'next', 0, token('demo-next'))).toBe(true);
    expect(await local.users.storeToken(user, 'late', 0, token('demo-late'))).toBe(false);
    expect((await local.users.read(user)).token?.accessToken).toBe('demo-next');
  });

  test.each([
    ['no refresh token', {}],
    ['a refresh token without an end', { refreshToken: 'demo-endless' }],
  ])('with %s deletes the refresh token of the old one', async (_, without) => {
    await local.users.takeLease(user, lease('owner-1'));
    const refreshable = { ...token('demo-1'), refreshToken: 'demo-refresh', refreshExpiresAtMs: nowMs + 604_800_000 };
    await local.users.storeToken(user, 'owner-1', 0, refreshable);
    expect((await local.users.read(user)).token).toEqual(refreshable);
    await local.users.takeLease(user, lease('owner-2', { seenVersion: 1 }));
    await local.users.storeToken(user, 'owner-2', 1, { ...token('demo-2'), ...without });
    expect((await local.users.read(user)).token).toEqual(token('demo-2'));
    expect(await local.row(`USER#${user}`)).not.toHaveProperty('refreshToken');
  });

  test.each([
    ['is refused if it is still stored', 'demo-1', 'token_rejected'],
    ['is not refused if it was replaced meanwhile', 'demo-0', undefined],
  ] as const)('that RingCentral rejected twice %s', async (_, rejected, expected) => {
    await local.users.takeLease(user, lease('owner-1'));
    await local.users.storeToken(user, 'owner-1', 0, token('demo-1'));
    const refusal = { fingerprint: 'demo-fingerprint', untilMs: nowMs + 60_000, code: 'token_rejected' } as const;
    await local.users.storeRefusal(user, refusal, rejected);
    expect((await local.users.read(user)).refusal?.code).toBe(expected);
  });
});

describe('marks', () => {
  test('of a closed group are only ever extended', async () => {
    for (const untilMs of [nowMs + 30_000, nowMs + 60_000, nowMs + 10_000]) {
      await local.users.closeGroup(user, 'heavy', untilMs, nowMs);
    }
    expect([...(await local.users.read(user)).closed]).toEqual([['heavy', nowMs + 60_000]]);
    // Unless the stored time is impossibly late.
    await local.users.closeGroup(user, 'heavy', nowMs + 30 * 24 * 3_600_000, nowMs);
    await local.users.closeGroup(user, 'heavy', nowMs + 10_000, nowMs);
    expect([...(await local.users.read(user)).closed]).toEqual([['heavy', nowMs + 10_000]]);
  });

  const note = (source: string, hash: string, atMs = nowMs): WrongPasswordFromSource => ({
    source,
    mark: { hash, atMs },
    maxMarks: 31,
    maxSources: 20,
  });
  const sources = async (): Promise<readonly string[]> =>
    [...(await local.users.read(user)).wrongPasswords.keys()].toSorted();

  test('of wrong passwords are all kept up to the limit when many containers add one at once', async () => {
    const hashes = Array.from({ length: 50 }, (_, index) => `hash-${String(index).padStart(2, '0')}`);
    const added = await Promise.all(
      hashes.map((hash) => local.users.addWrongPassword(user, note('198.51.100.7', hash))),
    );
    const kept = (await local.users.read(user)).wrongPasswords.get('198.51.100.7') ?? [];
    expect(kept).toHaveLength(31);
    expect(kept.map(({ hash }) => hash).toSorted()).toEqual(hashes.filter((_, index) => added[index]));
  });

  test('of wrong passwords are stored for twenty sources, and refused for more', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `192.0.2.${index}`);
    const added = await Promise.all(names.map((name) => local.users.addWrongPassword(user, note(name, 'a'))));
    expect(added.filter(Boolean)).toHaveLength(20);
    expect(await sources()).toEqual(names.filter((_, index) => added[index]).toSorted());
    // A source that is stored accepts one more mark. The common source always does.
    expect(await local.users.addWrongPassword(user, note((await sources())[0] ?? '', 'b'))).toBe(true);
    expect(await local.users.addWrongPassword(user, { ...note('others', 'a'), maxSources: undefined })).toBe(true);
  });

  test('of spent guesses are deleted alone, and make room for another source', async () => {
    for (let source = 0; source < 20; source += 1) {
      await local.users.addWrongPassword(user, note(`192.0.2.${source}`, 'old', nowMs - 1000));
    }
    const spent = { hash: 'old', atMs: nowMs - 1000 };
    await local.users.addWrongPassword(user, note('192.0.2.1', 'new'));
    await local.users.forgetWrongPasswords(user, {
      marks: new Map([
        ['192.0.2.0', [spent]],
        ['192.0.2.1', [spent]],
      ]),
      emptied: ['192.0.2.0'],
    });
    expect(await local.users.addWrongPassword(user, note('198.51.100.7', 'a'))).toBe(true);
    const { wrongPasswords } = await local.users.read(user);
    expect(wrongPasswords.get('192.0.2.1')).toEqual([{ hash: 'new', atMs: nowMs }]);
    expect([...wrongPasswords.keys()]).toEqual(expect.arrayContaining(['192.0.2.2', '198.51.100.7']));
    expect(wrongPasswords.size).toBe(20);
  });

  test('of guesses that can no longer matter are deleted when a token is stored', async () => {
    const minuteMs = 60_000;
    await local.users.addWrongPassword(user, note('192.0.2.1', 'old', nowMs - 20 * minuteMs));
    await local.users.addWrongPassword(user, note('192.0.2.1', 'young', nowMs - 20 * minuteMs + 1));
    await local.users.addWrongPassword(user, note('192.0.2.2', 'old', nowMs - 60 * minuteMs));
    const { wrongPasswords } = await local.users.read(user);
    await local.users.takeLease(user, lease('owner-1'));
    expect(await local.users.storeToken(user, 'owner-1', 0, token('demo-1'), wrongPasswords)).toBe(true);
    expect(await local.users.read(user)).toMatchObject({
      token: token('demo-1'),
      wrongPasswords: new Map([['192.0.2.1', [{ hash: 'young', atMs: nowMs - 20 * minuteMs + 1 }]]]),
    });
    expect((await local.row(`USER#${user}`))?.['wrongSources']).toEqual({ SS: ['192.0.2.1'] });
  });

  test('of learned groups have the last value learned', async () => {
    await local.users.learnGroup(user, 'fax', 'medium', nowMs);
    await local.users.learnGroup(user, 'fax', 'heavy', nowMs);
    expect([...(await local.users.read(user)).groups]).toEqual([['fax', 'heavy']]);
  });

  test('of status requests are claimed by one of twenty, even when all write the same value', async () => {
    const asks = [{ sessionId: '123456789', atMs: nowMs }] as const;
    const claims = Array.from({ length: 20 }, (_, index) => ({
      owner: `demo-${index}`,
      seenRevision: 0,
      asks,
      nowMs,
    }));
    const claimed = await Promise.all(claims.map((claim) => local.users.claimAsk(user, claim)));
    expect(claimed.filter(Boolean)).toHaveLength(1);
    expect(await local.users.read(user)).toMatchObject({ asks, asksRevision: 1 });
  });

  test('of status requests are claimed when the AWS SDK retries the write', async () => {
    const claim = { owner: 'demo-1', seenRevision: 0, asks: [], nowMs };
    expect(await local.users.claimAsk(user, claim)).toBe(true);
    expect(await local.users.claimAsk(user, claim)).toBe(true);
    expect(await local.users.claimAsk(user, { ...claim, owner: 'demo-2' })).toBe(false);
  });
});

describe('a user’s row', () => {
  const days = (atMs: number): number => Math.ceil(atMs / 1000) + 8 * 24 * 3600;

  test('is deleted eight days after the last token, by epoch seconds', async () => {
    await local.users.takeLease(user, lease('owner-1'));
    expect((await local.row(`USER#${user}`))?.['expiresAt']).toEqual({ N: String(days(nowMs)) });
    await local.users.storeToken(user, 'owner-1', 0, token('demo-1', nowMs + 3_600_000));
    expect((await local.row(`USER#${user}`))?.['expiresAt']).toEqual({ N: String(days(nowMs + 3_600_000)) });
  });

  test.each([
    [
      'a wrong password',
      (): Promise<unknown> =>
        local.users.addWrongPassword(user, {
          source: '192.0.2.1',
          mark: { hash: 'a', atMs: nowMs },
          maxMarks: 31,
          maxSources: 20,
        }),
    ],
    ['a closed group', (): Promise<unknown> => local.users.closeGroup(user, 'heavy', nowMs + 60_000, nowMs)],
    ['a learned group', (): Promise<unknown> => local.users.learnGroup(user, 'fax', 'medium', nowMs)],
    [
      'a status ask',
      (): Promise<unknown> => local.users.claimAsk(user, { owner: 'demo-1', seenRevision: 0, asks: [], nowMs }),
    ],
  ])('that begins with %s is deleted as well', async (_, write) => {
    await write();
    expect((await local.row(`USER#${user}`))?.['expiresAt']).toEqual({ N: String(days(nowMs)) });
  });
});

describe('a session', () => {
  const session = (sessionId: SessionId): Session => demoSession(nowMs, { sessionId });
  const talking = { kind: 'live', call: 'Success', caller: 'Success', callee: 'Success' } as const;

  test('is created once for an id', async () => {
    expect(await local.sessions.create(session('100000001'))).toBe(true);
    expect(await local.sessions.create({ ...session('100000001'), ringOutId: 'other' })).toBe(false);
    expect(await local.sessions.read('100000001', nowMs)).toEqual(session('100000001'));
  });

  test('is deleted a day after it was created, by epoch seconds', async () => {
    await local.sessions.create(session('100000002'));
    expect((await local.row('SESSION#100000002'))?.['expiresAt']).toEqual({ N: String(nowMs / 1000 + 24 * 3600) });
  });

  test('keeps the status that was requested last', async () => {
    await local.sessions.create(session('100000003'));
    await local.sessions.storeState('100000003', talking, nowMs + 5000);
    await local.sessions.storeState('100000003', session('100000003').state, nowMs + 4000);
    expect(await local.sessions.read('100000003', nowMs)).toMatchObject({ state: talking, stateAtMs: nowMs + 5000 });
  });

  test('that is over stays over', async () => {
    await local.sessions.create(session('100000004'));
    await local.sessions.storeState('100000004', { kind: 'gone' }, nowMs + 5000);
    await local.sessions.storeState('100000004', talking, nowMs + 6000);
    expect((await local.sessions.read('100000004', nowMs))?.state).toEqual({ kind: 'gone' });
  });

  test('that does not exist gets no status and no cancel', async () => {
    await local.sessions.storeState('100000005', talking, nowMs);
    await local.sessions.releaseAsk('100000005', nowMs);
    await local.sessions.storeCancel('100000005', nowMs);
    expect(await local.row('SESSION#100000005')).toBeUndefined();
  });

  test('that was cancelled stays cancelled, whatever an earlier status request returns', async () => {
    await local.sessions.create(session('100000006'));
    await local.sessions.storeCancel('100000006', nowMs + 5000);
    expect(await local.sessions.read('100000006', nowMs)).toEqual({
      ...session('100000006'),
      cancelledAtMs: nowMs + 5000,
    });
    await local.sessions.storeState('100000006', talking, nowMs + 4000);
    await local.sessions.releaseAsk('100000006', nowMs + 4500);
    const asked = { state: talking, stateAtMs: nowMs + 4500, cancelledAtMs: nowMs + 5000 };
    expect(await local.sessions.read('100000006', nowMs)).toMatchObject(asked);
  });

  test('has its cancel claimed by one of twenty, and again when that one has died or released it', async () => {
    const { sessions } = local;
    const sid = '100000008';
    await sessions.create(session(sid));
    const owners = Array.from({ length: 20 }, (_, index) => `owner-${index}`);
    const claimed = await Promise.all(owners.map((owner) => sessions.claimCancel(sid, owner, nowMs)));
    expect(claimed.filter(Boolean)).toHaveLength(1);
    const winner = owners[claimed.indexOf(true)] ?? '';
    // The AWS SDK retries a write whose answer was lost.
    expect(await sessions.claimCancel(sid, winner, nowMs)).toBe(true);
    expect(await sessions.claimCancel(sid, 'later', nowMs + 11_999)).toBe(false);
    expect(await sessions.claimCancel(sid, 'later', nowMs + 12_000)).toBe(true);
    await sessions.releaseCancel(sid, winner);
    expect(await sessions.claimCancel(sid, 'next', nowMs + 12_001)).toBe(false);
    await sessions.releaseCancel(sid, 'later');
    expect(await sessions.claimCancel(sid, 'next', nowMs + 12_002)).toBe(true);
    await sessions.storeCancel(sid, nowMs + 12_003);
    expect(await sessions.claimCancel(sid, 'last', nowMs + 60_000)).toBe(false);
    expect(await sessions.claimCancel('100000009', 'nobody', nowMs)).toBe(false);
  });

  test('that is over and then cancelled is over', async () => {
    await local.sessions.create(session('100000007'));
    await local.sessions.storeState('100000007', { kind: 'gone' }, nowMs + 5000);
    await local.sessions.storeCancel('100000007', nowMs + 6000);
    expect((await local.sessions.read('100000007', nowMs))?.state).toEqual({ kind: 'gone' });
  });
});
