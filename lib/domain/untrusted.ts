/*
 * Reads of JSON whose shape is not to be trusted: what is not there, or not of its type, is undefined.
 */

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** An object that is no array. */
export function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** Empty for what is no array. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** Text that is not empty. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A finite number. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A number, also one written as text. */
export function asCount(value: unknown): number | undefined {
  return asNumber(typeof value === 'string' && value.trim() !== '' ? Number(value) : value);
}

/** An id: text, also one written as a number. */
export function asId(value: unknown): string | undefined {
  return asText(value) ?? asNumber(value)?.toString();
}

/** What a text of JSON holds; undefined for text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
