import { maxNumberLength } from './phone.ts';

/**
 * Who a legacy request says it comes from, already reduced to digits. `username` is undefined when the program sent
 * none, `''` when it sent one without digits (which no user has); likewise `extension` is `''` for the main line and
 * `undefined` when something was sent that cannot be an extension.
 */
export interface Credentials {
  readonly username: string | undefined;
  readonly extension: string | undefined;
  readonly password: string | undefined;
}

/**
 * The digits of a main company number; the leading 1 of eleven digits is dropped, because some programs send
 * `18889363711` and some `888-936-3711` for the same account. A text longer than any number has none.
 */
export function usernameDigits(text: string): string {
  if (text.length > maxNumberLength) return '';
  const digits = text.replaceAll(/\D/g, '');
  return digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
}

/** `number*extension` taken apart, each part as it stands; the extension is `''` where there is none. */
export function splitUsername(text: string): { readonly number: string; readonly extension: string } {
  const starAt = text.indexOf('*');
  return starAt === -1
    ? { number: text, extension: '' }
    : { number: text.slice(0, starAt), extension: text.slice(starAt + 1).trim() };
}

/**
 * The digits of an extension: `''` for the main line, undefined for text that holds no digit at all or is longer than
 * any number.
 */
export function extensionDigits(text: string): string | undefined {
  if (text.trim() === '') return '';
  if (text.length > maxNumberLength) return undefined;
  const digits = text.replaceAll(/\D/g, '');
  return digits === '' ? undefined : digits;
}
