import { failed, passed, type Check } from '../report/check.ts';
import { isFaxFailure, shownAnswer, wireProblems } from './answer.ts';
import type { ProbeAnswer, LegacyFields, ProbeRequest, SendLegacy, Sending } from './request.ts';

/** One request to a legacy endpoint with its expected answer. */
export interface Probe {
  readonly name: string;
  readonly request: ProbeRequest;
  /** The whole body, or a predicate that accepts a body. */
  readonly wanted: string | ((body: string) => boolean);
}

/** Builds a probe of `/ringout.asp`, in any spelling of the path. */
export function ringoutProbe(
  name: string,
  fields: LegacyFields,
  wanted: Probe['wanted'],
  { path = '/ringout.asp', sending = 'query' }: { readonly path?: string; readonly sending?: Sending } = {},
): Probe {
  return { name, request: { path, sending, fields }, wanted };
}

/** Builds a probe of a fax endpoint that sends no fax: the endpoint must refuse a request without fields. */
export function emptyFaxProbe(name: string, path = '/faxapi.asp'): Probe {
  return { name, request: { path, sending: 'query', fields: [] }, wanted: isFaxFailure };
}

/** The fields of a request about a session. */
export const aboutSession = (cmd: string, sessionId: string): LegacyFields => [
  ['cmd', cmd],
  ['SessionID', sessionId],
];

/** Returns a session id in the product's format. It is very unlikely to belong to a real call. */
export function unknownSessionId(random: () => number): string {
  return String(100_000_000 + Math.floor(random() * 900_000_000));
}

/** An id of the right length that the product never issues, so cancelling it cannot end anybody's call. */
export const impossibleSessionId = '000000001';

/** The outcome of a probe, with the answer if there was one. */
export interface Probed {
  readonly check: Check;
  readonly answer: ProbeAnswer | undefined;
}

/** Sends one probe and compares the answer byte for byte. */
export async function ask(send: SendLegacy, { name, request, wanted }: Probe): Promise<Probed> {
  const answer = await send(request);
  if ('problem' in answer) {
    return { check: failed(name, answer.problem, answer.remedy), answer: undefined };
  }
  const { status, body, durationMs } = answer;
  const isRight = typeof wanted === 'string' ? body === wanted : wanted(body);
  const problems = [...wireProblems(answer), ...(isRight ? [] : [`it said ${shownAnswer(body)}`])];
  const check =
    problems.length === 0
      ? passed(name, `${shownAnswer(body)} in ${durationMs} ms`)
      : failed(name, problems.join('; '), remedyOf(status, body));
  return { check, answer };
}

function remedyOf(status: number, body: string): string {
  if (status === 403) return 'This computer is not in allowedCidrs, or the path is not served at this address.';
  if (body === '5') return 'Lambda or RingCentral failed or was too slow: look at the logs of functions and gateway.';
  return body.startsWith('FAILED')
    ? 'The sentence says what failed; docs/troubleshooting.md says what to do about it.'
    : 'Something stands in front of the endpoint or answers in its place, or it is another version.';
}
