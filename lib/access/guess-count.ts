import type { Clock } from '../domain/ports.ts';
import type { User } from '../domain/user.ts';
import { unlessTableDown } from '../state/table.ts';
import type { UserState } from '../state/user-state.ts';
import type { UserStore } from '../state/user-store.ts';
import { spentAmong } from '../state/wrong-password-writes.ts';
import type { GuessMemory } from './guess-memory.ts';
import {
  countedAs,
  hashGuess,
  isCounted,
  maxMarks,
  maxSources,
  countedUntilMs,
  otherSources,
  lockedOutUntilMs,
  spentMarks,
} from './password-guesses.ts';

/** Counts the wrong passwords that one source has sent for one user. */
export interface GuessCount {
  /** Returns whether this container remembers that the source is locked out now. */
  isKnownToBeLockedOut(): boolean;
  /**
   * Returns whether the source is locked out, which refuses even a right password. `state` must be read after
   * comparing.
   */
  isLockedOut(state: UserState): Promise<boolean>;
  /**
   * Stores a wrong password if it is new. Returns `locked out` when the source is locked out. Throws StateUnavailable.
   */
  add(password: string): Promise<'counted' | 'locked out'>;
}

/** Attempts to add a mark. The first assumes the expected state of the row; each further one uses the row as read. */
const maxTries = 4;

export function createGuessCount(parts: {
  readonly user: User;
  readonly source: string;
  readonly store: UserStore;
  readonly memory: GuessMemory;
  readonly clock: Clock;
}): GuessCount {
  const { user, source, store, memory, clock } = parts;
  const lockedOutFact = `${user.key} ${source}`;

  /**
   * Adds a mark to the source's own count, or to the shared count of all others. Returns false when there is no room.
   */
  function addMark(countAs: string, hash: string): Promise<boolean> {
    return store.addWrongPassword(user.key, {
      source: countAs,
      mark: { hash, atMs: clock.nowMs() },
      maxMarks,
      maxSources: countAs === otherSources ? undefined : maxSources,
    });
  }

  function isLockedOut({ wrongPasswords }: UserState): boolean {
    const nowMs = clock.nowMs();
    const untilMs = lockedOutUntilMs(wrongPasswords.get(countedAs(wrongPasswords, source, nowMs)) ?? [], nowMs);
    if (untilMs !== undefined) memory.keep(lockedOutFact, untilMs);
    return untilMs !== undefined;
  }

  async function count(hash: string): Promise<'counted' | 'locked out'> {
    const countedFact = `${lockedOutFact} ${hash}`;
    if (memory.holds(countedFact, clock.nowMs())) return 'counted';
    const counted = (): 'counted' => {
      memory.keep(countedFact, countedUntilMs(clock.nowMs()));
      return 'counted';
    };
    let countAs = source;
    for (let tries = 1; tries <= maxTries; tries += 1) {
      if (await addMark(countAs, hash)) return counted();
      const state = await store.read(user.key);
      if (isLockedOut(state)) return 'locked out';
      const nowMs = clock.nowMs();
      const { wrongPasswords } = state;
      countAs = countedAs(wrongPasswords, source, nowMs);
      if (isCounted(wrongPasswords.get(countAs) ?? [], hash, nowMs)) return counted();
      await store.forgetWrongPasswords(
        user.key,
        spentAmong(wrongPasswords, (marks) => spentMarks(marks, nowMs)),
      );
    }
    return 'counted';
  }

  return {
    isKnownToBeLockedOut: () => memory.holds(lockedOutFact, clock.nowMs()),
    async isLockedOut(state) {
      if (!isLockedOut(state)) return false;
      // A right password from a locked-out source must cost the same as a wrong one: a read, and a write that finds no
      // room. Otherwise the response time would tell the two apart, and guessing could go on.
      if (user.legacyPassword !== null) await unlessTableDown(addMark(source, hashGuess(user, user.legacyPassword)));
      return true;
    },
    add: (password) => count(hashGuess(user, password)),
  };
}
