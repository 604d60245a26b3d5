import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { CountryCode, PhoneNumber } from 'libphonenumber-js/min';
import { maxNumberLength } from '../domain/phone.ts';
import type { E164, HomeCountry, PhoneRules } from '../domain/phone.ts';
import { dialledInFull, endsWithHomeNumber, holdsHomeNumber, shortestHomeNumber } from './home-number.ts';

/** Fewer digits without a plus are an extension number, which cannot be sent to RingCentral as a phone number. */
const minPlainDigits = 7;

/**
 * Reads a number to call or fax, as a legacy program writes it. Three forms are tried in order: `+…`; a number as
 * dialled in the home country, its international prefix (`011`, `00`) included; a foreign number in bare digits. The
 * first two need only be possible numbers: programs dial ranges that metadata does not know yet, and RingCentral
 * decides in the end.
 *
 * A wrong guess calls a stranger and is answered as success. So bare digits are a foreign number only under these
 * conditions:
 * - The text is nothing but digits.
 * - The number is valid in its country.
 * - It contains no home number. `6505550100101` is an American number with an extension, not one in Singapore.
 *   `916505550100` is one after an outside-line 9, not one in India.
 * - It has at least as many digits as the shortest home number. Fewer are a home number cut short.
 *
 * Where numbers may have up to 15 digits, other digits are possible home numbers too: {@link isHomeReadingSafe} refuses
 * those. Digits in brackets after a whole number are a remark: `030 123456 (2)` is refused.
 *
 * Returns undefined for everything else: extension numbers, letters, digits of other scripts, and characters that make
 * the phone do more than dial (`*`, `#`, pauses). To drop those would call somebody else.
 */
export function readNumber(text: string, homeCountry: HomeCountry): E164 | undefined {
  const written = readDigits(text);
  if (written === undefined || hasRemark(text, homeCountry)) return undefined;
  const { digits, hasPlus, isBare } = written;
  if (hasPlus) return possibleNumber(`+${digits}`);
  if (!isHomeCountry(homeCountry) || digits.length < minPlainDigits) return undefined;
  const home = possibleNumber(digits, homeCountry);
  if (home !== undefined) return isHomeReadingSafe(home, digits, homeCountry) ? home : undefined;
  return isBare ? foreignNumber(digits, homeCountry) : undefined;
}

/**
 * Reads a caller id. It is only shown, and RingCentral refuses one that is not the user's. So digits without plus that
 * are not a possible home number count as a foreign one without further conditions.
 */
export function readCallerId(text: string, homeCountry: HomeCountry): E164 | undefined {
  const written = readDigits(text);
  if (written === undefined) return undefined;
  const { digits, hasPlus } = written;
  if (hasPlus) return possibleNumber(`+${digits}`);
  if (digits.length < minPlainDigits) return undefined;
  return homeNumber(digits, homeCountry) ?? possibleNumber(`+${digits}`);
}

/**
 * Reads a number that RingCentral sent. Without plus it begins with the country code, as in RingCentral's older
 * samples. If it is not valid in that form, it is read as a home number.
 */
export function readRingCentralNumber(text: string, homeCountry: HomeCountry): E164 | undefined {
  const written = readDigits(text);
  if (written === undefined) return undefined;
  const { digits, hasPlus } = written;
  if (hasPlus) return possibleNumber(`+${digits}`);
  if (digits.length < minPlainDigits) return undefined;
  return validNumber(digits) ?? homeNumber(digits, homeCountry) ?? possibleNumber(`+${digits}`);
}

/**
 * Writes a number as RingCentral's page shows the numbers of `list`: ten digits for country code 1, else the digits
 * with the country code, without plus. Programs send back the form they were shown. {@link readNumber} may read that
 * form as another number (ten digits are a British number to a British user) or refuse it. Then the first of these
 * forms that reads back as the same number is used: the digits with country code; the same after the home country's
 * international prefix; `+` and the digits.
 */
export function printNumber(number: E164, homeCountry: HomeCountry): string {
  const digits = number.slice(1);
  const plain = /^1\d{10}$/.test(digits) ? digits.slice(1) : digits;
  const readsBack = (candidate: string) => readNumber(candidate, homeCountry) === number;
  if (readsBack(plain)) return plain;
  if (readsBack(digits)) return digits;
  const dialled = dialledFrom(number, homeCountry);
  return readsBack(dialled) ? dialled : number;
}

/** Rules for functions that use the numbers of the secret: they read them with the phone library. */
export const phoneRules: PhoneRules = { isHomeCountry, readNumber };

function isHomeCountry(country: HomeCountry): country is CountryCode {
  return isSupportedCountry(country);
}

/** Returns the digits to dial from the home country; `''` where its international prefix depends on the carrier. */
function dialledFrom(number: E164, homeCountry: HomeCountry): string {
  if (!isHomeCountry(homeCountry)) return '';
  const formatted: string | undefined = parse(number)?.format('IDD', { fromCountry: homeCountry });
  return formatted?.replaceAll(/\D/g, '') ?? '';
}

interface WrittenDigits {
  readonly digits: string;
  readonly hasPlus: boolean;
  /** Whether the text is nothing but these digits. Invisible characters are ignored. */
  readonly isBare: boolean;
}

/**
 * Refuses control characters and line ends between digits. They separate two values, or the text from what an earlier
 * one left in a buffer (`08912345`, NUL, `67`). Also refuses a number that a spreadsheet wrote with decimals.
 */
function readDigits(text: string): WrittenDigits | undefined {
  // Refuses superscript and circled digits, which normalising would turn into digits to dial.
  if (text.length > maxNumberLength || /[\p{No}\p{Nl}]/u.test(text)) return undefined;
  const written = text
    .normalize('NFKC')
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/\0+$/, '')
    .trim();
  if (/[\p{L}\p{Cc}\u2028\u2029*#,;@&=%]|[^\P{N}\d]/u.test(written)) return undefined;
  if (/^\+?\d+\.0+$/.test(written)) return undefined;
  const [, plus, digits] = /^(\+?)(\d+)$/.exec(written.replaceAll(/[^\d+]/g, '')) ?? [];
  if (plus === undefined || digits === undefined) return undefined;
  return { digits, hasPlus: plus !== '', isBare: digits === written };
}

/** Returns whether the text ends with digits in brackets after a number that is complete without them. */
function hasRemark(text: string, homeCountry: HomeCountry): boolean {
  const written = text.normalize('NFKC');
  const bracketAt = /[([][\d\s]+[)\]]\s*$/.exec(written)?.index ?? 0;
  return bracketAt > 0 && readNumber(written.slice(0, bracketAt), homeCountry) !== undefined;
}

/**
 * Returns whether digits that may be a home number are nothing else. They are something else in these cases:
 * - They lack the trunk prefix, and are a whole number of the home country with its country code. `4915112345678` is a
 *   German mobile phone, not one in the area 04915.
 * - The number is not valid, and contains a valid home number, also one without its trunk prefix. The rest is an
 *   extension, an outside line or a service code, such as Japan's `184` that hides the caller id. Or it is a number
 *   abroad: to an Indian user, `442079460123` begins like a number in Chennai, but is in London.
 */
function isHomeReadingSafe(number: E164, digits: string, homeCountry: CountryCode): boolean {
  const withCountryCode = validNumber(digits);
  if (withCountryCode === number) return true;
  const ownCode = `+${getCountryCallingCode(homeCountry)}`;
  const inFull = dialledInFull(digits, homeCountry);
  if (inFull !== digits && withCountryCode?.startsWith(ownCode) === true) return false;
  if (validNumber(number.slice(1)) !== undefined) return true;
  if (holdsHomeNumber(digits, homeCountry) || holdsHomeNumber(inFull, homeCountry)) return false;
  return !number.startsWith(ownCode) || !endsWithHomeNumber(digits, homeCountry);
}

function homeNumber(digits: string, homeCountry: HomeCountry): E164 | undefined {
  return isHomeCountry(homeCountry) ? possibleNumber(digits, homeCountry) : undefined;
}

function foreignNumber(digits: string, homeCountry: CountryCode): E164 | undefined {
  const isSafe = digits.length >= shortestHomeNumber(homeCountry) && !holdsHomeNumber(digits, homeCountry);
  return isSafe ? validNumber(digits) : undefined;
}

/** Returns a number of any country, given with its country code, if it is valid there and written in full. */
function validNumber(digits: string): E164 | undefined {
  const number: E164 = `+${digits}`;
  const parsed = parse(number);
  return parsed?.isValid() === true && parsed.number === number ? number : undefined;
}

/**
 * Returns a possible number. Parsing drops a national trunk prefix (`+44 020…`), and the rest may start with one again.
 * So only a number that parses to itself is accepted: it then means the same wherever it is read again.
 */
function possibleNumber(dialled: string, homeCountry?: CountryCode): E164 | undefined {
  const parsed = parse(dialled, homeCountry);
  if (parsed === undefined) return undefined;
  return parse(parsed.number)?.number === parsed.number ? (parsed.number as E164) : undefined;
}

function parse(text: string, homeCountry?: CountryCode): PhoneNumber | undefined {
  const country = homeCountry === undefined ? {} : { defaultCountry: homeCountry };
  const parsed = parsePhoneNumberFromString(text, { ...country, extract: false });
  return parsed?.isPossible() === true ? parsed : undefined;
}
