import { LegacyFailure } from '../../../lib/domain/failure.ts';
import type { User } from '../../../lib/domain/user.ts';
import { GrantFailed } from '../../../lib/ringcentral/grants.ts';
import { readForwardingNumbers } from '../../../lib/ringcentral/forwarding-numbers.ts';
import { skipped, type Check } from '../report/check.ts';
import { checkAccountStatus, checkExtensionStatus, checkHomeCountry } from './account.ts';
import { failedBecause } from './failure-remedy.ts';
import { grantedJwt, unaskedJwt } from './jwt.ts';
import { checkCallBackNumber, checkCallerIds, checkForwardingNumbers } from './numbers.ts';
import { checkFaxFeature, checkRingOutFeature, checkScopes } from './permissions.ts';
import { signedIn, type RingCentral, type RingCentralSession } from './signed-in.ts';

const accountPath = '/restapi/v1.0/account/~';
const extensionPath = `${accountPath}/extension/~`;

/** The checks of one user that need RingCentral, in display order. */
const askedOfRingCentral = [
  'app permissions',
  'account',
  'extension',
  'home country',
  'calls',
  'faxes',
  'forwarding numbers',
  'caller ids',
];

/** Checks a user from the secret alone. */
export function checkUserForm(user: User, nowMs: number): readonly Check[] {
  return [unaskedJwt(user.jwt, nowMs), checkCallBackNumber(user)];
}

/** Checks one user with one token request, at most five other requests and one revocation. Never rejects. */
export async function checkUser(user: User, ringCentral: RingCentral): Promise<readonly Check[]> {
  try {
    return await signedIn(user, ringCentral, async (as) => [
      grantedJwt(user.jwt, ringCentral.clock.nowMs()),
      checkScopes(as.scopes),
      ...(await checkAtRingCentral(user, as)),
      checkCallBackNumber(user),
    ]);
  } catch (error) {
    if (!(error instanceof GrantFailed)) throw error;
    return [
      failedBecause('JWT', error.failure),
      ...askedOfRingCentral.map((name) => skipped(name, 'needs a token')),
      checkCallBackNumber(user),
    ];
  }
}

async function checkAtRingCentral(user: User, { scopes, read, api }: RingCentralSession): Promise<readonly Check[]> {
  const account = await attempt(() => read(accountPath));
  const extension = await attempt(() => read(extensionPath));
  const numbers = await attempt(() => readForwardingNumbers(api));
  const phoneNumbers = await attempt(() => read(`${extensionPath}/phone-number`, { page: 1, perPage: 1000 }));
  return [
    checkReading('account', account, checkAccountStatus),
    checkReading('extension', extension, (json) => checkExtensionStatus(json, user)),
    checkReading('home country', extension, (json) => checkHomeCountry(json, user)),
    checkReading('calls', extension, checkRingOutFeature),
    checkReading('faxes', extension, (json) => checkFaxFeature(json, scopes)),
    // The product sends this request too, so a refusal is a failure.
    'failure' in numbers
      ? failedBecause('forwarding numbers', numbers.failure)
      : checkForwardingNumbers(numbers.value, user),
    checkReading('caller ids', phoneNumbers, checkCallerIds),
  ];
}

type Attempt<T> = { readonly value: T } | { readonly failure: LegacyFailure };

async function attempt<T>(read: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof LegacyFailure) return { failure: error };
    throw error;
  }
}

/** Checks the result of a request. A missing permission is no failure, because the product never sends this request. */
function checkReading<T>(name: string, reading: Attempt<T>, check: (value: T) => Check): Check {
  if ('value' in reading) return check(reading.value);
  const { failure } = reading;
  return failure.code === 'user_permission'
    ? skipped(name, `the user may not read this (${failure.detail.upstreamCode ?? 'no code'})`)
    : failedBecause(name, failure);
}
