import { percentDecode } from './percent-decoding.ts';
import { decodeText, findCharset } from './text-encoding.ts';
import { decodeTransferEncoding } from './transfer-encoding.ts';

/**
 * Returns the file name in the parameters of a `Content-Disposition`, without any Windows or Unix path. These are tried
 * in order: `filename*` (RFC 5987); the segments `filename*0`, `filename*1*` … (RFC 2231); `filename`. Names from .NET
 * and from mail libraries may be encoded words (RFC 2047). An encoding that cannot be read stays unchanged.
 *
 * Returns undefined when all these parameters are missing, and `''` for an empty name.
 */
export function readFileName(parameters: ReadonlyMap<string, string>): string | undefined {
  const name =
    decodeExtended(parameters.get('filename*')) ?? joinSegments(parameters) ?? decodeWords(parameters.get('filename'));
  return name === undefined ? undefined : baseName(name.replace(/^\s*"(.*)"\s*$/s, '$1'));
}

/** `UTF-8''na%C3%AFve.pdf`: charset, language and percent-escapes. */
const extendedForm = /^([\w.:+-]*)'[^']*'(.*)$/s;

function decodeExtended(value = ''): string | undefined {
  const [, label = '', escaped = ''] = extendedForm.exec(value) ?? [];
  return escaped === '' ? undefined : decodeText(percentDecode(Buffer.from(escaped), false), findCharset(label));
}

/** Decodes the escapes of adjacent segments together, because the bytes of one character may be split between them. */
function joinSegments(parameters: ReadonlyMap<string, string>): string | undefined {
  const [, label, start] = extendedForm.exec(parameters.get('filename*0*') ?? '') ?? [];
  let joined: string | undefined;
  let escaped = '';
  for (let index = 0; ; index += 1) {
    const plain = parameters.get(`filename*${index}`);
    const extended = (index === 0 ? start : undefined) ?? parameters.get(`filename*${index}*`);
    if (extended !== undefined) {
      joined ??= '';
      escaped += extended;
      continue;
    }
    if (joined !== undefined && escaped !== '') {
      joined += decodeText(percentDecode(Buffer.from(escaped), false), findCharset(label));
      escaped = '';
    }
    if (plain === undefined) return label === undefined ? decodeWords(joined) : joined;
    joined = (joined ?? '') + plain;
  }
}

const encodedWord = /=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bq])\?([\x20-\x3e\x40-\x7e]*)\?=/gi;

/**
 * Decodes the encoded words (RFC 2047) in a text. Drops white space between two words, and decodes the bytes of
 * adjacent words of one charset together. Returns a text with an unreadable word unchanged.
 */
function decodeWords(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  let decoded = '';
  let end = 0;
  let run: { readonly label: string; readonly pieces: Uint8Array[] } | undefined;
  const endOfRun = (): string =>
    run === undefined ? '' : decodeText(Buffer.concat(run.pieces), findCharset(run.label));
  for (const match of text.matchAll(encodedWord)) {
    const [word, label = '', encoding = '', payload = ''] = match;
    const bytes = decodePayload(payload, encoding);
    if (bytes === undefined || findCharset(label) === undefined) return text;
    const between = text.slice(end, match.index);
    const follows = run !== undefined && between.trim() === '';
    if (follows && run?.label === label) {
      run.pieces.push(bytes);
    } else {
      decoded += endOfRun() + (follows ? '' : between);
      run = { label, pieces: [bytes] };
    }
    end = match.index + word.length;
  }
  return decoded + endOfRun() + text.slice(end);
}

function decodePayload(payload: string, encoding: string): Uint8Array | undefined {
  return encoding.toLowerCase() === 'b'
    ? decodeTransferEncoding(Buffer.from(payload), 'base64')
    : decodeTransferEncoding(Buffer.from(payload.replaceAll('_', ' ')), 'quoted-printable');
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).trim();
}
