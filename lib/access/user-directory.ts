import type { Credentials } from '../domain/credentials.ts';
import { LegacyFailure } from '../domain/failure.ts';
import type { User } from '../domain/user.ts';

/**
 * The users of all secret documents, found by their legacy name or by the key of their state row. A lookup throws
 * LegacyFailure `configuration` for a user who is listed twice, because it is unclear whose JWT is meant. If a document
 * is missing, a lookup of an unknown user throws that document's failure, because the user may be in it.
 */
export interface UserDirectory {
  /** All users but those listed twice. */
  readonly users: readonly User[];
  byKey(userKey: string): User | undefined;
  /**
   * Returns the user that the credentials name. A request with neither Username nor Ext belongs to the only user
   * without a legacy password, if there is exactly one. An extension that was not sent means the main line only.
   */
  find(credentials: Credentials): User | undefined;
}

/** Provides the directory. Reading it may fail, see `SecretSource`. */
export interface DirectorySource {
  directory(): Promise<UserDirectory>;
}

/**
 * Creates the directory of these users.
 *
 * @param missing why some documents, and with them some users, are missing; undefined when none is
 */
export function createUserDirectory(users: readonly User[], missing?: LegacyFailure): UserDirectory {
  const names = new Map(users.map((user) => [legacyNameOf(user), user]));
  const doubled = new Set(users.filter((user) => names.get(legacyNameOf(user)) !== user).map(legacyNameOf));
  const keys = new Map(users.map((user) => [user.key, user]));
  const withoutPassword = users.filter((user) => user.legacyPassword === null);

  const known = (user: User | undefined): User | undefined => {
    if (user === undefined) {
      if (missing !== undefined) throw new LegacyFailure(missing.code, missing.detail, { cause: missing });
      return undefined;
    }
    if (!doubled.has(legacyNameOf(user))) return user;
    throw new LegacyFailure('configuration', { hint: 'this user stands in the secret documents twice' });
  };

  return {
    users: users.filter((user) => !doubled.has(legacyNameOf(user))),
    byKey: (userKey) => known(keys.get(userKey)),
    find({ username, extension }) {
      if (extension === undefined) return undefined;
      if (username !== undefined) return known(names.get(legacyNameOf({ username, extension })));
      // A missing document may hold another user without a password.
      const isTheOnlyOne = extension === '' && withoutPassword.length === 1 && missing === undefined;
      return known(isTheOnlyOne ? withoutPassword[0] : undefined);
    },
  };
}

const legacyNameOf = ({ username, extension }: Pick<User, 'username' | 'extension'>): string =>
  `${username}*${extension}`;
