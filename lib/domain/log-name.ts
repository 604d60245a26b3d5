import type { Credentials } from './credentials.ts';
import type { LogFields } from './ports.ts';
import type { User } from './user.ts';

/** A phone number as it may be logged: the last four digits. */
export function maskNumber(number: string): string {
  return number.length <= 4 ? '****' : `****${number.slice(-4)}`;
}

/** A session id as it may be logged: its last three digits; whoever has it whole can cancel the call. */
export const maskSession = (sessionId: string | undefined): string => `***${sessionId?.slice(-3) ?? ''}`;

/** Who a log line is about: extensions repeat between accounts, so the end of the account's number goes with them. */
export function nameInLog({ username, extension }: Pick<User, 'username' | 'extension'>): LogFields {
  return { account: maskNumber(username), extension };
}

/**
 * Who a request says it comes from, as long as nobody knows the user. Of the extension only the number of digits is
 * logged: it may be somebody's telephone number or PIN in the wrong field.
 */
export function claimInLog({ username, extension }: Pick<Credentials, 'username' | 'extension'>): LogFields {
  return {
    account: username === undefined ? undefined : maskNumber(username),
    extension: extension === undefined ? undefined : '*'.repeat(Math.min(extension.length, longestClaim)),
  };
}

/** More digits than any number has. */
const longestClaim = 20;
