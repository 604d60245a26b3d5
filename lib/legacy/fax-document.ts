import type { FaxDocument } from '../domain/fax.ts';
import { bufferView } from './buffer-view.ts';
import {
  extensionOf,
  html,
  isTextType,
  knownType,
  plainText,
  typeOfExtension,
  typeOfName,
  unknownType,
} from './document-type.ts';
import { extensionBySignature } from './file-signature.ts';
import { parseMediaType, type MediaType } from './media-type.ts';
import { isHtml, isText } from './text-file.ts';

/** RingCentral refuses file names over 256 characters (developer guide, sending faxes); this leaves some room. */
const maxNameLength = 250;
const fallbackName = 'attachment';

/** A document as a program sent it. */
export interface SentDocument {
  /** Undefined and `''` for a document without a name. */
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  readonly bytes: Uint8Array;
}

/**
 * Decides under which type and name a document is sent. Its type is the declared one if RingCentral can fax that, else
 * the one of its name, else the one its bytes show. What the sender says takes precedence over the bytes, because
 * formats contain each other (RTF in `.doc`, HTML in `.xls`).
 *
 * A text type is accepted only for bytes that are text and show no other format. Otherwise a recipient could get a PDF
 * as source code. Declared `text/plain` may be HTML unless the name says plain text too, because libraries declare it
 * for every text.
 *
 * The name gets the extension of the type if it has none that RingCentral can fax, or if the bytes contradict the one
 * it has. The bytes are sent unchanged.
 */
export function describeDocument({ fileName, contentType, bytes }: SentDocument): FaxDocument {
  const declared = parseMediaType(contentType);
  const charset = declared?.parameters.get('charset');
  const name = cleanName(fileName);
  const claims: Claims = { declared: knownType(declared?.type), named: typeOfName(name) };
  const shown = shownType(bytes, charset);
  const type = chooseType(claims, shown);
  return {
    fileName: needsExtension(claims, type, shown) ? withExtension(name, type) : shorten(name, maxNameLength),
    contentType: withParameters(type, declared, contentType),
    bytes,
  };
}

/** What the sender says about a document's type; undefined means nothing. */
interface Claims {
  readonly declared: string | undefined;
  readonly named: string | undefined;
}

function shownType(bytes: Uint8Array, charset: string | undefined): string {
  const file = bufferView(bytes);
  const extension = extensionBySignature(file);
  if (extension !== undefined) return typeOfExtension(extension);
  if (!isText(file, charset)) return unknownType;
  return isHtml(file) ? html : plainText;
}

function chooseType({ declared, named }: Claims, shown: string): string {
  const claimed = declared ?? named;
  if (claimed === undefined) return shown;
  if (!isTextType(claimed)) return claimed;
  if (shown === unknownType) return named === undefined || isTextType(named) ? unknownType : named;
  if (!isTextType(shown)) return shown;
  return claimed === plainText && named !== plainText ? shown : claimed;
}

/** Returns whether the name has no extension that RingCentral knows, or one of another type than the bytes. */
function needsExtension({ declared, named }: Claims, type: string, shown: string): boolean {
  if (named === undefined) return true;
  if (type !== shown || type === named || type === plainText) return false;
  return type !== declared || isTextType(named);
}

/** Returns the type with the parameters it was sent with, or with their charset, if they are safe in a header. */
function withParameters(type: string, declared: MediaType | undefined, sent: string | undefined): string {
  if (sent !== undefined && declared?.type === type && isTypeHeaderSafe(sent)) return sent;
  if (declared === undefined || !isTextType(declared.type) || !isTextType(type)) return type;
  const charset = declared.parameters.get('charset') ?? '';
  return /^[\w:.+-]+$/.test(charset) ? `${type}; charset=${charset}` : type;
}

function isTypeHeaderSafe(contentType: string): boolean {
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+[ \t]*(?:;[\x20-\x7e]*)?$/.test(contentType);
}

function withExtension(name: string, type: string): string {
  const extension = extensionOf(type);
  return (name === '' ? fallbackName : shorten(name, maxNameLength - extension.length)) + extension;
}

/** Returns a file name without control characters and invisible characters; `''` where only dots are left. */
function cleanName(fileName = ''): string {
  const name = fileName
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .trim();
  return /^\.*$/.test(name) ? '' : name;
}

/** Cuts a name to `maxLength` characters and keeps its extension. */
function shorten(name: string, maxLength: number): string {
  if (name.length <= maxLength) return name;
  const extension = /\.[^.]{1,20}$/.exec(name)?.[0] ?? '';
  return cutText(name, maxLength - extension.length) + extension;
}

/** Returns the first `maxLength` UTF-16 units of a text, or one less where that would split a surrogate pair. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const splitsPair =
    /[\uD800-\uDBFF]/.test(text.charAt(maxLength - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(maxLength));
  return text.slice(0, splitsPair ? maxLength - 1 : maxLength);
}
