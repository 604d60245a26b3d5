import { createHmac } from 'node:crypto';
import { clockToleranceMs } from '../domain/mark-life.ts';
import type { User } from '../domain/user.ts';
import { wrongPasswordLifeMs, type WrongPassword } from '../state/user-state.ts';
import type { WrongPasswords } from '../state/wrong-password-writes.ts';

/** A source with more distinct wrong passwords than this within {@link windowMs} is locked out. */
const allowedGuesses = 30;
/** Milliseconds within which {@link allowedGuesses} counts. */
const windowMs = 5 * 60_000;
/** Milliseconds for which a source is locked out. */
const refusedMs = wrongPasswordLifeMs - windowMs;

/** Most marks of one source: as many as it takes to lock it out. */
export const maxMarks = allowedGuesses + 1;
/** Most sources with a count of their own, for each user. */
export const maxSources = 20;
/** The name under which all other sources are counted together. */
export const otherSources = 'others';

/**
 * Returns the mark of a wrong password: the first 48 bits of an HMAC. They suffice to tell a few dozen passwords apart,
 * and are too few to search for the password with. The key makes the table alone useless to an attacker.
 */
export function hashGuess(user: User, password: string): string {
  return createHmac('sha256', user.clientSecret).update(`${user.key} ${password}`).digest('base64url').slice(0, 8);
}

/**
 * Returns until when (epoch milliseconds) a source is locked out; undefined when it is not. A source is locked out if
 * some window of five minutes holds more than thirty distinct wrong passwords, and the last of them is less than
 * fifteen minutes old. No marks are added during a lockout, so it ends.
 */
export function lockedOutUntilMs(marks: readonly WrongPassword[], nowMs: number): number | undefined {
  const guesses = distinct(marks.filter((mark) => isBelievable(mark, nowMs)));
  const last = guesses.findLast((guess, index) => {
    const first = guesses[index - allowedGuesses];
    return first !== undefined && guess.atMs - first.atMs <= windowMs;
  });
  return last !== undefined && nowMs < last.atMs + refusedMs ? last.atMs + refusedMs : undefined;
}

/**
 * Returns the name under which a source is counted. It is the source's own while it has marks that count, or while
 * fewer than twenty others have. A locked-out source keeps its place, so that nobody can make room by guessing from
 * other addresses.
 */
export function countedAs(known: WrongPasswords, source: string, nowMs: number): string {
  const counting = [...known.keys()].filter(
    (name) => name !== otherSources && spentMarks(known.get(name) ?? [], nowMs).length < (known.get(name)?.length ?? 0),
  );
  return counting.includes(source) || counting.length < maxSources ? source : otherSources;
}

/** Returns whether a wrong password is stored already. A program that repeats one stale password is not guessing. */
export function isCounted(marks: readonly WrongPassword[], hash: string, nowMs: number): boolean {
  return marks.some((mark) => mark.hash === hash && isYoung(mark, nowMs));
}

/** Returns until when (epoch milliseconds) a password stored now need not be stored again. */
export const countedUntilMs = (nowMs: number): number => nowMs + windowMs;

/**
 * Returns the marks of one source that no longer count: old ones unless the source is locked out, those written by a
 * wrong clock, and all but the last of each password.
 */
export function spentMarks(marks: readonly WrongPassword[], nowMs: number): readonly WrongPassword[] {
  const believable = marks.filter((mark) => isBelievable(mark, nowMs));
  const isLockedOut = lockedOutUntilMs(believable, nowMs) !== undefined;
  const counting = new Set(isLockedOut ? believable : distinct(believable).filter((mark) => isYoung(mark, nowMs)));
  return marks.filter((mark) => !counting.has(mark));
}

function isYoung(mark: WrongPassword, nowMs: number): boolean {
  return isBelievable(mark, nowMs) && nowMs - mark.atMs < windowMs;
}

function isBelievable({ atMs }: WrongPassword, nowMs: number): boolean {
  return atMs <= nowMs + clockToleranceMs;
}

/** Returns the marks in order of time. A password with several marks counts at the time of the last. */
function distinct(marks: readonly WrongPassword[]): readonly WrongPassword[] {
  const byTime = (a: WrongPassword, b: WrongPassword): number => a.atMs - b.atMs;
  const latest = new Map(marks.toSorted(byTime).map((mark) => [mark.hash, mark]));
  return [...latest.values()].sort(byTime);
}
