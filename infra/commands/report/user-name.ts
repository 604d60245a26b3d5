import { maskNumber } from '../../../lib/domain/log-name.ts';
import type { User } from '../../../lib/domain/user.ts';

/** Shows only the last four digits of the main number, because it is a phone number too. */
export function userName({ username, extension }: Pick<User, 'username' | 'extension'>): string {
  return `${maskNumber(username)}, ${extension === '' ? 'main line' : `extension ${extension}`}`;
}
