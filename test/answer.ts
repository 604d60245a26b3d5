import type { GatewayAnswer } from '../lib/edge/answer.ts';

/** The complete answer with a plain text. */
export function text(body: string): GatewayAnswer {
  return {
    statusCode: 200,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
    body,
    isBase64Encoded: false,
  };
}

/** The complete answer of `format=json`. */
export function json(statusCode: number, body: unknown): GatewayAnswer {
  return {
    statusCode,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
    body: JSON.stringify(body),
    isBase64Encoded: false,
  };
}
