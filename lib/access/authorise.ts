import { createHash, timingSafeEqual } from 'node:crypto';
import type { Credentials } from '../domain/credentials.ts';
import { LegacyFailure } from '../domain/failure.ts';
import type { Clock } from '../domain/ports.ts';
import type { User } from '../domain/user.ts';
import { ifAvailable } from '../state/table.ts';
import type { SeenState } from '../state/user-state.ts';
import type { UserStore } from '../state/user-store.ts';
import { hashGuess, isRefused, noteGuess } from './password-guesses.ts';
import type { UserDirectory } from './user-directory.ts';

/** Whose request it is, and the user's shared state, read once for the whole request. */
export interface Authorised {
  readonly user: User;
  readonly state: SeenState;
}

/**
 * Decides whose request it is. Throws LegacyFailure `credentials` for an unknown user, a wrong password and a source
 * that has guessed too much alike, so that the answer tells nobody which it was. Asks RingCentral nothing. That an
 * unknown user is refused sooner, without reading the table, tells no secret: the number is one anybody may call.
 *
 * @param sourceIp the caller's address, by which guesses are counted
 */
export async function authorise(
  credentials: Credentials,
  sourceIp: string,
  parts: { readonly directory: UserDirectory; readonly store: UserStore; readonly clock: Clock },
): Promise<Authorised> {
  const { directory, store, clock } = parts;
  const user = directory.find(credentials);
  if (user === undefined) throw new LegacyFailure('credentials', { note: 'no such user' });
  const state = await readState(store, user);
  if (user.legacyPassword === null) return { user, state };

  const marks = state === 'unavailable' ? [] : (state.wrongPasswords.get(sourceIp) ?? []);
  const matches = passwordsMatch(credentials.password ?? '', user.legacyPassword);
  if (isRefused(marks, clock.nowMs())) {
    throw new LegacyFailure('credentials', { note: 'too many wrong passwords from this source' });
  }
  if (matches) return { user, state };
  const note =
    state === 'unavailable' || credentials.password === undefined
      ? undefined
      : noteGuess(state.wrongPasswords, sourceIp, hashGuess(user, credentials.password), clock.nowMs());
  if (note !== undefined) {
    await ifAvailable(store.addWrongPassword(user.key, sourceIp, note.mark, note.kept, note.dropped, clock.nowMs()));
  }
  throw new LegacyFailure('credentials', { note: 'wrong password' });
}

/** The user's state, or the fact that the table cannot be used right now: a legacy request is served all the same. */
export function readState(store: UserStore, user: User): Promise<SeenState> {
  return ifAvailable(store.read(user.key));
}

/** Compares in constant time; hashing first makes the lengths equal. */
function passwordsMatch(given: string, stored: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(stored));
}
