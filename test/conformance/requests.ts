import { Buffer } from 'node:buffer';

export interface RequestParts {
  readonly method?: string;
  /** Path and query, written out as they go over the wire. */
  readonly target: string;
  /** Default `1.1`. */
  readonly version?: '1.0' | '1.1';
  /** Added to `Host` and `Connection: close`; a name of these two replaces it, an empty value leaves it out. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Its length is announced unless the headers do so. */
  readonly body?: string | Buffer;
}

/** The bytes of an HTTP request that says no more than it must: no User-Agent, no Accept. */
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
export const boundary = '---------------------------7d54b1fee05aa';
export const multipartType = `multipart/form-data; boundary=${boundary}`;

/** One part of a multipart body; `head` holds its header lines as they stand there. */
export interface Part {
  readonly head: string;
  readonly payload: string | Buffer;
}

export function field(name: string, value: string | Buffer): Part {
  return { head: `Content-Disposition: form-data; name="${name}"`, payload: value };
}

export function file(fileName: string, payload: string | Buffer, contentType?: string): Part {
  const head = `Content-Disposition: form-data; name="Attachment"; filename="${fileName}"`;
  return { head: contentType === undefined ? head : `${head}\r\nContent-Type: ${contentType}`, payload };
}

/** A multipart body; the line ends and what stands around the parts can be changed. */
export function multipart(
  parts: readonly Part[],
  { lineEnd = '\r\n', preamble = '', closing = `--${boundary}--\r\n` } = {},
): Buffer {
  const chunks = parts.flatMap(({ head, payload }) => [
    Buffer.from(`--${boundary}${lineEnd}${head.replaceAll('\r\n', lineEnd)}${lineEnd}${lineEnd}`),
    Buffer.from(payload),
    Buffer.from(lineEnd),
  ]);
  return Buffer.concat([Buffer.from(preamble), ...chunks, Buffer.from(closing)]);
}
