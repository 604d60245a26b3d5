import type { GatewayAnswer } from '../../lib/edge/answer.ts';

/** The endpoint of an answer. `unknown-path` is the catch-all for all other paths. */
export type Asked = 'ringout' | 'fax' | 'unknown-path';

/** Every form of a ringout answer as text. `ok` in any case marks a success, so a failure never contains it. */
const ringoutTexts: readonly RegExp[] = [
  /^FAILED (?!.*ok)[^<{\r\n]+$/i,
  // list
  /^OK (?:\d+;[^;\r\n]+(?:;\d+;[^;\r\n]+)*)?$/,
  // call
  /^OK [1-9]\d{8} 3$/,
  // status
  /^OK [1-9]\d{8} [0-8];\+\d+;[0-8];\+\d+;[0-8]$/,
  /^OK [A-Za-z0-9._~-]{1,64} $/,
  // cancel
  /^OK [A-Za-z0-9._~-]{1,64}$/,
];
const jsonStatuses: readonly number[] = [200, 400, 401, 403, 404, 405, 413, 415, 429, 500, 502, 503, 504];

/** Returns why an answer is illegal for a legacy program, or undefined for a legal one. */
export function whyIllegal(asked: Asked, answer: GatewayAnswer): string | undefined {
  const { statusCode, headers, body } = answer;
  if (typeof body !== 'string' || answer.isBase64Encoded) return 'the body is not text';
  if (Object.keys(headers).join() !== 'Content-Type,Cache-Control') return `headers ${Object.keys(headers).join()}`;
  const type = headers['Content-Type'] ?? '';
  if (asked === 'unknown-path') return statusCode === 403 && body === '5' ? undefined : 'no refusal of an unknown path';
  if (asked === 'fax') {
    const isLegal = statusCode === 200 && type.startsWith('text/plain') && /^[0-5]$/.test(body);
    return isLegal ? undefined : 'no single digit';
  }
  if (type.startsWith('application/json')) return whyIllegalJson(statusCode, body);
  if (statusCode !== 200) return `status ${statusCode}`;
  if (type.startsWith('text/html')) return body.startsWith('<!DOCTYPE html>') ? undefined : 'no page';
  return ringoutTexts.some((form) => form.test(body)) ? undefined : 'no form of a ringout answer';
}

function whyIllegalJson(statusCode: number, body: string): string | undefined {
  if (!jsonStatuses.includes(statusCode)) return `JSON with status ${statusCode}`;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return 'no JSON';
  }
  if (typeof value !== 'object' || value === null) return 'JSON that is not an object';
  if (statusCode === 200) return undefined;
  const { errorCode, message } = value as { errorCode?: unknown; message?: unknown };
  return typeof errorCode === 'string' && typeof message === 'string' ? undefined : 'an error without code or message';
}

/** Throws with the answer when it is illegal. */
export function expectLegal(asked: Asked, answer: GatewayAnswer): void {
  const problem = whyIllegal(asked, answer);
  if (problem !== undefined) throw new Error(`${asked}: ${problem}: ${JSON.stringify(answer)}`);
}
