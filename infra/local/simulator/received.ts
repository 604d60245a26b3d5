import type { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { ParsedBody } from './body.ts';
import type { RequestKind } from './route.ts';
import type { UserLabel } from './user.ts';

/** One received request, whatever its result. */
export interface ReceivedRequest {
  /** Counts from 1. */
  readonly number: number;
  /** Epoch milliseconds of the simulator's base clock. Advancing the simulator does not change them. */
  readonly atMs: number;
  readonly method: string;
  /** Has no query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** `unknown` if the simulator has no such route. */
  readonly kind: RequestKind | 'unknown';
  /** The body by its content type: a JSON value, a form's fields, or the parts; undefined if there is none. */
  body: unknown;
  /** The user of the request's token or JWT, if the simulator knows it. */
  user: UserLabel | undefined;
  /** The answer's status; undefined before the answer and for a broken connection. */
  status: number | undefined;
  /** Name of the fault that was applied. */
  fault: string | undefined;
}

/** One part of a recorded multipart body. */
export interface RecordedPart {
  readonly name: string | undefined;
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  /** The JSON of a JSON part, or the bytes of any other part. */
  readonly content: unknown;
}

export function recordedBody(body: ParsedBody): unknown {
  switch (body.kind) {
    case 'json':
      return body.value;
    case 'form':
      return body.fields;
    case 'multipart':
      return body.parts.map(({ name, fileName, contentType, bytes }): RecordedPart => ({
        name,
        fileName,
        contentType,
        content: contentType?.startsWith('application/json') === true ? jsonOrBytes(bytes) : bytes,
      }));
    case 'unreadable':
      return { unreadable: body.problem };
    case 'bytes':
      return body.bytes;
    case 'empty':
    default:
      return undefined;
  }
}

function jsonOrBytes(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return bytes;
  }
}

const secretNames = new Set(['authorization', 'assertion', 'refresh_token', 'password', 'token', 'client_secret']);

/**
 * Returns a copy that is safe to show. Replaces tokens, JWTs and passwords with fingerprints, so that equal tokens can
 * still be recognised. Replaces bytes with their size.
 */
export function redacted(request: ReceivedRequest): Readonly<Record<string, unknown>> {
  return {
    ...request,
    query: redactFields(request.query),
    headers: redactFields(request.headers),
    body: redactValue(request.body),
  };
}

function redactFields(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      secretNames.has(name.toLowerCase()) ? fingerprint(String(value)) : redactValue(value),
    ]),
  );
}

function redactValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return `${value.length} bytes, sha256 ${digest(value)}`;
  if (Array.isArray(value)) return value.map(redactValue);
  return typeof value === 'object' && value !== null ? redactFields(value as Record<string, unknown>) : value;
}

/** Preserves the scheme of an Authorization header. */
function fingerprint(secret: string): string {
  const scheme = /^(basic|bearer) /i.exec(secret)?.[0] ?? '';
  return `${scheme}<sha256 ${digest(secret.slice(scheme.length))}>`;
}

function digest(value: string | Uint8Array): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 8);
}
