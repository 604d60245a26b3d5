import {
  checkFaxFeature,
  checkRingOutFeature,
  checkScopes,
} from '../../../../infra/commands/ringcentral-user/permissions.ts';

test.each([
  ['all three, and more', ['ReadAccounts', 'Faxes', 'RingOut', 'ReadMessages'], 'ok', 'ReadAccounts, RingOut, Faxes'],
  ['all three in another case', ['readaccounts', 'faxes', 'ringout'], 'ok', 'ReadAccounts, RingOut, Faxes'],
  ['no permission to fax', ['ReadAccounts', 'RingOut'], 'failed', 'missing: Faxes (fax)'],
  ['none', [], 'failed', 'missing: ReadAccounts (list), RingOut (call, status and cancel), Faxes (fax)'],
  ['unknown permissions', undefined, 'skipped', 'RingCentral does not say which ones the token has'],
])('the check of a token with %s', (_, scopes, outcome, detail) => {
  expect(checkScopes(scopes)).toMatchObject({ name: 'app permissions', outcome, detail });
});

const features = (...serviceFeatures: object[]) => ({ serviceFeatures });

test.each([
  ['enabled', features({ featureName: 'Fax', enabled: true }), 'ok', 'Fax is enabled'],
  [
    'disabled',
    features({ featureName: 'Fax', enabled: false, reason: 'AccountLimitation' }),
    'failed',
    'Fax is disabled for this extension: AccountLimitation',
  ],
  [
    'disabled as FaxSending',
    features({ featureName: 'Fax', enabled: true }, { featureName: 'FaxSending', enabled: false }),
    'failed',
    'FaxSending is disabled for this extension',
  ],
  ['not listed', {}, 'ok', 'the token has Faxes; the feature itself is not listed'],
  [
    'listed unreadably',
    { serviceFeatures: ['Fax', { featureName: 'Fax' }] },
    'ok',
    'the token has Faxes; the feature itself is not listed',
  ],
])('the check of faxes when the feature is %s', (_, extension, outcome, detail) => {
  expect(checkFaxFeature(extension, ['Faxes'])).toMatchObject({ name: 'faxes', outcome, detail });
});

test('the check of faxes is skipped without feature and scopes', () => {
  expect(checkFaxFeature({}, undefined).outcome).toBe('skipped');
});

test.each([
  ['enabled', features({ featureName: 'RingOut', enabled: true }), 'ok'],
  ['disabled', features({ featureName: 'RingOut', enabled: false }), 'failed'],
  ['not listed', {}, 'skipped'],
])('the check of calls when the feature is %s', (_, extension, outcome) => {
  expect(checkRingOutFeature(extension)).toMatchObject({ name: 'calls', outcome });
});
