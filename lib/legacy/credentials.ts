import { extensionDigits, splitUsername, usernameDigits } from '../domain/credentials.ts';
import type { Credentials } from '../domain/credentials.ts';
import type { Fields } from './fields.ts';

/**
 * Who a request says it comes from. `Username` is a main company number, or `number*extension`; the extension may also
 * come as `Ext` or `Extension`, and the one written into the username wins. A missing or empty field counts as not sent.
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
