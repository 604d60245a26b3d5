/** One decoder per encoding that was met; there are some forty. */
const decoders = new Map<string, TextDecoder>();

/** The decoder of a declared `charset`, by any label of the Encoding Standard; undefined for unknown labels. */
export function findCharset(label: string): TextDecoder | undefined {
  const name = label.toLowerCase();
  const known = decoders.get(name);
  if (known !== undefined) return known;
  try {
    const decoder = new TextDecoder(name);
    decoders.set(name, decoder);
    return decoder;
  } catch {
    return undefined;
  }
}
