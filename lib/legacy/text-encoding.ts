// A byte order mark is kept: inside a document it is part of the bytes, and trimming removes it everywhere else.
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const windows1252 = new TextDecoder('windows-1252');

/**
 * Text of unknown encoding: UTF-8 where the bytes are valid UTF-8, else Windows-1252. Never fails.
 * Chosen because the programs date from before UTF-8 was usual on Windows, and because text in Windows-1252 with any
 * character beyond ASCII is practically never valid UTF-8.
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return decodeWindows1252(bytes);
  }
}

/** Text in Windows-1252, which has a character for each byte. Never fails. */
export function decodeWindows1252(bytes: Uint8Array): string {
  return windows1252.decode(bytes);
}
