import { createHash, timingSafeEqual } from 'node:crypto';
import { LegacyFailure } from '../domain/failure.ts';
import type { Clock } from '../domain/ports.ts';
import type { User } from '../domain/user.ts';
import { unlessTableDown } from '../state/table.ts';
import type { SeenState } from '../state/user-state.ts';
import type { UserStore } from '../state/user-store.ts';
import { createGuessCount, type GuessCount } from './guess-count.ts';
import type { GuessMemory } from './guess-memory.ts';
import { guessSource } from './guess-source.ts';

/** The authorised user and their shared state, which is read once for the whole request. */
export interface Authorised {
  readonly user: User;
  readonly state: SeenState;
}

/** Dependencies of {@link authorise}. */
export interface AuthoriseParts {
  readonly store: UserStore;
  readonly guessMemory: GuessMemory;
  readonly clock: Clock;
  /** Called when the password has matched, before the row is read: the request may still be refused. */
  readonly matched: () => void;
}

/**
 * Decides whether a request may act as the user it names. Throws LegacyFailure `credentials` for an unknown user, for a
 * wrong password and for a locked-out source. The answers are equal, so they do not reveal which it was. Sends nothing
 * to RingCentral. An unknown user is refused sooner, without reading the table. That timing reveals no secret: the
 * number is one that anybody may call.
 *
 * The password is compared first. A request with the right password then reads the marks of its source, and a request
 * with a wrong one adds a mark. So if many guesses arrive at once, a right one after the thirtieth finds their marks.
 *
 * @param user the user that the request names; undefined when there is none
 * @param password as sent
 * @param sourceIp the caller's address, by which guesses are counted
 */
export async function authorise(
  user: User | undefined,
  password: string | undefined,
  sourceIp: string,
  { store, guessMemory, clock, matched }: AuthoriseParts,
): Promise<Authorised> {
  if (user === undefined) throw new LegacyFailure('credentials', { hint: 'no such user' });
  if (user.legacyPassword === null) {
    matched();
    return { user, state: await readUserState(store, user) };
  }

  const count = createGuessCount({ user, source: guessSource(sourceIp), store, memory: guessMemory, clock });
  if (count.isKnownToBeLockedOut()) throw tooManyGuesses();
  if (!passwordsMatch(password ?? '', user.legacyPassword)) throw await wrongPassword(count, password);
  matched();
  const state = await readUserState(store, user);
  if (state !== 'unavailable' && (await count.isLockedOut(state))) throw tooManyGuesses();
  return { user, state };
}

async function wrongPassword(count: GuessCount, password: string | undefined): Promise<LegacyFailure> {
  const counted = password === undefined ? 'counted' : await unlessTableDown(count.add(password));
  return counted === 'locked out' ? tooManyGuesses() : new LegacyFailure('credentials', { hint: 'wrong password' });
}

function tooManyGuesses(): LegacyFailure {
  return new LegacyFailure('credentials', { hint: 'too many wrong passwords from this source' });
}

/** Returns the user's state, or `unavailable` when the table cannot be used: legacy requests are served even then. */
export function readUserState(store: UserStore, user: User): Promise<SeenState> {
  return unlessTableDown(store.read(user.key));
}

/** Compares in constant time; hashing first makes the lengths equal. */
function passwordsMatch(given: string, stored: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(stored));
}
