import { asObject, asText, type Json } from '../../../lib/domain/untrusted.ts';
import type { User } from '../../../lib/domain/user.ts';
import { failed, passed, shown, type Check } from '../report/check.ts';

/** Checks that the company's account is active. RingCentral calls that status `Confirmed`. */
export function checkAccountStatus(account: Json): Check {
  const status = asText(account['status']);
  const reason = asText(asObject(account['statusInfo'])?.['reason']);
  if (status === 'Confirmed') return passed('account', 'Confirmed');
  return failed(
    'account',
    `${shown(status)}${reason === undefined ? '' : ` (${shown(reason)})`}`,
    "Complete the account's set-up or its payment in RingCentral's Admin Portal.",
  );
}

/** Checks that the extension is enabled. Also reports a number that differs from the secret's. */
export function checkExtensionStatus(extension: Json, user: User): Check {
  const status = asText(extension['status']);
  if (status !== 'Enabled') {
    return failed('extension', shown(status), "Enable the user in RingCentral's Admin Portal.");
  }
  const number = asText(extension['extensionNumber']);
  // Not a failure: programs may keep sending the old number of an extension.
  const differs = number !== undefined && user.extension !== '' && number !== user.extension;
  return passed('extension', differs ? `Enabled; the JWT belongs to extension ${shown(number)}` : 'Enabled');
}

/** Checks that RingCentral assumes the user's country for numbers without a country code. */
export function checkHomeCountry(extension: Json, user: User): Check {
  const country = asObject(asObject(extension['regionalSettings'])?.['homeCountry']);
  const isoCode = asText(country?.['isoCode']);
  if (isoCode?.toUpperCase() === user.homeCountry) return passed('home country', user.homeCountry);
  return failed(
    'home country',
    `the secret says ${user.homeCountry}, RingCentral ${shown(isoCode)}`,
    `Set "homeCountry": "${isoCode === undefined ? '…' : shown(isoCode)}" for this user, or change it in RingCentral's regional settings.`,
  );
}
