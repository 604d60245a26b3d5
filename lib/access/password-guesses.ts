import { createHmac } from 'node:crypto';
import { clockToleranceMs } from '../domain/mark-life.ts';
import type { User } from '../domain/user.ts';
import { wrongPasswordLifeMs, type WrongPassword } from '../state/user-state.ts';
import type { WrongPasswords } from '../state/wrong-password-writes.ts';

/** More distinct wrong passwords than this … */
const allowedGuesses = 30;
/** … within this time … */
const windowMs = 5 * 60_000;
/** … and the source is refused for this long. */
const refusedMs = wrongPasswordLifeMs - windowMs;

/** Marks a source may have: as many as it takes to be refused. */
export const maxMarks = allowedGuesses + 1;
/** Sources that are counted by themselves, for each user. */
export const maxSources = 20;
/** What all other sources are counted as, together. */
export const otherSources = 'others';

/**
 * A mark for a wrong password: the first 48 bits of an HMAC, enough to tell a few dozen apart and too few to search
 * for the password with, keyed so that the table alone is of no use.
 */
export function hashGuess(user: User, password: string): string {
  return createHmac('sha256', user.clientSecret).update(`${user.key} ${password}`).digest('base64url').slice(0, 8);
}

/**
 * Until when (epoch milliseconds) a source is refused: some window of five minutes holds more than thirty distinct wrong
 * passwords, and the last of them is less than fifteen minutes old. Undefined for a source that is not. While it is
 * refused nothing is added, so the refusal ends.
 */
export function refusedUntilMs(marks: readonly WrongPassword[], nowMs: number): number | undefined {
  const guesses = distinct(marks.filter((mark) => isBelievable(mark, nowMs)));
  const last = guesses.findLast((guess, index) => {
    const first = guesses[index - allowedGuesses];
    return first !== undefined && guess.atMs - first.atMs <= windowMs;
  });
  return last !== undefined && nowMs < last.atMs + refusedMs ? last.atMs + refusedMs : undefined;
}

/**
 * What a source is counted as: by itself while it has marks that count, or while fewer than twenty others have. A source
 * that is refused keeps its place, so that nobody can make room for himself by guessing from other addresses.
 */
export function countedAs(known: WrongPasswords, source: string, nowMs: number): string {
  const counting = [...known.keys()].filter(
    (name) => name !== otherSources && spentMarks(known.get(name) ?? [], nowMs).length < (known.get(name)?.length ?? 0),
  );
  return counting.includes(source) || counting.length < maxSources ? source : otherSources;
}

/** Whether a wrong password is noted already: a program that repeats one stale password guesses nothing. */
export function isNoted(marks: readonly WrongPassword[], hash: string, nowMs: number): boolean {
  return marks.some((mark) => mark.hash === hash && isYoung(mark, nowMs));
}

/** Until when (epoch milliseconds) a password noted now need not be noted again. */
export const notedUntilMs = (nowMs: number): number => nowMs + windowMs;

/**
 * Marks of one source that decide nothing any more: old ones, unless the source is refused; those of a wrong clock; and
 * all but the last of one password.
 */
export function spentMarks(marks: readonly WrongPassword[], nowMs: number): readonly WrongPassword[] {
  const believable = marks.filter((mark) => isBelievable(mark, nowMs));
  const isRefused = refusedUntilMs(believable, nowMs) !== undefined;
  const counting = new Set(isRefused ? believable : distinct(believable).filter((mark) => isYoung(mark, nowMs)));
  return marks.filter((mark) => !counting.has(mark));
}

function isYoung(mark: WrongPassword, nowMs: number): boolean {
  return isBelievable(mark, nowMs) && nowMs - mark.atMs < windowMs;
}

function isBelievable({ atMs }: WrongPassword, nowMs: number): boolean {
  return atMs <= nowMs + clockToleranceMs;
}

/** By time; a password that was noted more than once counts as of the last time. */
function distinct(marks: readonly WrongPassword[]): readonly WrongPassword[] {
  const byTime = (a: WrongPassword, b: WrongPassword): number => a.atMs - b.atMs;
  const latest = new Map(marks.toSorted(byTime).map((mark) => [mark.hash, mark]));
  return [...latest.values()].sort(byTime);
}
