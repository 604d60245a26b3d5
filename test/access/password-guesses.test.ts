import { countedAs, hashGuess, isCounted, lockedOutUntilMs, spentMarks } from '../../lib/access/password-guesses.ts';
import type { User } from '../../lib/domain/user.ts';
import type { WrongPassword } from '../../lib/state/user-state.ts';

const nowMs = 1_800_000_000_000;
const secondMs = 1000;
const minuteMs = 60_000;

/** Distinct guesses, one every `stepMs`. The last one is now. */
const guesses = (count: number, stepMs: number): readonly WrongPassword[] =>
  Array.from({ length: count }, (_, index) => ({
    hash: `hash-${index}`,
    atMs: nowMs - (count - 1 - index) * stepMs,
  }));

/** Enough guesses for a lockout, the last one from a clock that is ahead. */
const ahead = (ms: number): readonly WrongPassword[] => [...guesses(30, secondMs), { hash: 'ahead', atMs: nowMs + ms }];

describe('a source is locked out', () => {
  test.each([
    ['not with 30 distinct passwords in five minutes', guesses(30, secondMs), false],
    ['with 31 distinct passwords in five minutes', guesses(31, secondMs), true],
    ['with 31 in exactly five minutes', guesses(31, 10 * secondMs), true],
    ['not with 31 in over five minutes', guesses(31, 10 * secondMs + 1), false],
    ['not with a hundred spread over an hour', guesses(100, 36 * secondMs), false],
    [
      'not with 31 in over five minutes, in any order',
      [15, ...Array.from({ length: 30 }, (_, index) => (index < 15 ? index : index + 1))].flatMap(
        (index) => guesses(31, 10 * secondMs + 1)[index] ?? [],
      ),
      false,
    ],
    [
      'not with 31 in over five minutes of which the first is repeated at the end',
      [...guesses(31, 10 * secondMs + 1), { hash: 'hash-0', atMs: nowMs + 20 * secondMs }],
      false,
    ],
    ['not without guesses', [], false],
    [
      'with 31 in any order, as a set returns them',
      guesses(31, secondMs).toSorted((a, b) => a.hash.localeCompare(b.hash)),
      true,
    ],
    ['not with the same password 31 times', guesses(31, secondMs).map(({ atMs }) => ({ hash: 'same', atMs })), false],
    ['with 31 of which one is from a clock that is 5 s ahead', ahead(5000), true],
    ['not with 31 of which one is from a clock that is over 5 s ahead', ahead(5001), false],
    ['not with 30 of which one is repeated', [...guesses(30, secondMs), { hash: 'hash-0', atMs: nowMs }], false],
  ])('%s', (_, marks, expected) => {
    expect(lockedOutUntilMs(marks, nowMs) !== undefined).toBe(expected);
  });

  test.each([
    ['for fifteen minutes after the last guess', 15 * minuteMs - 1, true],
    ['no longer fifteen minutes after it', 15 * minuteMs, false],
  ])('%s', (_, laterMs, expected) => {
    expect(lockedOutUntilMs(guesses(31, secondMs), nowMs + laterMs)).toBe(expected ? nowMs + 15 * minuteMs : undefined);
  });

  test('also when single guesses long before and after surround the burst', () => {
    const burst = guesses(31, secondMs);
    const strays = [
      { hash: 'before', atMs: nowMs - 60 * minuteMs },
      { hash: 'after', atMs: nowMs + 10 * minuteMs },
    ];
    expect(lockedOutUntilMs([...burst, ...strays], nowMs + 10 * minuteMs)).toBe(nowMs + 15 * minuteMs);
  });
});

const mark = (hash: string, agoMs: number): WrongPassword => ({ hash, atMs: nowMs - agoMs });

describe('a wrong password', () => {
  test.each([
    ['is new without earlier guesses', [], false],
    ['is new beside another one', [mark('b', 1000)], false],
    ['is not new a second after it was counted', [mark('a', 1000)], true],
    ['is not new just under five minutes later', [mark('a', 5 * minuteMs - 1)], true],
    ['is new five minutes later', [mark('a', 5 * minuteMs)], false],
    ['is new when the earlier one is from a clock that is ahead', [mark('a', -2 * minuteMs)], false],
  ])('%s', (_, marks, expected) => {
    expect(isCounted(marks, 'a', nowMs)).toBe(expected);
  });
});

describe('the spent marks of a source are', () => {
  const young = mark('young', 5 * minuteMs - 1);
  const old = mark('old', 5 * minuteMs);
  const refusing = guesses(31, secondMs);
  test.each<[string, readonly WrongPassword[], number, readonly WrongPassword[]]>([
    ['those that are five minutes old', [old, young], 0, [old]],
    ['the earlier ones of the same password', [mark('a', 2000), mark('a', 1000)], 0, [mark('a', 2000)]],
    ['those of a clock that is ahead', [mark('ahead', -2 * minuteMs), young], 0, [mark('ahead', -2 * minuteMs)]],
    ['none during the lockout, however old they are', refusing, 14 * minuteMs, []],
    ['all after the lockout', refusing, 15 * minuteMs, refusing],
  ])('%s', (_, marks, laterMs, expected) => {
    expect(spentMarks(marks, nowMs + laterMs)).toEqual(expected);
  });
});

describe('a source is counted', () => {
  const busy = (count: number): ReadonlyMap<string, readonly WrongPassword[]> =>
    new Map(Array.from({ length: count }, (_, index) => [`source-${index}`, [mark('x', 1000)]]));
  const quiet: [string, readonly WrongPassword[]] = ['quiet', [mark('x', 6 * minuteMs)]];
  const refused: [string, readonly WrongPassword[]] = [
    'locked out',
    guesses(31, secondMs).map(({ hash, atMs }) => ({ hash, atMs: atMs - 14 * minuteMs })),
  ];
  test.each<[string, ReadonlyMap<string, readonly WrongPassword[]>, string, string]>([
    ['separately beside 19 others', busy(19), 'new', 'new'],
    ['with the rest beside 20 others', busy(20), 'new', 'others'],
    ['separately if it is one of the 20', busy(20), 'source-7', 'source-7'],
    ['separately when one of 20 has no recent guesses', new Map([...busy(19), quiet]), 'new', 'new'],
    [
      'with the rest when one of 20 has no recent guesses but is locked out',
      new Map([...busy(19), refused]),
      'new',
      'others',
    ],
    [
      'separately while it is locked out, also without recent guesses',
      new Map([...busy(25), refused]),
      'locked out',
      'locked out',
    ],
    ['with the rest once it has no recent guesses', new Map([...busy(20), quiet]), 'quiet', 'others'],
    ['separately when the rest is one of 20', new Map([...busy(19), ['others', [mark('x', 1)]]]), 'new', 'new'],
  ])('%s', (_, known, source, expected) => {
    expect(countedAs(known, source, nowMs)).toBe(expected);
  });
});

describe('the hash of a guess', () => {
  const user = { key: 'demo-user', clientSecret: 'demo-client-secret' } as User;

  test('differs between passwords, users and secrets', () => {
    const hashes = [
      hashGuess(user, '1234'),
      hashGuess(user, '1235'),
      hashGuess({ ...user, key: 'demo-other' }, '1234'),
      hashGuess({ ...user, clientSecret: 'demo-other-secret' }, '1234'),
    ];
    expect(new Set(hashes).size).toBe(4);
  });

  test('is short, and the same for the same guess', () => {
    expect(hashGuess(user, '1234')).toBe(hashGuess(user, '1234'));
    expect(hashGuess(user, '1234')).toMatch(/^[A-Za-z0-9_-]{8}$/);
  });
});
