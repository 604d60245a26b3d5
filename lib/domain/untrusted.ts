/* Readers for JSON of untrusted shape. A value that is missing or has another type becomes undefined. */

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** Returns an object; undefined for an array and for any other value. */
export function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** Returns an array; an empty one for any other value. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** Returns text that is not empty. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Returns a finite number. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Returns a finite number, also one written as text. */
export function asCount(value: unknown): number | undefined {
  return asNumber(typeof value === 'string' && value.trim() !== '' ? Number(value) : value);
}

/** Longest id that is stored. RingCentral's have at most some sixty characters. */
const longestId = 256;

/** Returns an id as text, also one written as a number. Returns undefined for one that is too long to be stored. */
export function asId(value: unknown): string | undefined {
  const id = asText(value) ?? asNumber(value)?.toString();
  return id === undefined || id.length > longestId ? undefined : id;
}

/** Returns the parsed value; undefined for text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
