/** The main stream in the files of each program (MS-DOC, MS-XLS, MS-PPT and what Visio, Publisher and Works write). */
const extensionsByStream: readonly (readonly [stream: string, extension: string])[] = [
  ['WordDocument', 'doc'],
  ['Workbook', 'xls'],
  ['Book', 'xls'],
  ['PowerPoint Document', 'ppt'],
  ['VisioDocument', 'vsd'],
  ['Quill', 'pub'],
  ['MatOST', 'wps'],
];

/**
 * Returns the usual extension of an old Office file; `doc` when no other program is recognised. The names come from the
 * file's directory. If the directory cannot be read, the whole file is searched for them.
 */
export function extensionOfCompoundFile(file: Buffer): string {
  const names = rootNames(file);
  const holds = (stream: string): boolean =>
    names.length === 0 ? file.includes(stream, 0, 'utf16le') : names.includes(stream);
  return extensionsByStream.find(([stream]) => holds(stream))?.[1] ?? 'doc';
}

const entrySize = 128;
/** Sectors of the allocation table that the header lists. They cover 7 MB, more than a request can have. */
const listedSectors = 109;

/**
 * Returns the names at the top level of a compound file (MS-CFB), not those of objects embedded in it. Visits each
 * sector and each entry once, however they are linked.
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
    const nameEnd = Math.min(entry.readUInt16LE(64), 64) - 2;
    if (nameEnd > 0) names.push(entry.toString('utf16le', 0, nameEnd));
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

/** For each new Office format: how its file names begin, how the name of its main file begins, and its extension. */
const officeNames: readonly (readonly [folder: string, mainFile: string, extension: string])[] = [
  ['word/', 'word/document', 'docx'],
  ['xl/workbook.bin', 'xl/workbook.bin', 'xlsb'],
  ['xl/', 'xl/workbook', 'xlsx'],
  ['ppt/', 'ppt/presentation', 'pptx'],
];

/**
 * Returns the usual extension of a new Office file; undefined for other zips. The names come from the list at the end
 * of the zip. If that is cut off, the file is searched for the name of the main file, which precedes its contents.
 */
export function extensionOfZip(file: Buffer): string | undefined {
  const names = zipNames(file);
  const isPackage = names.includes('[Content_Types].xml');
  const holds = ([folder, mainFile]: (typeof officeNames)[number]): boolean => {
    if (names.length === 0) return file.includes(mainFile);
    return names.some((name) => name.startsWith(isPackage ? folder : mainFile));
  };
  return officeNames.find(holds)?.[2];
}

const endOfZip = Buffer.from('PK\x05\x06');
const zipEntry = 0x02014b50;
/** Bytes of the record at the end of a zip and of the longest comment that may follow it. */
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

/** Past the end of the file, returns a number larger than any offset within, so that nothing is found there. */
function readUInt32(file: Buffer, at: number): number {
  return at + 4 <= file.length ? file.readUInt32LE(at) : 0xffffffff;
}

function readUInt16(file: Buffer, at: number): number {
  return at + 2 <= file.length ? file.readUInt16LE(at) : 0xffff;
}
