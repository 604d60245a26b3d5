/** A phone number in E.164 with its plus sign, the only form in which numbers are sent to RingCentral. */
export type E164 = `+${string}`;

/** ISO 3166 alpha-2 code of the country whose dialling rules apply to a user's numbers. */
export type HomeCountry = string;

/** How the numbers in a secret document are read. */
export interface PhoneRules {
  isHomeCountry(country: HomeCountry): boolean;
  /** Returns undefined for text that is not a phone number. */
  readNumber(text: string, homeCountry: HomeCountry): E164 | undefined;
}

/**
 * Rules for functions that use no numbers of the secret: every number passes unchecked. Their bundles do without the
 * phone library, a sixth of the other bundles.
 */
export const anyNumber: PhoneRules = {
  isHomeCountry: () => true,
  readNumber: (text) => (text === '' ? undefined : `+${text}`),
};

/**
 * Longest text in UTF-16 units that is read as a number. E.164 has fifteen digits, and nobody writes five other
 * characters around each. Longer text is rejected without parsing.
 */
export const maxNumberLength = 100;
