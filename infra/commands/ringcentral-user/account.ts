import { asObject, asText, type Json } from '../../../lib/domain/untrusted.ts';
import type { User } from '../../../lib/domain/user.ts';
import { failed, passed, shown, type Check } from '../report/check.ts';

/** Whether the company's account may be used. RingCentral calls one that is in order `Confirmed`. */
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

/** Whether the extension is in use, and whether it is the one that the legacy programs name. */
export function checkExtensionStatus(extension: Json, user: User): Check {
  const status = asText(extension['status']);
  if (status !== 'Enabled') {
    return failed('extension', shown(status), "Enable the user in RingCentral's Admin Portal.");
  }
  const number = asText(extension['extensionNumber']);
  // No mistake: programs may go on naming an extension that has another number today.
  const differs = number !== undefined && user.extension !== '' && number !== user.extension;
  return passed('extension', differs ? `Enabled; the JWT belongs to extension ${shown(number)}` : 'Enabled');
}

/** Whether numbers without country code are read the way RingCentral's user is used to. */
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
