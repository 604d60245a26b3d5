import { isFailure, isList } from '../legacy-endpoint/answer.ts';
import {
  aboutSession,
  emptyFaxProbe,
  impossibleSessionId,
  ringoutProbe,
  unknownSessionId,
  type Probe,
} from '../legacy-endpoint/probe.ts';
import type { LegacyFields, Sending } from '../legacy-endpoint/request.ts';

const sendings: readonly (readonly [Sending, string])[] = [
  ['query', 'GET'],
  ['form', 'POST form'],
  ['multipart', 'POST multipart'],
];

/** Returns requests that need no user and change nothing. */
export function harmlessProbes(random: () => number): readonly [Probe, ...Probe[]] {
  const sid = unknownSessionId(random);
  const status = aboutSession('STATUS', impossibleSessionId);
  const answerForEnded = `OK ${impossibleSessionId} `;
  return [
    ringoutProbe('status, unknown session', aboutSession('status', sid), `OK ${sid} `),
    ...sendings.map(([sending, how]) => ringoutProbe(`status, ${how}`, status, answerForEnded, { sending })),
    ringoutProbe('/RingOut.Asp', status, answerForEnded, { path: '/RingOut.Asp' }),
    ringoutProbe('/ringout.asp/', status, answerForEnded, { path: '/ringout.asp/' }),
    ringoutProbe('cancel', aboutSession('cancel', impossibleSessionId), `OK ${impossibleSessionId}`),
    ringoutProbe('no command', [], isFailure),
    ringoutProbe('unknown user', [['cmd', 'list'], ...noUser], 'FAILED Invalid User or Password'),
    ...['/faxapi.asp', '/FaxApi.asp', '/faxout.asp'].map((path) => emptyFaxProbe(`GET ${path}`, path)),
    refusedFaxProbe,
  ];
}

/** Cannot be a main number, because no area code begins with 0. */
const noUser: LegacyFields = [
  ['Username', '10005550100'],
  ['Ext', '999999'],
  ['Password', 'none'],
];

/** A fax in a real program's form, without a valid user or recipient. No server can send it, whichever receives it. */
const refusedFaxProbe: Probe = {
  name: 'fax, wrong password',
  request: { path: '/faxapi.asp', sending: 'multipart', fields: [...noUser, ['Attachment', testPage()]] },
  wanted: '1',
};

/** Requests the user's numbers, once in each encoding that programs use. */
export function listProbes(credentials: LegacyFields): readonly Probe[] {
  return sendings.map(([sending, how]) =>
    ringoutProbe(`list, ${how}`, [['cmd', 'list'], ...credentials], isList, { sending }),
  );
}

/** Places a call that rings at `from` first and asks there for confirmation. */
export function callProbe(
  { to, from }: { readonly to: string; readonly from: string },
  credentials: LegacyFields,
): Probe {
  const order: LegacyFields = [['cmd', 'call'], ...credentials, ['To', to], ['From', from], ['Prompt', '1']];
  return ringoutProbe('call', order, (body) => /^OK [1-9]\d{8} 3$/.test(body), { sending: 'form' });
}

/** Asks for the status of a recent call: any status of the call and its two lines, with their numbers. */
export function statusProbe(sid: string): Probe {
  const groups = new RegExp(`^OK ${sid} [0-8];\\+\\d+;[0-8];\\+\\d+;[0-8]$`);
  return ringoutProbe('status', aboutSession('status', sid), (body) => groups.test(body));
}

export function cancelProbe(sid: string): Probe {
  return ringoutProbe('cancel', aboutSession('cancel', sid), `OK ${sid}`);
}

/** Sends a one-page fax without cover page, in the encoding that programs use for files. */
export function faxProbe(number: string, credentials: LegacyFields): Probe {
  return {
    name: 'fax',
    request: {
      path: '/faxapi.asp',
      sending: 'multipart',
      fields: [...credentials, ['Recipient', number], ['Coverpage', 'None'], ['Attachment', testPage()]],
    },
    wanted: '0',
  };
}

function testPage(): File {
  return new File(['This is a test page.\n'], 'test.txt', { type: 'text/plain' });
}
