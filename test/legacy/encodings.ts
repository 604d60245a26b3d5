/**
 * The characters of a one- or two-byte encoding, each with its bytes. Node decodes such encodings but does not encode
 * them.
 */
export function charactersOf(label: string): readonly (readonly [character: string, bytes: Uint8Array])[] {
  const decoder = new TextDecoder(label);
  const characters = new Map<string, Uint8Array>();
  const note = (bytes: Uint8Array): void => {
    const text = decoder.decode(bytes);
    if (text.length === 1 && text !== '\uFFFD' && !characters.has(text)) characters.set(text, bytes);
  };
  for (let first = 0; first < 256; first += 1) note(Uint8Array.of(first));
  for (let first = 0x81; first < 0xff; first += 1) {
    for (let second = 0x40; second < 0xff; second += 1) note(Uint8Array.of(first, second));
  }
  return [...characters];
}
