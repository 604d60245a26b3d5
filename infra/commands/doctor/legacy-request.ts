import { asObject, asText } from '../../../lib/domain/untrusted.ts';
import { maskNumber } from '../../../lib/domain/log-name.ts';
import { shown } from './check.ts';

/** Fields of a legacy request, in the order they are sent. A file goes out in a multipart body only. */
export type LegacyFields = readonly (readonly [name: string, value: string | File])[];

/** How a program sends its fields. */
export type Sending = 'query' | 'form' | 'multipart';

export interface LegacyRequest {
  /** Such as `/ringout.asp`, in any spelling. */
  readonly path: string;
  readonly sending: Sending;
  readonly fields: LegacyFields;
}

/** What came back, to the byte. */
export interface LegacyAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** UTF-8; a byte order mark is kept. */
  readonly body: string;
  readonly durationMs: number;
}

/** No answer: the code of the network's error, such as ECONNREFUSED. */
export interface NoAnswer {
  readonly problem: string;
}

/** Sends one legacy request. Never rejects. */
export type SendLegacy = (request: LegacyRequest) => Promise<LegacyAnswer | NoAnswer>;

/** Longer than API Gateway lets a request take. */
const timeoutMs = 35_000;

/** @param baseUrl without a slash at the end */
export function createSendLegacy(baseUrl: string, send: typeof fetch = fetch): SendLegacy {
  return async ({ path, sending, fields }) => {
    const startedAt = performance.now();
    try {
      const query = sending === 'query' ? `?${urlEncoded(fields).toString()}` : '';
      const answer = await send(`${baseUrl}${path}${query}`, {
        ...(sending === 'query'
          ? {}
          : { method: 'POST', body: sending === 'form' ? urlEncoded(fields) : form(fields) }),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const body = Buffer.from(await answer.arrayBuffer()).toString('utf8');
      const durationMs = Math.round(performance.now() - startedAt);
      return { status: answer.status, headers: answer.headers, body, durationMs };
    } catch (error) {
      return { problem: problemOf(error) };
    }
  };
}

function urlEncoded(fields: LegacyFields): URLSearchParams {
  return new URLSearchParams(
    fields.flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

function form(fields: LegacyFields): FormData {
  const data = new FormData();
  for (const [name, value] of fields) data.append(name, value);
  return data;
}

/** fetch wraps the system's error, and each of two addresses may have failed. */
function problemOf(error: unknown): string {
  if (asObject(error)?.['name'] === 'TimeoutError') return 'no answer in time';
  const cause = asObject(asObject(error)?.['cause']);
  return asText(cause?.['code']) ?? 'the connection failed';
}

/**
 * Rules that hold for every answer on the legacy endpoints, whatever is in it; the reasons are in what old clients do:
 * they raise another error on any status but 200, compare slices without trimming, and load answers in frames.
 */
export function wireProblems({ status, headers, body }: LegacyAnswer): readonly string[] {
  const contentType = headers.get('content-type') ?? 'missing';
  const disposition = headers.get('content-disposition') ?? '';
  return [
    ...(status === 200 ? [] : [`status ${status} instead of 200`]),
    ...(contentType === 'text/plain; charset=utf-8' ? [] : ['the content type is not text/plain; charset=utf-8']),
    ...(/[\r\n]$/.test(body) ? ['a line end behind the answer'] : []),
    ...(headers.has('x-frame-options') ? ['X-Frame-Options keeps it out of frames'] : []),
    ...(/attachment/i.test(disposition) ? ['Content-Disposition makes it a download'] : []),
  ];
}

/** The beginning of an answer as it may be printed: of anything that could be a phone number, the last four digits. */
export function shownAnswer(body: string): string {
  return `"${shown(body.replaceAll(/\d{7,}/g, maskNumber))}"`.replace('"(nothing)"', 'nothing');
}

/** A session id as the product gives them out. That it is one of a call somebody has placed is most unlikely. */
export function unknownSessionId(random: () => number): string {
  return String(100_000_000 + Math.floor(random() * 900_000_000));
}

/** An id of the right length that the product never gives out: what is cancelled by it cannot be anybody's call. */
export const impossibleSessionId = '000000001';

/** Whether the text has the form of an answer to `list`: pairs of a number and a label that no other number has. */
export function isList(body: string): boolean {
  if (body === 'OK ') return true;
  if (!body.startsWith('OK ')) return false;
  const items = body.slice(3).split(';');
  const labels = items.filter((_, index) => index % 2 === 1);
  return (
    items.length % 2 === 0 &&
    items.every((item, index) => (index % 2 === 0 ? /^\+?\d+$/.test(item) : item.trim() !== '')) &&
    new Set(labels).size === labels.length
  );
}
