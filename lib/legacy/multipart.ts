import { repeatedFieldName } from './fields.ts';
import { readFileName } from './file-name.ts';
import { parseMediaType } from './media-type.ts';
import type { MediaType } from './media-type.ts';
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
export type MultipartResult =
  | { readonly ok: true; readonly parts: readonly MultipartPart[] }
  | { readonly ok: false; readonly reason: 'cut_short' | 'unreadable' };

/** Longest header block of one part in bytes. Real ones are a few hundred. */
const maxHeaderBytes = 16 * 1024;
/** Longest boundary in bytes: RFC 2046 allows 70, some programs write more. */
const maxBoundaryBytes = 200;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const hyphen = 0x2d;
const colon = 0x3a;

/**
 * Reads a complete `multipart/form-data` body in time linear in its size, without copying payloads.
 *
 * This is a parser of our own because the published ones are made for streams from browsers: they take `\` for an
 * escape (old programs send Windows paths), reject headers that end in a bare line feed, and cannot tell a body that was
 * cut short, which must never be faxed. A view per part also saves a copy of the document.
 *
 * Which line end the body uses is decided by its first delimiter line and then demanded around every delimiter, so that
 * a payload that ends in a carriage return keeps it. A delimiter counts only at the start of a line and when blanks and
 * a line end follow, or `--` (then blanks and a line end or the end of the body): a payload may contain
 * look-alikes. Parts without a name are dropped. `cut_short` means that the closing delimiter is missing; `unreadable`
 * that there is no delimiter at all, or a part whose headers do not end or are over 16 KB, or that is not encoded as it
 * says.
 */
export function parseMultipart(body: Uint8Array, boundary: string): MultipartResult {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const delimiter = Buffer.from(`--${boundary}`);
  if (boundary === '' || delimiter.length - 2 > maxBoundaryBytes) return { ok: false, reason: 'unreadable' };

  const first = findFirstDelimiter(text, delimiter);
  if (first === undefined) return { ok: false, reason: 'unreadable' };

  const { lineEnd } = first;
  const lineEndAndDelimiter = Buffer.concat([lineEnd, delimiter]);
  const parts: MultipartPart[] = [];
  let { contentStart, closing } = first;
  while (!closing) {
    const next = findDelimiter(text, lineEndAndDelimiter, lineEnd, contentStart - lineEnd.length);
    if (next === undefined) return { ok: false, reason: 'cut_short' };
    const payloadStart = findPayload(text, contentStart, next.start + lineEnd.length);
    if (payloadStart === undefined) return { ok: false, reason: 'unreadable' };
    const headers = parseHeaders(text.subarray(contentStart, payloadStart));
    const bytes = body.subarray(Math.min(payloadStart, next.start), next.start);
    const decoded = decodeTransferEncoding(bytes, headers.transferEncoding);
    if (decoded === undefined) return { ok: false, reason: 'unreadable' };
    const part = makePart(headers, decoded);
    if (part !== undefined) parts.push(part);
    ({ contentStart, closing } = next);
  }
  return { ok: true, parts };
}

interface Delimiter {
  /** Where the payload before it ends. */
  readonly start: number;
  /** Where the part after it begins. */
  readonly contentStart: number;
  readonly closing: boolean;
}

function findFirstDelimiter(text: Buffer, delimiter: Buffer): (Delimiter & { readonly lineEnd: Buffer }) | undefined {
  for (const start of lineStarts(text, delimiter)) {
    for (const lineEnd of [Buffer.from('\r\n'), Buffer.from('\n')]) {
      const found = readDelimiterEnd(text, start, start + delimiter.length, lineEnd);
      if (found !== undefined) return { ...found, lineEnd };
    }
  }
  return undefined;
}

/** Where lines begin with the given bytes. */
function* lineStarts(text: Buffer, bytes: Buffer): Generator<number> {
  if (text.subarray(0, bytes.length).equals(bytes)) yield 0;
  const needle = Buffer.concat([Buffer.from('\n'), bytes]);
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) yield at + 1;
}

function findDelimiter(text: Buffer, needle: Buffer, lineEnd: Buffer, from: number): Delimiter | undefined {
  for (let start = text.indexOf(needle, from); start !== -1; start = text.indexOf(needle, start + 1)) {
    const found = readDelimiterEnd(text, start, start + needle.length, lineEnd);
    if (found !== undefined) return found;
  }
  return undefined;
}

function readDelimiterEnd(text: Buffer, start: number, from: number, lineEnd: Buffer): Delimiter | undefined {
  if (text[from] === hyphen && text[from + 1] === hyphen) {
    const after = skipBlanks(text, from + 2);
    const ends = after === text.length || text[after] === carriageReturn || text[after] === lineFeed;
    return ends ? { start, contentStart: after, closing: true } : undefined;
  }
  const after = skipBlanks(text, from);
  if (!text.subarray(after, after + lineEnd.length).equals(lineEnd)) return undefined;
  return { start, contentStart: after + lineEnd.length, closing: false };
}

/**
 * Where the payload of a part begins: after the first empty line at or after `from`, whose line end may be the one that
 * belongs to the next delimiter (`end` is behind that). Header lines may end either way, whatever the delimiters do.
 */
function findPayload(text: Buffer, from: number, end: number): number | undefined {
  if (end <= from) return from; // two delimiters in a row: a part with nothing in it
  const limit = Math.min(end, from + maxHeaderBytes);
  for (let lineStart = from; lineStart < limit;) {
    const lineFeedAt = text.indexOf(lineFeed, lineStart);
    if (lineFeedAt === -1 || lineFeedAt >= limit) return undefined;
    const isEmpty = lineFeedAt === lineStart || (lineFeedAt === lineStart + 1 && text[lineStart] === carriageReturn);
    lineStart = lineFeedAt + 1;
    if (isEmpty) return lineStart;
  }
  return undefined;
}

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
    const name = decodeText(line.subarray(0, colonAt)).trim().toLowerCase();
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

function skipBlanks(text: Buffer, from: number): number {
  let at = from;
  while (isBlank(text[at])) at += 1;
  return at;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}
