import type { Buffer } from 'node:buffer';
import { MultipartError, parseMultipart, type MultipartPart } from './multipart.ts';

/** A request body, parsed by its content type. */
export type ParsedBody =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'form'; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'multipart'; readonly parts: readonly MultipartPart[] }
  | { readonly kind: 'unreadable'; readonly problem: string }
  | { readonly kind: 'bytes'; readonly bytes: Buffer };

/** Never throws: an unreadable body becomes `unreadable`, and the route chooses the answer. */
export function parseBody(bytes: Buffer, contentType: string): ParsedBody {
  if (bytes.length === 0) return { kind: 'empty' };
  const mediaType = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (mediaType === 'application/json') return parseJson(bytes);
  if (mediaType === 'application/x-www-form-urlencoded') {
    return { kind: 'form', fields: Object.fromEntries(new URLSearchParams(bytes.toString('utf8'))) };
  }
  if (mediaType.startsWith('multipart/')) {
    try {
      return { kind: 'multipart', parts: parseMultipart(bytes, contentType) };
    } catch (error) {
      if (error instanceof MultipartError) return { kind: 'unreadable', problem: error.message };
      throw error;
    }
  }
  return { kind: 'bytes', bytes };
}

function parseJson(bytes: Buffer): ParsedBody {
  try {
    return { kind: 'json', value: JSON.parse(bytes.toString('utf8')) as unknown };
  } catch {
    return { kind: 'unreadable', problem: 'not JSON' };
  }
}

/** Whether the value is a JSON object, the only kind of JSON in RingCentral's requests. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the first key that is not in `known`. RingCentral would silently ignore a misspelled field. */
export function unknownKey(value: Readonly<Record<string, unknown>>, known: readonly string[]): string | undefined {
  return Object.keys(value).find((key) => !known.includes(key));
}
