/** Size of one write. Small writes let a slow connection apply backpressure. */
const pieceBytes = 64 * 1024;

/** Splits byte arrays into views for sending. Copies nothing. */
export function* bytePieces(arrays: readonly Uint8Array[]): Generator<Uint8Array, undefined> {
  for (const bytes of arrays) {
    for (let at = 0; at < bytes.byteLength; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  return undefined;
}
