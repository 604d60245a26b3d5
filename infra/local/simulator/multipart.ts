import { Buffer } from 'node:buffer';

/** One part of a multipart body. `bytes` are exactly the bytes between the part's header and the next delimiter. */
export interface MultipartPart {
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly name: string | undefined;
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  readonly bytes: Buffer;
}

/** The body violates RFC 2046. */
export class MultipartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MultipartError';
  }
}

const crlf = '\r\n';

/**
 * Splits a multipart body, strictly: no preamble, CRLF line ends, a final delimiter. Strict because it validates the
 * product's output, not input that the product must accept. Throws {@link MultipartError}.
 */
export function parseMultipart(body: Buffer, contentTypeHeader: string): MultipartPart[] {
  const boundary = headerParameter(contentTypeHeader, 'boundary');
  if (boundary === undefined || boundary === '' || boundary.length > 70) {
    throw new MultipartError('the Content-Type has no boundary of 1 to 70 characters');
  }
  const first = Buffer.from(`--${boundary}${crlf}`, 'latin1');
  if (!body.subarray(0, first.length).equals(first)) {
    throw new MultipartError('the body does not begin with the boundary');
  }
  const delimiter = Buffer.from(`${crlf}--${boundary}`, 'latin1');
  const parts: MultipartPart[] = [];
  let start = first.length;
  for (;;) {
    const end = body.indexOf(delimiter, start);
    if (end < 0) throw new MultipartError(`part ${parts.length + 1} is not ended by a boundary`);
    parts.push(parsePart(body.subarray(start, end), parts.length + 1));
    const after = end + delimiter.length;
    const mark = body.toString('latin1', after, after + 2);
    if (mark === '--') {
      if (!['', crlf].includes(body.toString('latin1', after + 2))) {
        throw new MultipartError('bytes follow the final boundary');
      }
      return parts;
    }
    if (mark !== crlf) throw new MultipartError('a boundary is followed by neither a line end nor two hyphens');
    start = after + 2;
  }
}

function parsePart(part: Buffer, number: number): MultipartPart {
  const headerEnd = part.indexOf(crlf + crlf);
  if (headerEnd < 0) throw new MultipartError(`part ${number} has no empty line after its header`);
  const headers: Record<string, string> = {};
  for (const line of part.toString('utf8', 0, headerEnd).split(crlf)) {
    const field = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (field === null) throw new MultipartError(`part ${number} has a header line without a name`);
    const name = (field[1] ?? '').toLowerCase();
    if (name in headers) throw new MultipartError(`part ${number} has ${name} twice`);
    headers[name] = field[2] ?? '';
  }
  const disposition = headers['content-disposition'] ?? '';
  return {
    headers,
    name: headerParameter(disposition, 'name'),
    fileName: extendedParameter(disposition, 'filename') ?? headerParameter(disposition, 'filename'),
    contentType: headers['content-type'],
    bytes: part.subarray(headerEnd + 2 * crlf.length),
  };
}

/** Returns a parameter of a header such as `form-data; name="a"`, quoted or not; undefined if absent. */
export function headerParameter(header: string, name: string): string | undefined {
  for (const parameter of header.matchAll(/;\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g)) {
    if (parameter[1]?.toLowerCase() !== name) continue;
    const quoted = parameter[2];
    if (quoted === undefined) return parameter[3] ?? '';
    // Browsers and undici escape only these three (WHATWG "multipart/form-data encoding"). Other clients use
    // backslashes.
    return quoted.replaceAll(/\\(["\\])/g, '$1').replaceAll(/%(22|0D|0A)/gi, (escaped) => decodeURIComponent(escaped));
  }
  return undefined;
}

/** Parses `filename*=UTF-8''na%C3%AFve.pdf` of RFC 5987. */
function extendedParameter(header: string, name: string): string | undefined {
  const value = headerParameter(header, `${name}*`);
  const encoded = value === undefined ? null : /^utf-8'[^']*'(.*)$/i.exec(value);
  if (encoded === null) return undefined;
  try {
    return decodeURIComponent(encoded[1] ?? '');
  } catch {
    throw new MultipartError(`${name}* is not percent-encoded UTF-8`);
  }
}
