import type { User } from '../../../lib/domain/user.ts';
import { isList } from '../legacy-endpoint/answer.ts';
import {
  aboutSession,
  ask,
  emptyFaxProbe,
  impossibleSessionId,
  ringoutProbe,
  unknownSessionId,
  type Probe,
} from '../legacy-endpoint/probe.ts';
import type { LegacyFields, SendLegacy } from '../legacy-endpoint/request.ts';
import { skipped, type Check } from '../report/check.ts';

const names = { status: 'ringout.asp', spelling: 'another spelling', fax: 'faxapi.asp' } as const;

/** The checks of {@link checkEndpoint} as skipped. */
export const skippedEndpoint = (why: string): readonly Check[] =>
  Object.values(names).map((name) => skipped(name, why));

/** Sends the legacy endpoints requests that cost nothing and change nothing. */
export async function checkEndpoint(send: SendLegacy, random: () => number): Promise<readonly Check[]> {
  const sid = unknownSessionId(random);
  const probes: readonly Probe[] = [
    ringoutProbe(names.status, aboutSession('status', sid), `OK ${sid} `),
    ringoutProbe(names.spelling, aboutSession('status', impossibleSessionId), `OK ${impossibleSessionId} `, {
      path: '/RingOut.ASP/',
    }),
    emptyFaxProbe(names.fax),
  ];
  const checks: Check[] = [];
  for (const probe of probes) checks.push(await check(send, probe));
  return checks;
}

/** Requests the list from the legacy endpoint with the user's credentials. Causes a request to RingCentral. */
export function checkList(
  send: SendLegacy,
  user: Pick<User, 'username' | 'extension' | 'legacyPassword'>,
): Promise<Check> {
  const fields: LegacyFields = [
    ['cmd', 'list'],
    ['Username', user.username],
    ['Ext', user.extension],
    ...(user.legacyPassword === null ? [] : [['Password', user.legacyPassword] as const]),
  ];
  // Sends the fields in the body, so that no URL contains the password.
  return check(send, ringoutProbe('list', fields, isList, { sending: 'form' }));
}

/**
 * API Gateway refuses callers outside of the allowlist with exactly this answer. It proves only that the allowlist
 * works.
 */
async function check(send: SendLegacy, probe: Probe): Promise<Check> {
  const { check: outcome, answer } = await ask(send, probe);
  return answer?.status === 403 && answer.body === '5'
    ? skipped(probe.name, 'this computer is not in allowedCidrs: run the doctor where the legacy programs run')
    : outcome;
}
