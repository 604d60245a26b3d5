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

/** The checks of {@link checkEndpoint} when they cannot be made. */
export const skippedEndpoint = (why: string): readonly Check[] =>
  Object.values(names).map((name) => skipped(name, why));

/** Asks the legacy endpoints for what costs nothing and changes nothing. */
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

/** Signs in to the legacy endpoint as the user does and asks for the list; causes a request to RingCentral. */
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
  // In the body, so that the password stands in no address.
  return check(send, ringoutProbe('list', fields, isList, { sending: 'form' }));
}

/** A caller outside of the allowlist is refused with just this, which proves that the list works and nothing more. */
async function check(send: SendLegacy, probe: Probe): Promise<Check> {
  const { check: outcome, answer } = await ask(send, probe);
  return answer?.status === 403 && answer.body === '5'
    ? skipped(probe.name, 'this computer is not in allowedCidrs: run the doctor where the legacy programs run')
    : outcome;
}
