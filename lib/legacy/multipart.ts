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
  /** Base name without any Windows or Unix path; `''` when the parameter was there but empty. */
  readonly fileName: string | undefined;
  /** The part's own `Content-Type` as sent, trimmed. */
  readonly contentType: string | undefined;
  /** A view into the request body, and a copy only where a transfer encoding was undone. */
  readonly bytes: Uint8Array;
}

/** Every parameter of the two endpoints that is text. */
const textField =
  /^(?:username|ext|extension|password|cmd|to|from|clid|prompt|sessionid|format|css|recipient|coverpage|coverpagetext|resolution|sendtime)$/;

/**
 * Whether a part is a text field and no document. Some libraries give each part a file name, also the text fields, so
 * that the field's name decides; a document that came without a file name stays one.
 */
export function isTextField({ name, fileName }: MultipartPart): boolean {
  const field = repeatedFieldName(name);
  return field !== 'attachment' && (fileName === undefined || textField.test(field));
}

/** Either all parts of a complete body, in the order sent, or why there are none. */
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
 * copied. {@link findDelimiters} says what a delimiter is.
 *
 * The parser is our own because published ones are made for bodies that browsers write. @fastify/busboy 3.2.6 leaves
 * out a part without an error where a delimiter follows a byte order mark or a bare line feed, or has a blank behind
 * it. It refuses bodies of bare line feeds, ends a document at `--boundaryx`, and garbles file names in Windows-1252.
 *
 * A body is `unreadable` when nobody knows where its payloads end. So is one with a part that has no name, whose
 * headers are damaged or over 16 KB, or that is not encoded as it says. Two delimiters with nothing between them make
 * no part.
 */
export function parseMultipart(body: Uint8Array, boundary: string): MultipartResult {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
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
    const part = makePart(parsed, decoded);
    if (part === undefined) return unreadable('a part has no name');
    parts.push(part);
  }
  return { ok: true, parts };
}

/** What stands between two delimiters. */
interface Section {
  /** From behind the boundary to the payload: the end of the delimiter line and the headers. */
  readonly frame: Buffer;
  /** The header lines and the empty line behind them. */
  readonly headers: Buffer;
  readonly payloadStart: number;
  /** The delimiter behind the payload. */
  readonly next: Delimiter;
}

/** Undefined when the headers of a part do not end, or not within 16 KB. */
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
 * How many bytes of line end stand between each payload and the delimiter behind it: 2 for CRLF, 1 for LF. Where LF
 * stands before most delimiters, a carriage return before it is the last byte of a payload. Undefined where LF stands
 * before fewer: it may be half of a line end, or the end of a payload whose line end is missing.
 */
function lineEndBytesBehindPayloads(sections: readonly Section[]): 1 | 2 | undefined {
  const bareCount = sections.filter(({ next }) => next.lineEndBytesBefore === 1).length;
  if (bareCount > sections.length / 2) return 1;
  if (bareCount > 0) return undefined;
  // A single line end is compared with the lines before it.
  const [first, second] = sections;
  return second === undefined && first?.frame.includes(carriageReturn) === false ? 1 : 2;
}

/**
 * Where the payload of a part begins: after the first empty line at or after `from`, whose line end may be the one that
 * belongs to the next delimiter (`end` is behind that). Header lines may end either way, whatever the delimiters do.
 */
function findPayload(text: Buffer, from: number, end: number): number | undefined {
  const limit = Math.min(end, from + maxHeaderBytes);
  for (let lineStart = from; lineStart < limit;) {
    const lineFeedAt = text.indexOf(lineFeed, lineStart);
    if (lineFeedAt === -1 || lineFeedAt >= limit) return undefined;
    // A line that begins with a carriage return is empty, or none that may stand there: see wellFormedHeaders.
    const isEmpty = lineFeedAt === lineStart || text[lineStart] === carriageReturn;
    lineStart = lineFeedAt + 1;
    if (isEmpty) return lineStart;
  }
  return undefined;
}

/**
 * Lines of `token:` (RFC 9110, section 5.6.2), each with the lines it is folded into, and the empty line. After the
 * first blanks no character can be matched in two ways, so that the time is linear.
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
    // A token, so ASCII: see wellFormedHeaders.
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

/** Header lines, with a line that starts with a blank joined to the one before it (the folding of RFC 822). */
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

function makePart({ disposition, contentType }: PartHeaders, bytes: Uint8Array): MultipartPart | undefined {
  const name = disposition?.parameters.get('name')?.trim() ?? '';
  if (disposition === undefined || name === '') return undefined;
  return { name, fileName: readFileName(disposition.parameters), contentType, bytes };
}
