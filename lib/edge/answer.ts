import type { LegacyFailure } from '../domain/failure.ts';
import { failureDigit, failureJson, failureText } from '../legacy/failure-answers.ts';
import type { Fields } from '../legacy/fields.ts';

/** The HTTP response to a legacy request. The status is 200, except for `format=json` and unknown paths. */
export interface LegacyAnswer {
  readonly statusCode: number;
  readonly contentType: string;
  readonly body: string;
}

/** The two legacy endpoints, which report the same outcomes in different formats. */
export type Endpoint = 'ringout' | 'fax';

/** Requested format of a ringout answer. Only `status` supports `html`; elsewhere it means `text`. */
export type Format = 'text' | 'json' | 'html';

/** Returns an answer like the old servers': 200 and plain text. */
export const textAnswer = (body: string): LegacyAnswer => ({
  statusCode: 200,
  contentType: 'text/plain; charset=utf-8',
  body,
});

/** Returns an answer for `format=json`, whose status shows failures. */
export const jsonAnswer = (body: string, statusCode = 200): LegacyAnswer => ({
  statusCode,
  contentType: 'application/json; charset=utf-8',
  body,
});

/** Returns the page for `cmd=status` with `format=html`. */
export const htmlAnswer = (body: string): LegacyAnswer => ({
  statusCode: 200,
  contentType: 'text/html; charset=utf-8',
  body,
});

/** Reads `format`. Returns `text` for unknown values. */
export function readFormat(fields: Fields): Format {
  const format = fields.first('format')?.toLowerCase();
  return format === 'json' || format === 'html' ? format : 'text';
}

/** Returns the answer for a failure. */
export function failureAnswer(endpoint: Endpoint, format: Format, failure: LegacyFailure): LegacyAnswer {
  if (endpoint === 'fax') return textAnswer(failureDigit(failure));
  if (format !== 'json') return textAnswer(failureText(failure));
  const { statusCode, body } = failureJson(failure);
  return jsonAnswer(body, statusCode);
}

/** Converts an answer for API Gateway. No header may forbid a frame or cause a download. */
export function toGateway({ statusCode, contentType, body }: LegacyAnswer): GatewayAnswer {
  return {
    statusCode,
    headers: {
      'Content-Type': contentType,
      // Otherwise the XMLHttpRequest of old browsers answers a repeated GET from the cache.
      'Cache-Control': 'no-store',
    },
    body,
    isBase64Encoded: false,
  };
}

/** Response of a Lambda function behind API Gateway (AWS documentation: output format of a proxy integration). */
export interface GatewayAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}
