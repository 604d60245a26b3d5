import { Metadata } from 'libphonenumber-js/core';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { CountryCode, NumberingPlan } from 'libphonenumber-js/min';
import minMetadata from 'libphonenumber-js/min/metadata';

/**
 * Whether a valid number, as it is dialled in the home country, stands at the beginning of some digits (followed by an
 * extension, say), or behind the 7, 8 or 9 that gets an outside line.
 */
export function holdsHomeNumber(digits: string, homeCountry: CountryCode): boolean {
  const starts = /^[789]/.test(digits) ? [0, 1] : [0];
  for (const start of starts) {
    for (let end = start + 1; end <= digits.length; end += 1) {
      if (isDialledAtHome(digits.slice(start, end), homeCountry)) return true;
    }
  }
  return false;
}

/** How many digits the shortest number of the home country has, without any trunk prefix. */
export function shortestHomeNumber(homeCountry: CountryCode): number {
  return Math.min(...(planOf(homeCountry)?.possibleLengths() ?? []));
}

/** Countries with a trunk prefix that mobile numbers are dialled without, as the phone library formats them. */
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
 * A trunk prefix is part of a number as it is dialled: digits without the 0 that a British number begins with at home
 * are no British number. The 1 of country code 1 may be left out.
 */
function isDialledAtHome(digits: string, homeCountry: CountryCode): boolean {
  const trunkPrefix = trunkPrefixOf(homeCountry);
  const mayBeLeftOut = trunkPrefix === '1' || dialledWithoutTrunkPrefix.has(homeCountry);
  if (!mayBeLeftOut && !digits.startsWith(trunkPrefix)) return false;
  return parsePhoneNumberFromString(digits, { defaultCountry: homeCountry, extract: false })?.isValid() === true;
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
