import type { User } from '../../../lib/domain/user.ts';
import { failed, passed, skipped, type Check } from './check.ts';
import {
  impossibleSessionId,
  isList,
  shownAnswer,
  unknownSessionId,
  wireProblems,
  type LegacyFields,
  type LegacyRequest,
  type SendLegacy,
} from './legacy-request.ts';

const names = { status: 'ringout.asp', spelling: 'another spelling', fax: 'faxapi.asp' } as const;

/** The checks of {@link checkEndpoint} when they cannot be made. */
export const skippedEndpoint = (why: string): readonly Check[] =>
  Object.values(names).map((name) => skipped(name, why));

interface Probe {
  readonly name: string;
  readonly request: LegacyRequest;
  readonly isRight: (body: string) => boolean;
}

/** Asks the legacy endpoints for what costs nothing and changes nothing. */
export async function checkEndpoint(send: SendLegacy, random: () => number): Promise<readonly Check[]> {
  const sid = unknownSessionId(random);
  const status = (path: string, id: string): LegacyRequest => ({
    path,
    sending: 'query',
    fields: [
      ['cmd', 'status'],
      ['SessionID', id],
    ],
  });
  const probes: readonly Probe[] = [
    { name: names.status, request: status('/ringout.asp', sid), isRight: (body) => body === `OK ${sid} ` },
    {
      name: names.spelling,
      request: status('/RingOut.ASP/', impossibleSessionId),
      isRight: (body) => body === `OK ${impossibleSessionId} `,
    },
    {
      name: names.fax,
      request: { path: '/faxapi.asp', sending: 'query', fields: [] },
      isRight: (body) => /^[1-9]$/.test(body),
    },
  ];
  const checks: Check[] = [];
  for (const probe of probes) checks.push(await check(send, probe));
  return checks;
}

/** Signs in to the legacy endpoint as the user does and asks for the list; needs a request to RingCentral. */
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
  return check(send, {
    name: 'list',
    request: { path: '/ringout.asp', sending: 'form', fields },
    isRight: isList,
  });
}

async function check(send: SendLegacy, { name, request, isRight }: Probe): Promise<Check> {
  const answer = await send(request);
  if ('problem' in answer) {
    return failed(name, answer.problem, 'Check the address (--url), its DNS entry and certificate, and the network.');
  }
  const { status, body, durationMs } = answer;
  if (status === 403 && body === '5') {
    return skipped(name, 'this computer is not in allowedCidrs: run the doctor where the legacy programs run');
  }
  const problems = wireProblems(answer);
  if (problems.length === 0 && isRight(body)) return passed(name, `answers in ${durationMs} ms`);
  return failed(
    name,
    [...problems, ...(isRight(body) ? [] : [`it said ${shownAnswer(body)}`])].join('; '),
    remedyOf(body),
  );
}

function remedyOf(body: string): string {
  if (body === '5') return 'Lambda failed or was too slow: look at the logs of the functions and of the gateway.';
  return body.startsWith('FAILED')
    ? 'Look at the log line of this request; the sentence says what failed.'
    : 'Something else answers at this address; check --url and what stands in front of the API.';
}
