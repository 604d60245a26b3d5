import { extensionOfCompoundFile, extensionOfZip } from './office-file.ts';
import { isText, withoutBlanks } from './text-file.ts';

/** How binary files begin, one character per byte. No text begins in these ways. */
const binarySignatures: readonly (readonly [beginning: RegExp, extension: string])[] = [
  [/^(?:II\*\0|MM\0\*)/, 'tif'],
  [/^\xff\xd8\xff/, 'jpg'],
  [/^\x89PNG/, 'png'],
  [/^GIF8[79]a/, 'gif'],
  [/^BM.{4}\0{4}/s, 'bmp'],
  [/^\xdb\xa5-\0/, 'doc'], // Word 2, before compound files
  [/^\t(?:\0\x04|[\x02\x04]\x06|\x08[\x08\x10])\0/, 'xls'], // Excel without a compound file, as small PHP scripts write it
];

/** Formats that are text themselves. Their readers accept white space and a byte order mark before them. */
const textSignatures: readonly (readonly [beginning: string, extension: string])[] = [
  ['%PDF-', 'pdf'],
  ['{\\rtf', 'rtf'],
  ['%!PS', 'ps'], // cannot be faxed, but must not go out as pages of source code
];

const compoundFile = '\xd0\xcf\x11\xe0';
const zip = 'PK\x03\x04';

/** Returns the usual extension (`pdf`) of the format that a document's bytes show; undefined where they show none. */
export function extensionBySignature(file: Buffer): string | undefined {
  const beginning = file.toString('latin1', 0, 16);
  const binary = binarySignatures.find(([pattern]) => pattern.test(beginning));
  if (binary !== undefined) return binary[1];
  if (beginning.startsWith(compoundFile)) return extensionOfCompoundFile(file);
  if (beginning.startsWith(zip)) return extensionOfZip(file);
  const content = withoutBlanks(file).toString('latin1', 0, 8);
  const text = textSignatures.find(([start]) => content.startsWith(start));
  return text?.[1] ?? (isPdfBehindText(file) ? 'pdf' : undefined);
}

/**
 * Returns whether a PDF begins after some text. A script that prints a warning puts it before its PDF, and readers look
 * for the header in the first 1,024 bytes (PDF Reference 1.7, appendix H). A text that only mentions the header does
 * not end like a PDF.
 */
function isPdfBehindText(file: Buffer): boolean {
  const headerAt = file.subarray(0, 1024).indexOf('%PDF-');
  return (
    headerAt !== -1 && isText(file.subarray(0, headerAt)) && (!isText(file) || file.subarray(-1024).includes('%%EOF'))
  );
}
