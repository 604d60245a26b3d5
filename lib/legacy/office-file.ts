/** The main stream of each program's files (MS-DOC, MS-XLS, MS-PPT and what Visio, Publisher and Works write). */
const extensionsByStream: ReadonlyMap<string, string> = new Map([
  ['WordDocument', 'doc'],
  ['Workbook', 'xls'],
  ['Book', 'xls'],
  ['PowerPoint Document', 'ppt'],
  ['VisioDocument', 'vsd'],
  ['Quill', 'pub'],
  ['MatOST', 'wps'],
]);

/** The usual extension of an old Office file: Word's where its directory shows no other program, or cannot be read. */
export function extensionOfCompoundFile(file: Buffer): string {
  const known = rootNames(file).flatMap((name) => extensionsByStream.get(name) ?? []);
  return known[0] ?? 'doc';
}

const entrySize = 128;
/** Sectors of the allocation table that the header lists: enough for 7 MB, more than a request can have. */
const listedSectors = 109;

/**
 * The names at the top level of a compound file (MS-CFB), not those of objects embedded in it. Each sector and each
 * entry is looked at once, however they are linked.
 */
function rootNames(file: Buffer): readonly string[] {
  const entries = directoryEntries(file);
  const names: string[] = [];
  const seen = new Set<number>();
  const open = [link(entries[0], 76)];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const entry = entries[id];
    if (entry === undefined || seen.has(id)) continue;
    seen.add(id);
    const nameEnd = Math.max(0, Math.min(entry.readUInt16LE(64), 64) - 2);
    names.push(entry.toString('utf16le', 0, nameEnd));
    open.push(link(entry, 68), link(entry, 72));
  }
  return names;
}

function link(entry: Buffer | undefined, at: number): number {
  return entry?.readUInt32LE(at) ?? -1;
}

function directoryEntries(file: Buffer): readonly Buffer[] {
  const sectorSize = readUInt16(file, 30) === 12 ? 4096 : 512;
  const sectors = Math.ceil(file.length / sectorSize);
  const idsPerSector = sectorSize / 4;
  const entries: Buffer[] = [];
  let sector = readUInt32(file, 48);
  for (let count = 0; sector < sectors && count < sectors; count += 1) {
    const start = (sector + 1) * sectorSize;
    const end = Math.min(start + sectorSize, file.length);
    for (let at = start; at + entrySize <= end; at += entrySize) entries.push(file.subarray(at, at + entrySize));
    const listedAt = Math.floor(sector / idsPerSector);
    const table = listedAt < listedSectors ? readUInt32(file, 76 + 4 * listedAt) : sectors;
    sector = readUInt32(file, (table + 1) * sectorSize + 4 * (sector % idsPerSector));
  }
  return entries;
}

/** The folders in which new Office programs keep their files. */
const extensionsByFolder: readonly (readonly [beginning: string, extension: string])[] = [
  ['word/', 'docx'],
  ['xl/workbook.bin', 'xlsb'],
  ['xl/', 'xlsx'],
  ['ppt/', 'pptx'],
];

/** The usual extension of a new Office file, by the list of names at the end of the zip; undefined for other zips. */
export function extensionOfZip(file: Buffer): string | undefined {
  const names = zipNames(file);
  if (!names.includes('[Content_Types].xml')) return undefined;
  return extensionsByFolder.find(([beginning]) => names.some((name) => name.startsWith(beginning)))?.[1];
}

const endOfZip = Buffer.from('PK\x05\x06');
const zipEntry = 0x02014b50;
/** The record at the end of a zip, and the longest comment that may be behind it. */
const longestEnd = 22 + 0xffff;

function zipNames(file: Buffer): readonly string[] {
  const tailAt = Math.max(0, file.length - longestEnd);
  const endAt = file.subarray(tailAt).lastIndexOf(endOfZip);
  const names: string[] = [];
  let at = endAt === -1 ? file.length : readUInt32(file, tailAt + endAt + 16);
  while (readUInt32(file, at) === zipEntry) {
    const nameLength = readUInt16(file, at + 28);
    names.push(file.toString('latin1', at + 46, at + 46 + nameLength));
    at += 46 + nameLength + readUInt16(file, at + 30) + readUInt16(file, at + 32);
  }
  return names;
}

/** Numbers beyond the end of a file are larger than all within, so that nothing is found behind them. */
function readUInt32(file: Buffer, at: number): number {
  return at + 4 <= file.length ? file.readUInt32LE(at) : 0xffffffff;
}

function readUInt16(file: Buffer, at: number): number {
  return at + 2 <= file.length ? file.readUInt16LE(at) : 0xffff;
}
