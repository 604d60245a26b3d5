import type { Credentials } from '../domain/credentials.ts';
import { LegacyFailure } from '../domain/failure.ts';
import type { User } from '../domain/user.ts';

/**
 * The users of all secret documents, by who they are to a legacy program and by their state row. Looking one up throws
 * LegacyFailure `configuration` for a user who stands there twice, since nobody could tell whose JWT is meant; and the
 * failure of a document that is missing for whomever the others do not name, since it may be that document's user.
 */
export interface UserDirectory {
  /** Those who can be looked up. */
  readonly users: readonly User[];
  byKey(userKey: string): User | undefined;
  /**
   * Whom the credentials name. A request with neither Username nor Ext belongs to the only user without a legacy
   * password, if there is exactly one; an extension that was not sent means the main line and nobody else.
   */
  find(credentials: Credentials): User | undefined;
}

/** Where the directory comes from; reading it may fail, see `SecretSource`. */
export interface DirectorySource {
  directory(): Promise<UserDirectory>;
}

/**
 * The directory of these users.
 *
 * @param missing why some documents, and with them some users, are not there; undefined when all are
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
    throw new LegacyFailure('configuration', { note: 'this user stands in the secret documents twice' });
  };

  return {
    users: users.filter((user) => !doubled.has(legacyNameOf(user))),
    byKey: (userKey) => known(keys.get(userKey)),
    find({ username, extension }) {
      if (extension === undefined) return undefined;
      if (username !== undefined) return known(names.get(legacyNameOf({ username, extension })));
      // Whether a missing document has another user without a password, nobody knows.
      const isTheOnlyOne = extension === '' && withoutPassword.length === 1 && missing === undefined;
      return known(isTheOnlyOne ? withoutPassword[0] : undefined);
    },
  };
}

const legacyNameOf = ({ username, extension }: Pick<User, 'username' | 'extension'>): string =>
  `${username}*${extension}`;
