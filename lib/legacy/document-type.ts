/** The content type of bytes in an unknown format. */
export const unknownType = 'application/octet-stream';
export const plainText = 'text/plain';
export const html = 'text/html';

/** Every file name extension that RingCentral can fax (developer guide, sending faxes). */
const typesByExtension: ReadonlyMap<string, string> = new Map([
  ['pdf', 'application/pdf'],
  ['psd', 'image/vnd.adobe.photoshop'],
  ['doc', 'application/msword'],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['dot', 'application/msword'],
  ['mcw', 'application/msword'],
  ['xls', 'application/vnd.ms-excel'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['xlsb', 'application/vnd.ms-excel.sheet.binary.macroenabled.12'],
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
  ['txt', plainText],
  ['log', plainText],
  ['h', plainText],
  ['cpp', plainText],
  ['c', plainText],
  ['err', plainText],
  ['hpp', plainText],
  ['wk1', 'application/vnd.lotus-1-2-3'],
  ['wk3', 'application/vnd.lotus-1-2-3'],
  ['wk4', 'application/vnd.lotus-1-2-3'],
  ['wq1', 'application/x-quattro-pro'],
  ['xml', 'application/xml'],
  ['html', html],
  ['htm', html],
  ['csv', 'text/csv'],
]);

/** The usual extension of a content type: the first of the table above. */
const extensions: ReadonlyMap<string, string> = new Map(
  [...typesByExtension].toReversed().flatMap(([extension, type]) => (type === unknownType ? [] : [[type, extension]])),
);

/** Other names that browsers and libraries have given these types, by usual extension. */
const otherNames: Readonly<Record<string, string>> = {
  pdf: 'application/x-pdf application/acrobat applications/vnd.pdf application/vnd.pdf text/pdf text/x-pdf',
  doc: 'application/x-msword application/vnd.ms-word application/doc application/word',
  xls: 'application/x-msexcel application/x-ms-excel application/x-excel application/excel application/msexcel application/x-xls application/xls',
  ppt: 'application/x-mspowerpoint application/mspowerpoint application/powerpoint application/x-powerpoint',
  vsd: 'application/visio application/x-visio',
  pub: 'application/x-mspublisher',
  rtf: 'application/x-rtf text/rtf text/richtext',
  tif: 'image/tif image/x-tif image/x-tiff',
  jpg: 'image/pjpeg image/jpg image/x-jpeg image/x-citrix-jpeg',
  png: 'image/x-png image/x-citrix-png',
  bmp: 'image/x-bmp image/x-ms-bmp image/x-windows-bmp',
  xml: 'text/xml',
  html: 'application/xhtml+xml',
  csv: 'application/csv text/comma-separated-values',
};

const typesByOtherName: ReadonlyMap<string, string> = new Map(
  Object.entries(otherNames).flatMap(([extension, names]) =>
    names.split(' ').map((name) => [name, typeOfExtension(extension)] as const),
  ),
);

/** Returns the content type of an extension (`pdf`), or the unknown type. */
export function typeOfExtension(extension: string): string {
  return typesByExtension.get(extension) ?? unknownType;
}

/**
 * Returns the content type that a file's name shows. Returns undefined when its extension is missing or RingCentral
 * cannot fax it.
 */
export function typeOfName(fileName: string): string | undefined {
  const [, extension = ''] = /\.([^.]+)$/.exec(fileName) ?? [];
  return typesByExtension.get(extension.toLowerCase());
}

/**
 * Returns the standard name of a declared content type (in lower case). Returns undefined for types without
 * information: the unknown type, invented ones such as `application/x-download`, and all others that RingCentral cannot
 * fax.
 */
export function knownType(declared: string | undefined): string | undefined {
  if (declared === undefined) return undefined;
  return extensions.has(declared) ? declared : typesByOtherName.get(declared);
}

/** Returns the usual extension with its dot (`.pdf`); `''` for the unknown type. */
export function extensionOf(type: string): string {
  const extension = extensions.get(type);
  return extension === undefined ? '' : `.${extension}`;
}

/** Returns whether a content type is text: `text/…` or XML. */
export function isTextType(type: string): boolean {
  return type.startsWith('text/') || type === 'application/xml';
}
