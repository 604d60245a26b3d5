import type { Credentials } from './credentials.ts';
import type { LogFields } from './ports.ts';
import type { User } from './user.ts';

/** Masks a phone number for the log: at most its last four digits stay. */
export function maskNumber(number: string): string {
  return number.length <= 4 ? '****' : `****${number.slice(-4)}`;
}

/** Masks a session id for the log: its last three digits stay. Anybody who has the whole id can cancel the call. */
export const maskSession = (sessionId: string | undefined): string => `***${sessionId?.slice(-3) ?? ''}`;

/**
 * Names the user in a log line. Extensions repeat between accounts, so the end of the account's number is logged as
 * well.
 */
export function nameInLog({ username, extension }: Pick<User, 'username' | 'extension'>): LogFields {
  return { account: maskNumber(username), extension };
}

/**
 * Names the user that a request claims to be, while that user is unknown. Logs only the number of digits of the
 * extension: the field may hold somebody's telephone number or PIN by mistake.
 */
export function claimInLog({ username, extension }: Pick<Credentials, 'username' | 'extension'>): LogFields {
  return {
    account: username === undefined ? undefined : maskNumber(username),
    extension: extension === undefined ? undefined : '*'.repeat(Math.min(extension.length, longestClaim)),
  };
}

/** More digits than any number has. */
const longestClaim = 20;
