/** A phone number in E.164 with its plus sign, the only spelling RingCentral is sent. */
export type E164 = `+${string}`;

/** ISO 3166 alpha-2 code of the country whose dialling habits a user's numbers follow. */
export type HomeCountry = string;
