/** A line that divides a multipart body: `--boundary`, or `--boundary--` after the last part. */
export interface Delimiter {
  /** Offset of its first hyphen. */
  readonly start: number;
  /** Bytes of the line end before it: 2 for CRLF, 1 for LF, 0 at the start of the body. */
  readonly lineEndBytesBefore: 0 | 1 | 2;
  /** Offset after the boundary. */
  readonly boundaryEnd: number;
  /** Offset after the line end that follows, where the headers of a part begin. */
  readonly contentStart: number;
  readonly isClosing: boolean;
}

/** Why a body is refused. */
export interface BrokenMultipart {
  readonly ok: false;
  /** `cut_short`: its closing delimiter is missing. `unreadable`: its parts cannot be told apart. */
  readonly reason: 'cut_short' | 'unreadable';
  /** For the log. It contains nothing of the body. */
  readonly problem: string;
}

/** All delimiters in order, the closing one last. */
export type DelimiterResult = { readonly ok: true; readonly delimiters: readonly Delimiter[] } | BrokenMultipart;

/** Most parts of one body. Old programs send several hundred recipients, each in a part of its own. */
const maxParts = 2000;
/**
 * Most look-alikes of a boundary shorter than six bytes. By chance a boundary of one byte follows a hyphen some 70
 * times in a body of 4.7 MB. Each place costs up to a microsecond, and a body has room for millions.
 */
export const maxLookAlikes = 100_000;
/** A shorter boundary may occur in the middle of a line by chance. */
const minTellingBoundaryBytes = 6;
/** How many bytes after a boundary are searched for the headers of a part. */
const lookAheadBytes = 1024;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const hyphen = 0x2d;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Characters that a boundary may contain besides blanks (RFC 2046, section 5.1.1). */
const boundaryCharacters = new Set(
  Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'()+_,-./:=?"),
);

/**
 * Matches a `Content-Disposition` in the rest of the line, or at the latest in the ninth header line after it. No
 * character can be matched in two ways, so the time is linear.
 */
const partHeaders = /^[^\n]*?(?:\n(?:[!-9;-~]+[ \t]*:[^\n]*\n|[ \t][^\n]*\n){0,8}?)?content-disposition[ \t]*:/i;

/**
 * Finds the delimiters of a multipart body in time linear in its size.
 *
 * A boundary never occurs inside a payload. So each `--boundary` in the body is one of three things:
 * - A delimiter begins a line. Blanks and a line end follow it. The closing one is followed by `--`, then blanks or
 *   NULs, then a line end or the end of the body. A line end is CRLF or LF. A UTF-8 byte order mark at the start of the
 *   body is skipped, because ADODB.Stream writes one on its own.
 * - A look-alike is payload: the boundary goes on (`--boundaryx`), or it is shorter than six bytes and in the middle of
 *   a line.
 * - Everything else is a damaged delimiter. So is a look-alike that the headers of a part follow, even one with a
 *   single hyphen. To ignore it would lose a part or join two parts, so the body is refused.
 *
 * A body is also refused if a delimiter or a part follows the closing delimiter, if it has more than 2,000 parts, or if
 * a short boundary has more than {@link maxLookAlikes} look-alikes.
 */
export function findDelimiters(text: Buffer, boundary: string): DelimiterResult {
  const bodyStart = text.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0;
  // Searches for one hyphen only, to find a delimiter that has lost the other.
  const needle = Buffer.from(`-${boundary}`);
  const boundaryIsTelling = needle.length - 1 >= minTellingBoundaryBytes;
  const delimiters: Delimiter[] = [];
  let lookAlikes = 0;

  for (let at = text.indexOf(needle, bodyStart); at !== -1;) {
    const seen = readBoundary({ text, bodyStart, at, boundaryEnd: at + needle.length, boundaryIsTelling });
    if (seen === 'cut_short') return cutShort;
    if (seen === 'damaged') return unreadable('a delimiter is badly framed');
    if (seen === 'look-alike') {
      lookAlikes += 1;
      if (!boundaryIsTelling && lookAlikes > maxLookAlikes)
        return unreadable('the boundary stands in the documents too often');
    } else {
      if (delimiters.at(-1)?.isClosing === true) return unreadable('a delimiter stands behind the closing one');
      if (delimiters.push(seen) > maxParts + 1) return unreadable(`the body has more than ${maxParts} parts`);
    }
    at = text.indexOf(needle, seen === 'look-alike' ? at + 1 : seen.contentStart);
  }
  const last = delimiters.at(-1);
  if (last === undefined) return unreadable('the boundary is not in the body');
  return last.isClosing ? { ok: true, delimiters } : cutShort;
}

const cutShort: BrokenMultipart = { ok: false, reason: 'cut_short', problem: 'the closing delimiter is missing' };

/** Returns the refusal of a body with this problem. */
export function unreadable(problem: string): BrokenMultipart {
  return { ok: false, reason: 'unreadable', problem };
}

/** A place where at least one hyphen precedes the boundary. */
interface Occurrence {
  readonly text: Buffer;
  readonly bodyStart: number;
  /** Offset of the last hyphen before the boundary. */
  readonly at: number;
  readonly boundaryEnd: number;
  readonly boundaryIsTelling: boolean;
}

function readBoundary(occurrence: Occurrence): Delimiter | 'look-alike' | 'damaged' | 'cut_short' {
  const { text, bodyStart, at, boundaryEnd, boundaryIsTelling } = occurrence;
  const hasBothHyphens = text[at - 1] === hyphen;
  const start = hasBothHyphens ? at - 1 : at;
  const lineEndBytesBefore = readLineEndBefore(text, start, bodyStart);
  const { kind, end } = readBehind(text, boundaryEnd);

  if (!hasBothHyphens || (lineEndBytesBefore === undefined && !boundaryIsTelling)) {
    return kind === 'line-end' && partFollows(text, boundaryEnd) ? 'damaged' : 'look-alike';
  }
  if (lineEndBytesBefore === undefined) return kind === 'boundary-goes-on' ? 'look-alike' : 'damaged';
  switch (kind) {
    case 'line-end':
      return { start, lineEndBytesBefore, boundaryEnd, contentStart: end, isClosing: false };
    case 'closing':
      if (partFollows(text, boundaryEnd)) return 'damaged';
      return { start, lineEndBytesBefore, boundaryEnd, contentStart: end, isClosing: true };
    case 'boundary-goes-on':
      return partFollows(text, boundaryEnd) ? 'damaged' : 'look-alike';
    case 'end-of-body':
      return 'cut_short';
    case 'other':
      return 'damaged';
  }
}

/** Returns undefined in the middle of a line and after a bare carriage return. */
function readLineEndBefore(text: Buffer, at: number, bodyStart: number): 0 | 1 | 2 | undefined {
  if (at === bodyStart) return 0;
  if (text[at - 1] !== lineFeed) return undefined;
  return text[at - 2] === carriageReturn ? 2 : 1;
}

interface Behind {
  readonly kind: 'line-end' | 'closing' | 'boundary-goes-on' | 'end-of-body' | 'other';
  /** Offset after the line end; for `closing`, before it. */
  readonly end: number;
}

/** Classifies what follows a boundary. */
function readBehind(text: Buffer, from: number): Behind {
  if (text[from] === hyphen && text[from + 1] === hyphen) {
    let end = from + 2;
    while (isBlank(text[end]) || text[end] === 0) end += 1;
    if (end === text.length || text[end] === carriageReturn || text[end] === lineFeed) return { kind: 'closing', end };
  }
  let at = from;
  while (isBlank(text[at])) at += 1;
  const next = text[at];
  if (next === lineFeed) return { kind: 'line-end', end: at + 1 };
  if (next === carriageReturn && text[at + 1] === lineFeed) return { kind: 'line-end', end: at + 2 };
  if (next === undefined || (next === carriageReturn && at + 1 === text.length))
    return { kind: 'end-of-body', end: at };
  return { kind: boundaryCharacters.has(next) ? 'boundary-goes-on' : 'other', end: at };
}

function partFollows(text: Buffer, from: number): boolean {
  return partHeaders.test(text.toString('latin1', from, Math.min(text.length, from + lookAheadBytes)));
}

/** Returns whether a byte is a space or a tab; false past the end. */
export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}
