import { createHmac } from 'node:crypto';
import type { User } from '../domain/user.ts';
import type { WrongPassword } from '../state/user-state.ts';

/** More distinct wrong passwords than this … */
const allowedGuesses = 30;
/** … within this time … */
const windowMs = 5 * 60_000;
/** … and the source is refused for this long. */
const refusedMs = 15 * 60_000;
/** Sources remembered per user; the one whose last guess is oldest goes first. */
const maxSources = 20;
/** A set that has grown larger than a window can explain is rewritten without its old marks. */
const crowdedSet = 2 * allowedGuesses;

/**
 * A mark for a wrong password: the first 48 bits of an HMAC, enough to tell a few dozen apart and too few to search
 * for the password with, keyed so that the table alone is of no use.
 */
export function hashGuess(user: User, password: string): string {
  return createHmac('sha256', user.clientSecret).update(`${user.key} ${password}`).digest('base64url').slice(0, 8);
}

/**
 * Whether a source has guessed too much: some window of five minutes holds more than thirty distinct wrong passwords,
 * and the last of them is less than fifteen minutes old. While it is refused nothing is added, so the refusal ends.
 */
export function isRefused(marks: readonly WrongPassword[], nowMs: number): boolean {
  const guesses = distinct(marks);
  return guesses.some((last, index) => {
    const first = guesses[index - allowedGuesses];
    return first !== undefined && last.atMs - first.atMs <= windowMs && nowMs < last.atMs + refusedMs;
  });
}

/** How to note one more wrong password. */
export interface GuessNote {
  readonly mark: WrongPassword;
  /** The marks to keep when the source's are to be written anew; undefined to add to them. */
  readonly kept: readonly WrongPassword[] | undefined;
  /** Sources to forget. */
  readonly dropped: readonly string[];
}

/** Undefined when there is nothing new to note: a program that repeats one stale password guesses nothing. */
export function noteGuess(
  known: ReadonlyMap<string, readonly WrongPassword[]>,
  source: string,
  hash: string,
  nowMs: number,
): GuessNote | undefined {
  const marks = known.get(source) ?? [];
  const isYoung = (mark: WrongPassword): boolean => nowMs - mark.atMs < windowMs;
  if (marks.some((mark) => mark.hash === hash && isYoung(mark))) return undefined;
  const young = marks.filter(isYoung);
  const rewrite = marks.length > 0 && (young.length === 0 || marks.length > crowdedSet);
  return { mark: { hash, atMs: nowMs }, kept: rewrite ? young : undefined, dropped: oldestSources(known, source) };
}

/** The sources to drop so that no more than the limit remain, the present one counted. */
function oldestSources(known: ReadonlyMap<string, readonly WrongPassword[]>, present: string): readonly string[] {
  const others = [...known.entries()]
    .filter(([source]) => source !== present)
    .map(([source, marks]) => ({ source, lastMs: Math.max(...marks.map((mark) => mark.atMs)) }))
    .sort((a, b) => a.lastMs - b.lastMs);
  return others.slice(0, Math.max(0, others.length - (maxSources - 1))).map(({ source }) => source);
}

/** By time; a password that was noted more than once counts as of the last time. */
function distinct(marks: readonly WrongPassword[]): readonly WrongPassword[] {
  const byTime = (a: WrongPassword, b: WrongPassword): number => a.atMs - b.atMs;
  const latest = new Map(marks.toSorted(byTime).map((mark) => [mark.hash, mark]));
  return [...latest.values()].sort(byTime);
}
