import type { Credentials } from '../domain/credentials.ts';
import type { User } from '../domain/user.ts';

/** The users of all secret documents, by who they are to a legacy program and by their state row. */
export interface UserDirectory {
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

/** The directory of these users; that none stands there twice has been checked. */
export function createUserDirectory(users: readonly User[]): UserDirectory {
  const keys = new Map(users.map((user) => [user.key, user]));
  const names = new Map(users.map((user) => [nameOf(user.username, user.extension), user]));
  const withoutPassword = users.filter((user) => user.legacyPassword === null);
  return {
    users,
    byKey: (userKey) => keys.get(userKey),
    find({ username, extension }) {
      if (extension === undefined) return undefined;
      if (username !== undefined) return names.get(nameOf(username, extension));
      return extension === '' && withoutPassword.length === 1 ? withoutPassword[0] : undefined;
    },
  };
}

const nameOf = (username: string, extension: string): string => `${username}*${extension}`;
