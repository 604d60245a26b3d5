import type { Credentials } from './credentials.ts';
import type { LogFields } from './ports.ts';

/** A phone number as it may be logged: the last four digits. */
export function maskNumber(number: string): string {
  return number.length <= 4 ? '****' : `****${number.slice(-4)}`;
}

/** A session id as it may be logged: its last three digits; whoever has it whole can cancel the call. */
export const maskSession = (sessionId: string | undefined): string => `***${sessionId?.slice(-3) ?? ''}`;

/** Longer than any extension RingCentral gives: somebody's phone number in the wrong field. */
const longestExtension = 8;

/** Who a log line is about: extensions repeat between accounts, so the end of the account's number goes with them. */
export function nameInLog({ username, extension }: Pick<Credentials, 'username' | 'extension'>): LogFields {
  return {
    account: username === undefined ? undefined : maskNumber(username),
    extension: extension !== undefined && extension.length > longestExtension ? maskNumber(extension) : extension,
  };
}
