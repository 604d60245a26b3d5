import { maskNumber } from '../../../lib/domain/log-name.ts';
import type { User } from '../../../lib/domain/user.ts';

/** The main number is a phone number like any other: its last four digits name it well enough. */
export function userName({ username, extension }: Pick<User, 'username' | 'extension'>): string {
  return `${maskNumber(username)}, ${extension === '' ? 'main line' : `extension ${extension}`}`;
}
