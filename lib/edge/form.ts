import { LegacyFailure } from '../domain/failure.ts';
import { mergeFields, type FieldPair, type Fields } from '../legacy/fields.ts';
import { parseMediaType } from '../legacy/media-type.ts';
import { isTextField, parseMultipart, type MultipartPart } from '../legacy/multipart.ts';
import { decodeText, findCharset, isUtf16, skipByteOrderMark, type Charset } from '../legacy/text-encoding.ts';
import { maxFields, parseUrlEncoded } from '../legacy/url-encoded.ts';
import type { LegacyRequest } from './event.ts';

/** The parameters of a legacy request, from its query and its body. */
export interface Form {
  readonly fields: Fields;
  /** The parts of a multipart body. */
  readonly parts: readonly MultipartPart[];
  /**
   * `ignored`: the body has a type that no legacy program sends, and was not read. `cut_short` and `unreadable`: the
   * body is unreliable, so the request must not be executed.
   */
  readonly body: 'read' | 'ignored' | 'cut_short' | 'unreadable';
  /** Why the body is unreliable, for the log. It contains nothing of the body. */
  readonly problem?: string;
}

/** Returns the failure for an unreliable body, otherwise undefined. */
export function brokenBody({ body, problem }: Form): LegacyFailure | undefined {
  if (body !== 'cut_short' && body !== 'unreadable') return undefined;
  return new LegacyFailure('malformed', { hint: problem === undefined ? body : `${body}: ${problem}` });
}

/** Reads a request's parameters. A body without a content type is read as a form, as old servers did. */
export function readForm(request: LegacyRequest): Form {
  const { type, boundary } = kindOf(request);
  const charset = findCharset(request.contentType?.parameters.get('charset'));
  const notRead = (body: Form['body'], problem?: string): Form => ({
    fields: mergeFields([], request.query),
    parts: [],
    body,
    ...(problem === undefined ? {} : { problem }),
  });
  const read = (pairs: readonly FieldPair[], parts: readonly MultipartPart[]): Form => ({
    fields: mergeFields(pairs, request.query),
    parts,
    body: request.bodyIsCutShort ? 'cut_short' : 'read',
  });
  switch (type) {
    case 'form': {
      const pairs = parseUrlEncoded(request.body, charset);
      if (pairs === undefined) return notRead('unreadable', `the form has more than ${maxFields} fields`);
      return read(pairs, []);
    }
    case 'multipart': {
      const result = parseMultipart(request.body, boundary);
      if (!result.ok) return notRead(result.reason, result.problem);
      const textFields = result.parts.filter(isTextField);
      // Delimiters and headers are ASCII, so the whole body cannot be UTF-16.
      const ofRequest = charset !== undefined && isUtf16(charset) ? undefined : charset;
      const pairs = textFields.map((part) => asPair(part, ofRequest));
      return read(pairs, result.parts);
    }
    case 'other':
      return notRead('ignored');
  }
}

function kindOf(request: LegacyRequest): { type: 'form' | 'multipart' | 'other'; boundary: string } {
  const { contentType, body, method } = request;
  // Some programs send a GET with the headers of a POST: the body is empty, whatever its type.
  if (method === 'GET' && body.byteLength === 0) return { type: 'form', boundary: '' };
  if (contentType?.type === 'multipart/form-data') {
    return { type: 'multipart', boundary: contentType.parameters.get('boundary') ?? '' };
  }
  return { type: body.byteLength === 0 || isForm(contentType?.type, body) ? 'form' : 'other', boundary: '' };
}

/**
 * Whether a body is a form. A gateway may add `application/json` when the program sent no content type. So a body of
 * that type is a form when it begins like one.
 */
function isForm(type: string | undefined, body: Uint8Array): boolean {
  if (type === undefined || type === 'application/x-www-form-urlencoded') return true;
  const beginning = Buffer.from(skipByteOrderMark(body.subarray(0, 64))).toString('latin1');
  return type === 'application/json' && /^\s*[A-Za-z_][\w.%[\]-]*=/.test(beginning);
}

/** The part's own charset has precedence over the request's. */
function asPair({ name, bytes, contentType }: MultipartPart, ofRequest: Charset | undefined): FieldPair {
  const ofPart = findCharset(parseMediaType(contentType)?.parameters.get('charset'));
  return [name, decodeText(bytes, ofPart ?? ofRequest)];
}
