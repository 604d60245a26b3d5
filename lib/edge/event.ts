import { asArray, asNumber, asObject, asText } from '../domain/untrusted.ts';
import type { FieldPair } from '../legacy/fields.ts';
import { parseMediaType, type MediaType } from '../legacy/media-type.ts';
import type { WebPage } from './web-page.ts';

/** A legacy request, independent of API Gateway's event format. */
export interface LegacyRequest {
  /** Upper case. */
  readonly method: string;
  readonly path: string;
  readonly query: readonly FieldPair[];
  readonly contentType: MediaType | undefined;
  readonly body: Uint8Array;
  /** The body is shorter than its Content-Length says. */
  readonly bodyIsCutShort: boolean;
  readonly sourceIp: string;
  /** The `User-Agent` header, as sent. */
  readonly userAgent: string | undefined;
  readonly webPage: WebPage;
  /** When API Gateway received the request (epoch milliseconds by its clock). */
  readonly arrivedAtMs: number | undefined;
  /** API Gateway's id of the request, for the log. */
  readonly requestId: string;
}

/**
 * Reads an API Gateway REST proxy event. Never throws: a missing field, or one of another type, counts as absent.
 * `isBase64Encoded` applies to every content type: all media types are declared binary, so API Gateway encodes
 * url-encoded forms as well.
 */
export function readEvent(event: unknown): LegacyRequest {
  const source = asObject(event) ?? {};
  const context = asObject(source['requestContext']);
  const headers = readHeaders(source);
  const body = readBody(source);
  const method = (asText(source['httpMethod']) ?? 'GET').toUpperCase();
  return {
    method,
    path: readPath(event),
    query: readQuery(source),
    contentType: parseMediaType(headers.get('content-type')),
    body,
    bodyIsCutShort: isCutShort(method, headers, body),
    sourceIp: asText(asObject(context?.['identity'])?.['sourceIp']) ?? 'unknown',
    userAgent: headers.get('user-agent'),
    webPage: readWebPage(headers, context),
    arrivedAtMs: asNumber(context?.['requestTimeEpoch']),
    requestId: asText(context?.['requestId']) ?? 'unknown',
  };
}

function readWebPage(
  headers: ReadonlyMap<string, string>,
  context: Readonly<Record<string, unknown>> | undefined,
): WebPage {
  const sent = (name: string): string | undefined => headers.get(name)?.trim() || undefined;
  return {
    site: sent('sec-fetch-site'),
    origin: sent('origin'),
    referer: sent('referer'),
    ownHosts: [sent('host'), asText(context?.['domainName'])].filter((host) => host !== undefined),
  };
}

/**
 * Returns only the path of a proxy event, or `/` without one. Does not decode the body, which takes time and memory.
 */
export function readPath(event: unknown): string {
  return asText(asObject(event)?.['path']) ?? '/';
}

function isCutShort(method: string, headers: ReadonlyMap<string, string>, body: Uint8Array): boolean {
  // A gateway removes the body of a GET but keeps its length.
  if (method === 'GET' && body.byteLength === 0) return false;
  // A compressed body arrives decompressed, with the length of the compressed one.
  return !headers.has('content-encoding') && body.byteLength < Number(headers.get('content-length') ?? 0);
}

function readHeaders(source: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(asObject(source['headers']) ?? {})) {
    if (typeof value === 'string') headers.set(name.toLowerCase(), value);
  }
  for (const [name, values] of Object.entries(asObject(source['multiValueHeaders']) ?? {})) {
    const value = asArray(values).find((candidate) => typeof candidate === 'string');
    if (typeof value === 'string' && !headers.has(name.toLowerCase())) headers.set(name.toLowerCase(), value);
  }
  return headers;
}

/** The multi-value map has all values of a repeated parameter, the other map only the last. */
function readQuery(source: Readonly<Record<string, unknown>>): readonly FieldPair[] {
  const multi = asObject(source['multiValueQueryStringParameters']);
  if (multi !== undefined) {
    return Object.entries(multi).flatMap(([name, values]) =>
      asArray(values).flatMap((value): readonly FieldPair[] => (typeof value === 'string' ? [[name, value]] : [])),
    );
  }
  return Object.entries(asObject(source['queryStringParameters']) ?? {}).flatMap(
    ([name, value]): readonly FieldPair[] => (typeof value === 'string' ? [[name, value]] : []),
  );
}

function readBody(source: Readonly<Record<string, unknown>>): Uint8Array {
  const body = source['body'];
  if (typeof body !== 'string') return new Uint8Array();
  return Buffer.from(body, source['isBase64Encoded'] === true ? 'base64' : 'utf8');
}
