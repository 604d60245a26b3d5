import { bufferView } from './buffer-view.ts';
import { repeatedFieldName } from './fields.ts';
import { readFileName } from './file-name.ts';
import { parseMediaType } from './media-type.ts';
import type { MediaType } from './media-type.ts';
import { findDelimiters, isBlank, unreadable } from './multipart-delimiters.ts';
import type { BrokenMultipart, Delimiter } from './multipart-delimiters.ts';
import { decodeText } from './text-encoding.ts';
import { decodeTransferEncoding } from './transfer-encoding.ts';

/** One part of a `multipart/form-data` body. */
export interface MultipartPart {
  /** The field's name as sent, never empty. */
  readonly name: string;
  /** Base name without any Windows or Unix path; `''` when the parameter was sent empty. */
  readonly fileName: string | undefined;
  /** The part's own `Content-Type` as sent, trimmed. */
  readonly contentType: string | undefined;
  /** A view into the request body; a copy only if a transfer encoding was decoded. */
  readonly bytes: Uint8Array;
}

/** Matches every text parameter of the two endpoints. */
const textField =
  /^(?:username|ext|extension|password|cmd|to|from|clid|prompt|sessionid|format|css|recipient|coverpage|coverpagetext|resolution|sendtime)$/;

/**
 * Returns whether a part is a text field and not a document. The field's name decides, because some libraries give
 * every part a file name, even the text fields. A document that came without a file name stays a document.
 */
export function isTextField({ name, fileName }: MultipartPart): boolean {
  const field = repeatedFieldName(name);
  return field !== 'attachment' && (fileName === undefined || textField.test(field));
}

/** All parts of a complete body in the order sent, or why there are none. */
export type MultipartResult = { readonly ok: true; readonly parts: readonly MultipartPart[] } | BrokenMultipart;

/** Longest header block of one part in bytes. Real ones are a few hundred. */
const maxHeaderBytes = 16 * 1024;
/** Longest boundary in bytes: RFC 2046 allows 70, some programs write more. */
const maxBoundaryBytes = 200;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const colon = 0x3a;

/**
 * Reads all parts of a `multipart/form-data` body, or refuses it. The time is linear in its size, and payloads are not
 * copied. {@link findDelimiters} defines a delimiter.
 *
 * The parser is our own because published ones are made for bodies that browsers write. @fastify/busboy 3.2.6 drops a
 * part without an error if its delimiter follows a byte order mark or a bare line feed, or has a blank after it. It
 * refuses bodies of bare line feeds, ends a document at `--boundaryx`, and garbles file names in Windows-1252.
 *
 * A body is `unreadable` if the ends of its payloads are ambiguous. It is also `unreadable` if a part has no name, has
 * damaged headers or headers over 16 KB, is not encoded as declared or has parts of its own. Two delimiters with nothing
 * between them make no part.
 */
export function parseMultipart(body: Uint8Array, boundary: string): MultipartResult {
  const text = bufferView(body);
  const boundaryBytes = Buffer.byteLength(boundary);
  if (boundaryBytes === 0 || boundaryBytes > maxBoundaryBytes) return unreadable('the boundary is empty or too long');
  const found = findDelimiters(text, boundary);
  if (!found.ok) return found;
  const sections = divide(text, found.delimiters);
  if (sections === undefined) return unreadable('the headers of a part do not end within 16 KB');
  const lineEndBytes = lineEndBytesBehindPayloads(sections);
  if (lineEndBytes === undefined) return unreadable('the line ends before the delimiters differ');

  const parts: MultipartPart[] = [];
  for (const { headers, payloadStart, next } of sections) {
    if (!wellFormedHeaders.test(headers.toString('latin1'))) return unreadable('a part has damaged headers');
    const parsed = parseHeaders(headers);
    const bytes = body.subarray(payloadStart, Math.max(payloadStart, next.start - lineEndBytes));
    const decoded = decodeTransferEncoding(bytes, parsed.transferEncoding);
    if (decoded === undefined) return unreadable('a part is not encoded as it says');
    if (hasParts(parsed, decoded)) return unreadable('a part has parts of its own');
    const part = makePart(parsed, decoded);
    if (part === undefined) return unreadable('a part has no name');
    parts.push(part);
  }
  return { ok: true, parts };
}

/** The bytes between two delimiters. */
interface Section {
  /** From the end of the boundary to the payload: the end of the delimiter line and the headers. */
  readonly frame: Buffer;
  /** The header lines and the empty line after them. */
  readonly headers: Buffer;
  readonly payloadStart: number;
  /** The delimiter after the payload. */
  readonly next: Delimiter;
}

/** Returns undefined when the headers of a part do not end within 16 KB. */
function divide(text: Buffer, delimiters: readonly Delimiter[]): readonly Section[] | undefined {
  const sections: Section[] = [];
  for (const [index, next] of delimiters.entries()) {
    const delimiter = delimiters[index - 1];
    if (delimiter === undefined || next.start - next.lineEndBytesBefore <= delimiter.contentStart) continue;
    const payloadStart = findPayload(text, delimiter.contentStart, next.start);
    if (payloadStart === undefined) return undefined;
    const frame = text.subarray(delimiter.boundaryEnd, payloadStart);
    const headers = text.subarray(delimiter.contentStart, payloadStart);
    sections.push({ frame, headers, payloadStart, next });
  }
  return sections;
}

/**
 * Returns how many bytes of line end separate each payload from the delimiter after it: 2 for CRLF, 1 for LF. If LF
 * precedes most delimiters, a carriage return before it is the last byte of a payload. Returns undefined if LF precedes
 * some delimiters, but not most: it may be half of a line end, or the end of a payload whose line end is missing.
 */
function lineEndBytesBehindPayloads(sections: readonly Section[]): 1 | 2 | undefined {
  const bareCount = sections.filter(({ next }) => next.lineEndBytesBefore === 1).length;
  if (bareCount > sections.length / 2) return 1;
  if (bareCount > 0) return undefined;
  // If there is only one section, the line ends before its payload decide.
  const [first, second] = sections;
  return second === undefined && first?.frame.includes(carriageReturn) === false ? 1 : 2;
}

/**
 * Returns where the payload of a part begins: after the first empty line at or after `from`. The line end of that line
 * may be the one that belongs to the next delimiter (`end` is after it). Header lines may end in CRLF or LF, whatever
 * the delimiters do.
 */
function findPayload(text: Buffer, from: number, end: number): number | undefined {
  const limit = Math.min(end, from + maxHeaderBytes);
  for (let lineStart = from; lineStart < limit;) {
    const lineFeedAt = text.indexOf(lineFeed, lineStart);
    if (lineFeedAt === -1 || lineFeedAt >= limit) return undefined;
    // A line that begins with a carriage return is empty or invalid; wellFormedHeaders refuses the invalid ones.
    const isEmpty = lineFeedAt === lineStart || text[lineStart] === carriageReturn;
    lineStart = lineFeedAt + 1;
    if (isEmpty) return lineStart;
  }
  return undefined;
}

/**
 * Matches lines of `token:` (RFC 9110, section 5.6.2), each with the lines it is folded into, and the empty line. After
 * the first blanks no character can be matched in two ways, so the time is linear.
 */
const wellFormedHeaders = /^[ \t]*(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)+\r?\n$/;

interface PartHeaders {
  readonly disposition: MediaType | undefined;
  readonly contentType: string | undefined;
  readonly transferEncoding: string | undefined;
}

const partHeaderNames = new Set(['content-disposition', 'content-type', 'content-transfer-encoding']);

function parseHeaders(block: Buffer): PartHeaders {
  const headers = new Map<string, string>();
  for (const line of unfoldedLines(block)) {
    const colonAt = line.indexOf(colon);
    if (colonAt === -1) continue;
    // The name is a token and therefore ASCII: see wellFormedHeaders.
    const name = line.toString('latin1', 0, colonAt).trim().toLowerCase();
    if (!partHeaderNames.has(name) || headers.has(name)) continue;
    const value = decodeText(line.subarray(colonAt + 1)).replaceAll(/\r?\n/g, '');
    headers.set(name, value.trim());
  }
  return {
    disposition: parseMediaType(headers.get('content-disposition')),
    contentType: headers.get('content-type') || undefined,
    transferEncoding: headers.get('content-transfer-encoding'),
  };
}

/**
 * Returns the header lines. A line that starts with a blank is joined to the one before it (the folding of RFC 822).
 */
function unfoldedLines(block: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  let lineStart = 0;
  for (let at = 0; at < block.length; at += 1) {
    if (block[at] !== lineFeed || isBlank(block[at + 1])) continue;
    lines.push(block.subarray(lineStart, at));
    lineStart = at + 1;
  }
  return lines;
}

/**
 * Returns whether a part is itself a multipart body, as RFC 1867 and some old browsers write several files of one field.
 * Sent on as one document, it would be faxed as its source, or without all files but one.
 */
function hasParts({ contentType }: PartHeaders, bytes: Uint8Array): boolean {
  const declared = parseMediaType(contentType);
  const boundary = declared?.type.startsWith('multipart/') === true ? declared.parameters.get('boundary') : undefined;
  return boundary !== undefined && boundary !== '' && bufferView(bytes).includes(`--${boundary}`);
}

function makePart({ disposition, contentType }: PartHeaders, bytes: Uint8Array): MultipartPart | undefined {
  const name = disposition?.parameters.get('name')?.trim() ?? '';
  if (disposition === undefined || name === '') return undefined;
  return { name, fileName: readFileName(disposition.parameters), contentType, bytes };
}
