/** A phone number in E.164 with its plus sign, the only spelling RingCentral is sent. */
export type E164 = `+${string}`;

/** ISO 3166 alpha-2 code of the country whose dialling habits a user's numbers follow. */
export type HomeCountry = string;

/** How the numbers in a secret document are read. */
export interface PhoneRules {
  isHomeCountry(country: HomeCountry): boolean;
  /** Returns undefined for text that is no phone number. */
  readNumber(text: string, homeCountry: HomeCountry): E164 | undefined;
}

/**
 * For functions that ring nobody and so have no use for the phone library, a fifth of a bundle. Every number passes;
 * they look at none.
 */
export const anyNumber: PhoneRules = {
  isHomeCountry: () => true,
  readNumber: (text) => (text === '' ? undefined : `+${text}`),
};

/**
 * Longest text in UTF-16 units that is read as a number. E.164 has fifteen digits; nobody writes five signs around each.
 * A longer one is no number, and is not looked at further.
 */
export const maxNumberLength = 100;
