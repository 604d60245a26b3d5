import { extensionDigits, splitUsername, usernameDigits } from '../domain/credentials.ts';
import type { Credentials } from '../domain/credentials.ts';
import type { Fields } from './fields.ts';

/**
 * Reads the user that a request names. `Username` is a main company number, or `number*extension`. The extension may
 * also be sent as `Ext` or `Extension`; one inside the username takes precedence. An empty field counts as not sent.
 */
export function readCredentials(fields: Fields): Credentials {
  const username = fields.first('Username');
  const named = username === undefined ? undefined : splitUsername(username);
  const extension = named?.extension || (fields.first('Ext', 'Extension') ?? '');
  return {
    username: named === undefined ? undefined : usernameDigits(named.number),
    extension: extensionDigits(extension),
    password: fields.first('Password'),
  };
}
