import { readUserRow } from '../../lib/state/user-row.ts';
import { blankState } from '../../lib/state/user-state.ts';

const whole = {
  pk: { S: 'USER#demo' },
  expiresAt: { N: '1800691200' },
  accessToken: { S: 'demo-access' },
  issuedAtMs: { N: '1800000000000' },
  expiresAtMs: { N: '1800003600000' },
  refreshToken: { S: 'demo-refresh' },
  refreshExpiresAtMs: { N: '1800604800000' },
  fingerprint: { S: 'demo-fingerprint' },
  tokenVersion: { N: '7' },
  leaseOwner: { S: 'owner-1' },
  leaseUntilMs: { N: '1800000013000' },
  refusedFingerprint: { S: 'demo-fingerprint' },
  refusedUntilMs: { N: '1800000060000' },
  refusedCode: { S: 'client_refused' },
  'closed#heavy': { N: '1800000030000' },
  'closed#auth': { N: '1800000040000' },
  'group#fax': { S: 'medium' },
  'wrong#2001:db8::1': { SS: ['aaaaaaaa@1800000000000', 'bbbbbbbb@1800000001000'] },
  asks: { L: [{ S: '123456789@1800000000000' }] },
  asksRevision: { N: '4' },
  faxIds: { L: [{ S: '1001' }, { S: '1002' }] },
  faxesDone: { N: '7' },
  grantFailedUntilMs: { N: '1800000015000' },
  grantFailedCode: { S: 'timeout' },
};

test('a complete row is read attribute by attribute', () => {
  expect(readUserRow(whole)).toEqual({
    token: {
      accessToken: 'demo-access',
      issuedAtMs: 1_800_000_000_000,
      expiresAtMs: 1_800_003_600_000,
      refreshToken: 'demo-refresh',
      refreshExpiresAtMs: 1_800_604_800_000,
      fingerprint: 'demo-fingerprint',
    },
    version: 7,
    failedGrant: { untilMs: 1_800_000_015_000, code: 'timeout' },
    lease: { owner: 'owner-1', untilMs: 1_800_000_013_000 },
    refusal: { fingerprint: 'demo-fingerprint', untilMs: 1_800_000_060_000, code: 'client_refused' },
    closed: new Map([
      ['heavy', 1_800_000_030_000],
      ['auth', 1_800_000_040_000],
    ]),
    groups: new Map([['fax', 'medium']]),
    wrongPasswords: new Map([
      [
        '2001:db8::1',
        [
          { hash: 'aaaaaaaa', atMs: 1_800_000_000_000 },
          { hash: 'bbbbbbbb', atMs: 1_800_000_001_000 },
        ],
      ],
    ]),
    asks: [{ sessionId: '123456789', atMs: 1_800_000_000_000 }],
    asksRevision: 4,
    faxIds: ['1001', '1002'],
    faxesDone: 7,
  });
});

test.each([
  ['no row', undefined],
  ['an empty row', { pk: { S: 'USER#demo' } }],
])('%s is a blank state', (_, item) => {
  expect(readUserRow(item)).toEqual(blankState);
});

test.each([
  ['a token without its times', { ...whole, issuedAtMs: { S: 'now' } }, { token: undefined }],
  ['a token without its expiry', { ...whole, expiresAtMs: { N: 'never' } }, { token: undefined }],
  ['a token without its fingerprint', { ...whole, fingerprint: { N: '1' } }, { token: undefined }],
  ['a token that is not text', { ...whole, accessToken: { N: '1' } }, { token: undefined }],
  ['a lease without its owner', { ...whole, leaseOwner: { N: '1' } }, { lease: undefined }],
  ['a refusal without its fingerprint', { ...whole, refusedFingerprint: { N: '1' } }, { refusal: undefined }],
  ['a log of status requests that is not a list', { ...whole, asks: { S: '123456789@5' } }, { asks: [] }],
  [
    'a set of wrong passwords that is not a set',
    { ...whole, 'wrong#2001:db8::1': { S: 'aaaaaaaa@5' } },
    { wrongPasswords: new Map([['2001:db8::1', []]]) },
  ],
  ['a lease without its deadline', { ...whole, leaseUntilMs: { S: '' } }, { lease: undefined }],
  ['a refusal without its end', { ...whole, refusedUntilMs: { S: '' } }, { refusal: undefined }],
  [
    'a mark without its time',
    { ...whole, 'closed#heavy': { S: 'x' } },
    { closed: new Map([['auth', 1_800_000_040_000]]) },
  ],
  [
    'a wrong password without its time',
    { ...whole, 'wrong#2001:db8::1': { SS: ['aaaaaaaa', '@5', 'b@x'] } },
    { wrongPasswords: new Map([['2001:db8::1', []]]) },
  ],
  ['a status request without its time', { ...whole, asks: { L: [{ N: '1' }, { S: '123456789' }] } }, { asks: [] }],
])('%s counts as absent', (_, item, expected) => {
  expect(readUserRow(item)).toMatchObject(expected);
});

test('a refusal with a code of another version still refuses', () => {
  expect(readUserRow({ ...whole, refusedCode: { S: 'something_new' } }).refusal?.code).toBe('jwt_refused');
});

test('a failure with a code of another version is still a failure', () => {
  expect(readUserRow({ ...whole, grantFailedCode: { S: 'something_new' } }).failedGrant?.code).toBe('upstream_error');
});
