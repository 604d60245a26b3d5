import {
  checkAccountStatus,
  checkExtensionStatus,
  checkHomeCountry,
} from '../../../../infra/commands/ringcentral-user/account.ts';
import { userOf } from '../doctor/user-of-secret.ts';

const server = 'https://platform.ringcentral.com';
const user = userOf(server);

test.each([
  ['confirmed', { status: 'Confirmed' }, 'ok', 'Confirmed'],
  [
    'suspended',
    { status: 'Disabled', statusInfo: { reason: 'SuspendedInvoluntarily' } },
    'failed',
    'Disabled (SuspendedInvoluntarily)',
  ],
  ['not yet set up', { status: 'Unconfirmed' }, 'failed', 'Unconfirmed'],
  ['without a status', {}, 'failed', '(nothing)'],
])('the check of an account that is %s', (_, account, outcome, detail) => {
  expect(checkAccountStatus(account)).toMatchObject({ name: 'account', outcome, detail });
});

test.each([
  ['enabled', { status: 'Enabled', extensionNumber: '101' }, 'ok', 'Enabled'],
  [
    'enabled with another number',
    { status: 'Enabled', extensionNumber: '7' },
    'ok',
    'Enabled; the JWT belongs to extension 7',
  ],
  ['disabled', { status: 'Disabled' }, 'failed', 'Disabled'],
  ['not activated', { status: 'NotActivated' }, 'failed', 'NotActivated'],
])('the check of an extension that is %s', (_, extension, outcome, detail) => {
  expect(checkExtensionStatus(extension, user)).toMatchObject({ name: 'extension', outcome, detail });
});

test('the main line accepts a JWT of any extension number', () => {
  const mainLine = userOf(server, { extension: '' });
  expect(checkExtensionStatus({ status: 'Enabled', extensionNumber: '1' }, mainLine).detail).toBe('Enabled');
});

const inCountry = (isoCode: string) => ({ regionalSettings: { homeCountry: { isoCode } } });

test('a home country equal to RingCentral’s passes', () => {
  expect(checkHomeCountry(inCountry('US'), user)).toEqual({ name: 'home country', outcome: 'ok', detail: 'US' });
});

test('another home country fails, and the remedy says which one to set', () => {
  expect(checkHomeCountry(inCountry('GB'), user)).toEqual({
    name: 'home country',
    outcome: 'failed',
    detail: 'the secret says US, RingCentral GB',
    remedy: 'Set "homeCountry": "GB" for this user, or change it in RingCentral\'s regional settings.',
  });
});
