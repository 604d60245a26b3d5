/** What a text of JSON from another program holds; undefined for text that is no JSON. Its shape is not to be trusted. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
