import { maxNumberLength } from './phone.ts';

/**
 * The user that a legacy request names, reduced to digits. `username` is undefined when the program sent none. It is
 * `''` when the program sent one without digits, which matches no user. `extension` is `''` for the main line. It is
 * undefined when the program sent text that cannot be an extension.
 */
export interface Credentials {
  readonly username: string | undefined;
  readonly extension: string | undefined;
  readonly password: string | undefined;
}

/**
 * Returns the digits of a main company number, without the leading 1 of eleven digits. Some programs send `18889363711`
 * and some `888-936-3711` for the same account. Returns `''` for text longer than `maxNumberLength`.
 */
export function usernameDigits(text: string): string {
  if (text.length > maxNumberLength) return '';
  const digits = text.replaceAll(/\D/g, '');
  return digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
}

/** Splits `number*extension` without reducing its parts to digits. The extension is `''` when there is none. */
export function splitUsername(text: string): { readonly number: string; readonly extension: string } {
  const starAt = text.indexOf('*');
  return starAt === -1
    ? { number: text, extension: '' }
    : { number: text.slice(0, starAt), extension: text.slice(starAt + 1).trim() };
}

/**
 * Returns the digits of an extension, `''` for the main line. Returns undefined for text without any digit and for text
 * longer than `maxNumberLength`.
 */
export function extensionDigits(text: string): string | undefined {
  if (text.trim() === '') return '';
  if (text.length > maxNumberLength) return undefined;
  const digits = text.replaceAll(/\D/g, '');
  return digits === '' ? undefined : digits;
}
