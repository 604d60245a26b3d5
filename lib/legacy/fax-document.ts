import { typeBySignature } from './file-signature.ts';
import { parseMediaType } from './media-type.ts';

/** RingCentral refuses file names over 256 characters (developer guide, sending faxes); this leaves some room. */
const maxNameLength = 250;
const unknownType = 'application/octet-stream';
const fallbackName = 'attachment';

/** Every file name extension that RingCentral can fax (developer guide, sending faxes). */
const contentTypes: ReadonlyMap<string, string> = new Map([
  ['pdf', 'application/pdf'],
  ['psd', 'image/vnd.adobe.photoshop'],
  ['doc', 'application/msword'],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['dot', 'application/msword'],
  ['mcw', 'application/msword'],
  ['xls', 'application/vnd.ms-excel'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['xlsb', 'application/vnd.ms-excel.sheet.binary.macroEnabled.12'],
  ['ppt', 'application/vnd.ms-powerpoint'],
  ['pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
  ['vsd', 'application/vnd.visio'],
  ['vdx', 'application/vnd.visio'],
  ['pub', 'application/vnd.ms-publisher'],
  ['wps', 'application/vnd.ms-works'],
  ['wri', 'application/x-mswrite'],
  ['awd', unknownType],
  ['tif', 'image/tiff'],
  ['tiff', 'image/tiff'],
  ['gif', 'image/gif'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['bmp', 'image/bmp'],
  ['png', 'image/png'],
  ['pcx', 'image/vnd.zbrush.pcx'],
  ['tga', 'image/x-tga'],
  ['rtf', 'application/rtf'],
  ['txt', 'text/plain'],
  ['log', 'text/plain'],
  ['h', 'text/plain'],
  ['cpp', 'text/plain'],
  ['c', 'text/plain'],
  ['err', 'text/plain'],
  ['hpp', 'text/plain'],
  ['wk1', 'application/vnd.lotus-1-2-3'],
  ['wk3', 'application/vnd.lotus-1-2-3'],
  ['wk4', 'application/vnd.lotus-1-2-3'],
  ['wq1', 'application/x-quattro-pro'],
  ['xml', 'application/xml'],
  ['html', 'text/html'],
  ['htm', 'text/html'],
  ['csv', 'text/csv'],
]);

/** The usual extension of a content type: the first of the table above. */
const extensions: ReadonlyMap<string, string> = new Map(
  [...contentTypes]
    .toReversed()
    .flatMap(([extension, type]) => (type === unknownType ? [] : [[type.toLowerCase(), extension]])),
);

/**
 * A file name that is safe to send on: control characters removed, at most 250 characters with the extension kept. One
 * with nothing left becomes `attachment` with the usual extension of `contentType`, if it has one.
 */
export function documentName(fileName: string, contentType: string | undefined): string {
  const name = fileName
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029]/gu, '')
    .trim();
  if (/^\.*$/.test(name)) return nameByType(contentType);
  if (name.length <= maxNameLength) return name;
  const extension = /\.[^.]{1,20}$/.exec(name)?.[0] ?? '';
  return cutText(name, maxNameLength - extension.length) + extension;
}

/** `attachment` with the usual extension of the content type, or with `fallbackExtension` (such as `.txt`), or bare. */
export function nameByType(contentType: string | undefined, fallbackExtension = ''): string {
  const extension = extensions.get(parseMediaType(contentType)?.type ?? '');
  return fallbackName + (extension === undefined ? fallbackExtension : `.${extension}`);
}

/**
 * The content type to send on: the one the part came with, unless that says nothing or could not stand in a header;
 * then the one of the file name's extension; for a name without any, the one its bytes show; then
 * `application/octet-stream`.
 */
export function documentType(contentType: string | undefined, fileName: string, bytes: Uint8Array): string {
  const type = parseMediaType(contentType)?.type;
  if (contentType !== undefined && type !== unknownType && isHeaderSafe(contentType)) return contentType;
  const extension = /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase();
  const known = extension === undefined ? typeBySignature(bytes) : contentTypes.get(extension);
  return known ?? unknownType;
}

/** The first `maxLength` UTF-16 units of a text, one less where that would split a surrogate pair. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const splitsPair =
    /[\uD800-\uDBFF]/.test(text.charAt(maxLength - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(maxLength));
  return text.slice(0, splitsPair ? maxLength - 1 : maxLength);
}

function isHeaderSafe(contentType: string): boolean {
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+[ \t]*(?:;[\x20-\x7e]*)?$/.test(contentType);
}
