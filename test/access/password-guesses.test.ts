import { hashGuess, isRefused, noteGuess } from '../../lib/access/password-guesses.ts';
import type { User } from '../../lib/domain/user.ts';
import type { WrongPassword } from '../../lib/state/user-state.ts';

const nowMs = 1_800_000_000_000;
const secondMs = 1000;
const minuteMs = 60_000;

/** So many distinct guesses, one each `stepMs`, the last one now. */
const guesses = (count: number, stepMs: number): readonly WrongPassword[] =>
  Array.from({ length: count }, (_, index) => ({
    hash: `hash-${index}`,
    atMs: nowMs - (count - 1 - index) * stepMs,
  }));

describe('a source is refused', () => {
  test.each([
    ['with 30 distinct passwords in five minutes', guesses(30, secondMs), false],
    ['with 31', guesses(31, secondMs), true],
    ['with 31 in just five minutes', guesses(31, 10 * secondMs), true],
    ['with 31 in a little more', guesses(31, 10 * secondMs + 1), false],
    ['with a hundred spread over an hour', guesses(100, 36 * secondMs), false],
    [
      'with 31 in a little more, in any order',
      [15, ...Array.from({ length: 30 }, (_, index) => (index < 15 ? index : index + 1))].flatMap(
        (index) => guesses(31, 10 * secondMs + 1)[index] ?? [],
      ),
      false,
    ],
    [
      'with 31 of which the first came once more at the end, outside of five minutes',
      [...guesses(31, 10 * secondMs + 1), { hash: 'hash-0', atMs: nowMs + 20 * secondMs }],
      false,
    ],
    ['with none', [], false],
    [
      'with 31 in any order, as a set returns them',
      guesses(31, secondMs).toSorted((a, b) => a.hash.localeCompare(b.hash)),
      true,
    ],
    ['with the same password 31 times', guesses(31, secondMs).map(({ atMs }) => ({ hash: 'same', atMs })), false],
    ['with 30 and one of them once more', [...guesses(30, secondMs), { hash: 'hash-0', atMs: nowMs }], false],
  ])('%s', (_, marks, expected) => {
    expect(isRefused(marks, nowMs)).toBe(expected);
  });

  test.each([
    ['for fifteen minutes after the last guess', 15 * minuteMs - 1, true],
    ['and then no longer', 15 * minuteMs, false],
  ])('%s', (_, laterMs, expected) => {
    expect(isRefused(guesses(31, secondMs), nowMs + laterMs)).toBe(expected);
  });

  test('also when single guesses long before and after surround the burst', () => {
    const burst = guesses(31, secondMs);
    const strays = [
      { hash: 'before', atMs: nowMs - 60 * minuteMs },
      { hash: 'after', atMs: nowMs + 10 * minuteMs },
    ];
    expect(isRefused([...burst, ...strays], nowMs + 10 * minuteMs)).toBe(true);
  });
});

describe('a wrong password', () => {
  const mark = (hash: string, agoMs: number): WrongPassword => ({ hash, atMs: nowMs - agoMs });
  const known = (marks: readonly WrongPassword[]): ReadonlyMap<string, readonly WrongPassword[]> =>
    new Map([['198.51.100.7', marks]]);
  const note = { mark: { hash: 'a', atMs: nowMs }, kept: undefined, dropped: [] };

  test.each([
    ['of an unknown source is added', known([]), note],
    ['beside another is added', known([mark('b', 1000)]), note],
    ['seen a moment ago is nothing new', known([mark('a', 1000)]), undefined],
    ['seen just under five minutes ago is nothing new', known([mark('a', 5 * minuteMs - 1)]), undefined],
    [
      'seen five minutes ago is noted again, in place of the old marks',
      known([mark('a', 5 * minuteMs)]),
      { ...note, kept: [] },
    ],
    [
      'after old ones only replaces them',
      known([mark('b', 6 * minuteMs), mark('c', 7 * minuteMs)]),
      { ...note, kept: [] },
    ],
    ['after old and young ones is added', known([mark('b', 6 * minuteMs), mark('c', 1000)]), note],
  ])('%s', (_, marks, expected) => {
    expect(noteGuess(marks, '198.51.100.7', 'a', nowMs)).toEqual(expected);
  });

  test('in a crowd of more marks than a window can explain is kept with the young ones', () => {
    const old = Array.from({ length: 59 }, (_, index) => mark(`old-${index}`, 6 * minuteMs));
    const young = [mark('b', 2000), mark('c', 1000)];
    expect(noteGuess(known([...old, ...young]), '198.51.100.7', 'a', nowMs)).toEqual({ ...note, kept: young });
    expect(noteGuess(known([...old, mark('b', 2000)]), '198.51.100.7', 'a', nowMs)).toEqual(note);
  });

  test.each([
    ['19 others: none is dropped', 19, 'new', []],
    ['20 others: the one quiet for longest is', 20, 'new', ['source-0']],
    [
      '25 others: as many as are too many',
      25,
      'new',
      ['source-0', 'source-1', 'source-2', 'source-3', 'source-4', 'source-5'],
    ],
    ['20, itself among them: none is dropped', 20, 'source-0', []],
  ])('of a source beside %s', (_, count, source, dropped) => {
    const sources = new Map(
      Array.from({ length: count }, (__, index) => [
        `source-${index}`,
        [mark('x', 60 * minuteMs), mark('y', (count - index) * 1000)],
      ]),
    );
    expect(noteGuess(sources, source, 'a', nowMs)?.dropped).toEqual(dropped);
  });
});

test('the source to drop is the one whose last guess is oldest, wherever it stands', () => {
  const at = (...agoMs: readonly number[]): readonly WrongPassword[] =>
    agoMs.map((ms, index) => ({ hash: `hash-${index}`, atMs: nowMs - ms }));
  const busy = Array.from({ length: 18 }, (_, index): [string, readonly WrongPassword[]] => [
    `busy-${index}`,
    at(1000 + index),
  ]);
  const known = new Map([['long-known', at(90 * minuteMs, 500)], ...busy, ['quiet', at(30 * minuteMs)]]);
  expect(noteGuess(known, 'new', 'a', nowMs)?.dropped).toEqual(['quiet']);
  expect(noteGuess(known, 'quiet', 'a', nowMs)?.dropped).toEqual([]);
});

describe('the hash of a guess', () => {
  const user = { key: 'demo-user', clientSecret: 'demo-client-secret' } as User;

  test('tells passwords, users and secrets apart', () => {
    const hashes = [
      hashGuess(user, '1234'),
      hashGuess(user, '1235'),
      hashGuess({ ...user, key: 'demo-other' }, '1234'),
      hashGuess({ ...user, clientSecret: 'demo-other-secret' }, '1234'),
    ];
    expect(new Set(hashes).size).toBe(4);
  });

  test('is the same for the same, and short', () => {
    expect(hashGuess(user, '1234')).toBe(hashGuess(user, '1234'));
    expect(hashGuess(user, '1234')).toMatch(/^[A-Za-z0-9_-]{8}$/);
  });
});
