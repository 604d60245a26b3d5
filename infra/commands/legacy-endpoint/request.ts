import { asObject } from '../../../lib/domain/untrusted.ts';
import { networkReason } from '../report/network-reason.ts';

/** Fields of a legacy request, in sending order. Only a multipart body can contain a file. */
export type LegacyFields = readonly (readonly [name: string, value: string | File])[];

/** The encoding of the fields. */
export type Sending = 'query' | 'form' | 'multipart';

/** One request as a legacy program sends it. */
export interface ProbeRequest {
  /** Such as `/ringout.asp`, in any spelling. */
  readonly path: string;
  readonly sending: Sending;
  readonly fields: LegacyFields;
}

/** The answer, byte for byte. */
export interface ProbeAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Decoded as UTF-8, with its byte order mark if it has one. */
  readonly body: string;
  readonly durationMs: number;
}

/** Why there was no answer, and the remedy. */
export interface NoAnswer {
  readonly problem: string;
  readonly remedy: string;
}

/** Sends one legacy request. Never rejects. */
export type SendLegacy = (request: ProbeRequest) => Promise<ProbeAnswer | NoAnswer>;

/** Longer than API Gateway's integration timeout of 29 s. */
const timeoutMs = 35_000;

/** @param baseUrl has no trailing slash */
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
      return problemOf(error);
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

function problemOf(error: unknown): NoAnswer {
  if (asObject(error)?.['name'] === 'TimeoutError') {
    return { problem: 'no answer in time', remedy: 'Try again; a slow network may need longer than 35 s.' };
  }
  const reason = networkReason(error);
  return { problem: reason?.what ?? 'the connection failed', remedy: reason?.remedy ?? checkNetwork };
}

const checkNetwork = 'Check the address, its DNS entry and certificate, and the network.';
