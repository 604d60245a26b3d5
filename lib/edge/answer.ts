import type { LegacyFailure } from '../domain/failure.ts';
import { failureDigit, failureJson, failureText } from '../legacy/failure-answers.ts';
import type { Fields } from '../legacy/fields.ts';

/** What goes back over the wire. The status is 200 but for `format=json` and paths nobody serves. */
export interface LegacyAnswer {
  readonly statusCode: number;
  readonly contentType: string;
  readonly body: string;
}

/** The two dead endpoints, which say the same things in different ways. */
export type Endpoint = 'ringout' | 'fax';

/** In which form a ringout answer is wanted. `html` is known to `status` only; elsewhere it means `text`. */
export type Format = 'text' | 'json' | 'html';

/** An answer of the old servers: 200 and plain text. */
export const textAnswer = (body: string): LegacyAnswer => ({
  statusCode: 200,
  contentType: 'text/plain; charset=utf-8',
  body,
});

/** An answer with `format=json`; the status is true there. */
export const jsonAnswer = (body: string, statusCode = 200): LegacyAnswer => ({
  statusCode,
  contentType: 'application/json; charset=utf-8',
  body,
});

/** The page of `cmd=status` with `format=html`. */
export const htmlAnswer = (body: string): LegacyAnswer => ({
  statusCode: 200,
  contentType: 'text/html; charset=utf-8',
  body,
});

/** What `format` asks for; `text` for anything unknown. */
export function readFormat(fields: Fields): Format {
  const format = fields.first('format')?.toLowerCase();
  return format === 'json' || format === 'html' ? format : 'text';
}

/** The answer a failure becomes. */
export function failureAnswer(endpoint: Endpoint, format: Format, failure: LegacyFailure): LegacyAnswer {
  if (endpoint === 'fax') return textAnswer(failureDigit(failure));
  if (format !== 'json') return textAnswer(failureText(failure));
  const { statusCode, body } = failureJson(failure);
  return jsonAnswer(body, statusCode);
}

/** What API Gateway is given. No header that keeps the answer out of a frame or makes it a download. */
export function toGateway({ statusCode, contentType, body }: LegacyAnswer): GatewayAnswer {
  return {
    statusCode,
    headers: {
      'Content-Type': contentType,
      // Old browsers' request objects answer a repeated GET from their cache otherwise.
      'Cache-Control': 'no-store',
    },
    body,
    isBase64Encoded: false,
  };
}

/** The answer of a Lambda behind API Gateway (AWS documentation: output format of a proxy integration). */
export interface GatewayAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}
