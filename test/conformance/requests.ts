import { Buffer } from 'node:buffer';
import { multipart as multipartBody, type MultipartOptions, type WirePart } from '../multipart.ts';

export interface RequestParts {
  readonly method?: string;
  /** Path and query as they go over the wire. */
  readonly target: string;
  /** Default `1.1`. */
  readonly version?: '1.0' | '1.1';
  /** Added to `Host` and `Connection: close`, which it may replace. A header with an empty value is not sent. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Gets a `Content-Length` unless the headers announce a length or chunks. */
  readonly body?: string | Buffer;
}

/** The bytes of an HTTP request with the required headers only: no User-Agent, no Accept. */
export function httpRequest(host: string, parts: RequestParts): Buffer {
  const { method = 'GET', target, version = '1.1', headers = {}, body } = parts;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const all = new Map(Object.entries({ Host: host, Connection: 'close', ...headers }));
  const saysLength = [...all.keys()].some((name) => /^(?:content-length|transfer-encoding)$/i.test(name));
  if (bytes !== undefined && !saysLength) all.set('Content-Length', String(bytes.length));
  const head = [
    `${method} ${target} HTTP/${version}`,
    ...[...all].flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`])),
    '',
    '',
  ].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes ?? Buffer.alloc(0)]);
}

/** `a=1&b=2`, escaped as programs do it. */
export function query(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}

export const formType = 'application/x-www-form-urlencoded';
/** As Internet Explorer writes it. */
export const boundary = '---------------------------7d54b1fee05aa';
export const multipartType = `multipart/form-data; boundary=${boundary}`;

/** A multipart body with the boundary that `multipartType` names. */
export function multipart(parts: readonly WirePart[], options: Omit<MultipartOptions, 'boundary'> = {}): Buffer {
  return multipartBody(parts, { ...options, boundary });
}
