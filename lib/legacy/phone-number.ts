import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { PhoneNumber } from 'libphonenumber-js/min';
import type { E164, HomeCountry } from '../domain/phone.ts';

/** Fewer digits without a plus are an extension number, which RingCentral cannot be sent as a phone number. */
const minPlainDigits = 7;

/**
 * Reads a phone number as a legacy program writes it: with or without `+`, country code and punctuation. Tried in
 * this order: `+…`; a number of the home country, written as it is dialled there (its international prefix such as
 * `011` or `00` included); `+` and the digits. It suffices that a number is possible, because programs also dial
 * ranges that metadata does not know yet; RingCentral has the last word.
 *
 * Undefined for everything else: extension numbers, letters, digits of other scripts, and signs that would make the
 * phone do more than dial (`*`, `#`, pauses and extensions behind the number), since leaving those out would call
 * somebody else.
 */
export function readNumber(text: string, homeCountry: HomeCountry): E164 | undefined {
  // Superscript and circled digits, which normalising would turn into digits to dial.
  if (/[\p{No}\p{Nl}]/u.test(text)) return undefined;
  const written = text.normalize('NFKC');
  if (/[\p{L}*#,;@&=%]|[^\P{N}\d]/u.test(written)) return undefined;
  const dialled = written.replaceAll(/[^\d+]/g, '');
  if (/^\+\d+$/.test(dialled)) return possibleNumber(dialled);
  if (!/^\d+$/.test(dialled) || dialled.length < minPlainDigits) return undefined;
  return possibleNumber(dialled, homeCountry) ?? possibleNumber(`+${dialled}`);
}

/**
 * Writes a number as RingCentral's page shows the numbers of `list`: ten digits for country code 1, else the digits
 * with the country code, without plus. Programs send back what they were shown, so where {@link readNumber} would read
 * that as another number (ten digits are a British number to a British user) the first of these that reads back
 * right is used: the digits with country code, the same behind the home country's international prefix, `+` and
 * the digits.
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

/** Digits of the number as dialled from the home country; `''` where its international prefix depends on the carrier. */
function dialledFrom(number: E164, homeCountry: HomeCountry): string {
  if (!isSupportedCountry(homeCountry)) return '';
  const formatted: string | undefined = parse(number)?.format('IDD', { fromCountry: homeCountry });
  return formatted?.replaceAll(/\D/g, '') ?? '';
}

/**
 * Parsing drops a national trunk prefix (`+44 020…`), and what remains may start with one again. Only a number that
 * is read as itself is taken, so that it means the same wherever it turns up next.
 */
function possibleNumber(dialled: string, homeCountry?: HomeCountry): E164 | undefined {
  const parsed = parse(dialled, homeCountry);
  if (parsed === undefined) return undefined;
  return parse(parsed.number)?.number === parsed.number ? (parsed.number as E164) : undefined;
}

function parse(text: string, homeCountry?: HomeCountry): PhoneNumber | undefined {
  const country = homeCountry !== undefined && isSupportedCountry(homeCountry) ? { defaultCountry: homeCountry } : {};
  const parsed = parsePhoneNumberFromString(text, { ...country, extract: false });
  return parsed?.isPossible() === true ? parsed : undefined;
}
