import { Metadata } from 'libphonenumber-js/core';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { CountryCode, NumberingPlan } from 'libphonenumber-js/min';
import minMetadata from 'libphonenumber-js/min/metadata';

/**
 * Returns whether digits begin with a valid number as dialled in the home country. Other digits may follow, such as an
 * extension. The 0, 7, 8 or 9 that gets an outside line may precede it.
 */
export function holdsHomeNumber(digits: string, homeCountry: CountryCode): boolean {
  const starts = /^[0789]/.test(digits) ? [0, 1] : [0];
  for (const start of starts) {
    for (let end = start + 1; end <= digits.length; end += 1) {
      if (isDialledAtHome(digits.slice(start, end), homeCountry)) return true;
    }
  }
  return false;
}

/** Returns whether digits end with a valid number as dialled in the home country with its trunk prefix. */
export function endsWithHomeNumber(digits: string, homeCountry: CountryCode): boolean {
  const trunkPrefix = trunkPrefixOf(homeCountry);
  if (trunkPrefix === '') return false;
  for (let start = digits.indexOf(trunkPrefix, 1); start !== -1; start = digits.indexOf(trunkPrefix, start + 1)) {
    if (isDialledAtHome(digits.slice(start), homeCountry)) return true;
  }
  return false;
}

/** Returns how many digits the shortest number of the home country has, without any trunk prefix. */
export function shortestHomeNumber(homeCountry: CountryCode): number {
  return Math.min(...(planOf(homeCountry)?.possibleLengths() ?? []));
}

/**
 * Countries with a trunk prefix where mobile numbers are dialled without it, according to the phone library's
 * formatting.
 */
const dialledWithoutTrunkPrefix: ReadonlySet<CountryCode> = new Set<CountryCode>([
  'BO',
  'BR',
  'CN',
  'CO',
  'GE',
  'KI',
  'LB',
  'LI',
  'MN',
  'NP',
  'PE',
  'SO',
]);

/**
 * Returns whether digits are a valid number as dialled in the home country, which includes its trunk prefix. Without
 * the leading 0, for example, digits are not a British number. The 1 of country code 1 may be left out.
 */
function isDialledAtHome(digits: string, homeCountry: CountryCode): boolean {
  if (dialledInFull(digits, homeCountry) !== digits) return false;
  return parsePhoneNumberFromString(digits, { defaultCountry: homeCountry, extract: false })?.isValid() === true;
}

/** Returns digits as they are dialled at home: with the trunk prefix in front, unless it is there or may be left out. */
export function dialledInFull(digits: string, homeCountry: CountryCode): string {
  const trunkPrefix = trunkPrefixOf(homeCountry);
  const mayBeLeftOut = trunkPrefix === '1' || dialledWithoutTrunkPrefix.has(homeCountry);
  return mayBeLeftOut || digits.startsWith(trunkPrefix) ? digits : trunkPrefix + digits;
}

function trunkPrefixOf(homeCountry: CountryCode): string {
  const plan = planOf(homeCountry);
  const prefix: unknown = plan !== undefined && knowsTrunkPrefix(plan) ? plan.nationalPrefix() : undefined;
  return typeof prefix === 'string' ? prefix : '';
}

/** The library's types leave this method out. */
function knowsTrunkPrefix(plan: NumberingPlan): plan is NumberingPlan & { nationalPrefix(): unknown } {
  return 'nationalPrefix' in plan && typeof plan.nationalPrefix === 'function';
}

function planOf(homeCountry: CountryCode): NumberingPlan | undefined {
  const metadata = new Metadata(minMetadata);
  metadata.selectNumberingPlan(homeCountry);
  return metadata.numberingPlan;
}
