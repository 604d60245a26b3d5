import { asArray, asObject, asText, type Json } from '../../../lib/domain/untrusted.ts';
import { failed, passed, shown, skipped, type Check } from '../report/check.ts';

/** The app permissions that the product needs, with the command that needs each (RingCentral API reference). */
const needed = [
  { scope: 'ReadAccounts', command: 'list' },
  { scope: 'RingOut', command: 'call, status and cancel' },
  { scope: 'Faxes', command: 'fax' },
] as const;

/** Checks that the token has the permissions for all legacy commands. */
export function checkScopes(scopes: readonly string[] | undefined): Check {
  const name = 'app permissions';
  if (scopes === undefined) return skipped(name, 'RingCentral does not say which ones the token has');
  const missing = needed.filter(({ scope }) => !holds(scopes, scope));
  if (missing.length === 0) return passed(name, needed.map(({ scope }) => scope).join(', '));
  return failed(
    name,
    `missing: ${missing.map(({ scope, command }) => `${scope} (${command})`).join(', ')}`,
    'Add the permission to the app in the RingCentral Developer Console, under Settings.',
  );
}

/** Checks that the extension may place calls. The feature names are those of RingCentral's API reference. */
export function checkRingOutFeature(extension: Json): Check {
  const name = 'calls';
  const feature = findFeature(extension, ['RingOut']);
  if (feature === undefined) return skipped(name, 'RingCentral does not list the feature RingOut');
  return feature.enabled ? passed(name, 'RingOut is enabled') : disabled(name, feature);
}

/**
 * Checks that the extension may send faxes. If RingCentral does not list the feature, only the token's permission can
 * be checked: the user permission OutboundFaxes is not visible until a fax is sent.
 */
export function checkFaxFeature(extension: Json, scopes: readonly string[] | undefined): Check {
  const name = 'faxes';
  const feature = findFeature(extension, ['FaxSending', 'Fax']);
  if (feature !== undefined) {
    return feature.enabled ? passed(name, `${feature.feature} is enabled`) : disabled(name, feature);
  }
  return scopes !== undefined && holds(scopes, 'Faxes')
    ? passed(name, 'the token has Faxes; the feature itself is not listed')
    : skipped(name, 'RingCentral does not list the feature Fax');
}

interface Feature {
  readonly feature: string;
  readonly enabled: boolean;
  readonly reason: string | undefined;
}

function findFeature(extension: Json, names: readonly string[]): Feature | undefined {
  const features = asArray(extension['serviceFeatures']).flatMap((value): readonly Feature[] => {
    const entry = asObject(value);
    const feature = asText(entry?.['featureName']);
    if (entry === undefined || feature === undefined || typeof entry['enabled'] !== 'boolean') return [];
    return [{ feature, enabled: entry['enabled'], reason: asText(entry['reason']) }];
  });
  return names.map((name) => features.find(({ feature }) => feature === name)).find((found) => found !== undefined);
}

function disabled(name: string, { feature, reason }: Feature): Check {
  return failed(
    name,
    `${feature} is disabled for this extension${reason === undefined ? '' : `: ${shown(reason)}`}`,
    "Enable it for this user in RingCentral's Admin Portal, or use an extension that has it.",
  );
}

function holds(scopes: readonly string[], wanted: string): boolean {
  return scopes.some((scope) => scope.toLowerCase() === wanted.toLowerCase());
}
