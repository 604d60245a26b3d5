import { extensionDigits, usernameDigits } from '../domain/credentials.ts';
import type { Credentials } from '../domain/credentials.ts';
import type { Fields } from './fields.ts';

/**
 * Who a request says it comes from. `Username` is a main company number, or `number*extension`; the extension may also
 * come as `Ext` or `Extension`, and the one written into the username wins. A missing or empty field counts as not sent.
 */
export function readCredentials(fields: Fields): Credentials {
  const username = fields.first('Username');
  const starAt = username?.indexOf('*') ?? -1;
  const number = starAt === -1 ? username : username?.slice(0, starAt);
  const inUsername = starAt === -1 ? '' : (username?.slice(starAt + 1).trim() ?? '');
  const extension = inUsername === '' ? (fields.first('Ext', 'Extension') ?? '') : inUsername;
  return {
    username: number === undefined ? undefined : usernameDigits(number),
    extension: extensionDigits(extension),
    password: fields.first('Password'),
  };
}
