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
  isNoted,
  maxMarks,
  maxSources,
  notedUntilMs,
  otherSources,
  refusedUntilMs,
  spentMarks,
} from './password-guesses.ts';

/** The count of the wrong passwords that one source has sent for one user. */
export interface GuessCount {
  /** Whether this container has seen that the source is refused for now. */
  isKnownToBeRefused(): boolean;
  /** Whether a right password from this source is refused, by the user's state as it was read after comparing. */
  isLockedOut(state: UserState): Promise<boolean>;
  /** Notes a wrong password, if it is new; tells whether the source is refused. Throws StateUnavailable. */
  note(password: string): Promise<'noted' | 'refused'>;
}

/** Times a mark is tried to be added: as the row is expected to be, and then as it was found. */
const maxTries = 4;

export function createGuessCount(parts: {
  readonly user: User;
  readonly source: string;
  readonly store: UserStore;
  readonly memory: GuessMemory;
  readonly clock: Clock;
}): GuessCount {
  const { user, source, store, memory, clock } = parts;
  const refusedFact = `${user.key} ${source}`;

  /** Adds a mark to a source's own, or to the one of all others; false when there is no room for it. */
  function add(countAs: string, hash: string): Promise<boolean> {
    return store.addWrongPassword(user.key, {
      source: countAs,
      mark: { hash, atMs: clock.nowMs() },
      maxMarks,
      maxSources: countAs === otherSources ? undefined : maxSources,
    });
  }

  function refused({ wrongPasswords }: UserState): boolean {
    const nowMs = clock.nowMs();
    const untilMs = refusedUntilMs(wrongPasswords.get(countedAs(wrongPasswords, source, nowMs)) ?? [], nowMs);
    if (untilMs !== undefined) memory.keep(refusedFact, untilMs);
    return untilMs !== undefined;
  }

  async function note(hash: string): Promise<'noted' | 'refused'> {
    const notedFact = `${refusedFact} ${hash}`;
    if (memory.holds(notedFact, clock.nowMs())) return 'noted';
    const noted = (): 'noted' => {
      memory.keep(notedFact, notedUntilMs(clock.nowMs()));
      return 'noted';
    };
    let countAs = source;
    for (let tries = 1; tries <= maxTries; tries += 1) {
      if (await add(countAs, hash)) return noted();
      const state = await store.read(user.key);
      if (refused(state)) return 'refused';
      const nowMs = clock.nowMs();
      const { wrongPasswords } = state;
      countAs = countedAs(wrongPasswords, source, nowMs);
      if (isNoted(wrongPasswords.get(countAs) ?? [], hash, nowMs)) return noted();
      await store.forgetWrongPasswords(
        user.key,
        spentAmong(wrongPasswords, (marks) => spentMarks(marks, nowMs)),
      );
    }
    return 'noted';
  }

  return {
    isKnownToBeRefused: () => memory.holds(refusedFact, clock.nowMs()),
    async isLockedOut(state) {
      if (!refused(state)) return false;
      // What a wrong password costs a refused source, a right one costs as well: a read, and a write there is no room
      // for. Otherwise the time taken would tell the two apart, and guessing could go on.
      if (user.legacyPassword !== null) await unlessTableDown(add(source, hashGuess(user, user.legacyPassword)));
      return true;
    },
    note: (password) => note(hashGuess(user, password)),
  };
}
