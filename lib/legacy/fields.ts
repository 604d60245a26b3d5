/** One parameter as sent. The name keeps its spelling, the value its white space. */
export type FieldPair = readonly [name: string, value: string];

/**
 * The parameters of one request. Names are compared without case, because RingCentral's page and its examples differ in
 * it. A parameter that is given twice, or in query and body, is one value, because some programs send every field in
 * both places.
 */
export interface Fields {
  /**
   * Returns the first non-empty value, trimmed. The names are tried in the order given. For each name, the body takes
   * precedence over the query.
   */
  first(...names: readonly string[]): string | undefined;
  /**
   * Returns all non-empty values of a field that may be repeated, trimmed, in the order sent. Also matches `name[]`,
   * `name[0]` and `name[key]`, as PHP and Ruby clients write it. The values come from the body if it has any, else from
   * the query. They never come from both, so that a program that sends its fields twice does not double them.
   */
  all(name: string): readonly string[];
  /** Like {@link Fields.all} but not trimmed, for documents. Leaves out values of only white space and NULs. */
  allRaw(name: string): readonly string[];
}

/** Indexes the parameters of the body and the query; either may be empty. The time is linear in their number. */
export function mergeFields(body: readonly FieldPair[], query: readonly FieldPair[]): Fields {
  const bodyIndex = indexPairs(body);
  const queryIndex = indexPairs(query);
  const allRaw = (name: string): readonly string[] => {
    const key = name.toLowerCase();
    return bodyIndex.repeated.get(key) ?? queryIndex.repeated.get(key) ?? [];
  };
  return {
    first(...names) {
      for (const name of names) {
        const key = name.toLowerCase();
        const value = bodyIndex.single.get(key) ?? queryIndex.single.get(key);
        if (value !== undefined) return value;
      }
      return undefined;
    },
    all: (name) => allRaw(name).map(trimmed),
    allRaw,
  };
}

/**
 * Trims white space at both ends and NULs at the end, because programs on embedded Windows pad their buffers with NULs.
 * A byte order mark counts as white space.
 */
function trimmed(text: string): string {
  let end = text.length;
  while (end > 0 && isPadding(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end).trimStart();
}

function isPadding(character: string): boolean {
  return character === '\0' || character.trim() === '';
}

/**
 * Returns the name under which repeated fields are indexed: lower case, trimmed, and without the `[]`, `[0]` or `[key]`
 * that PHP and Ruby clients append. A recipient under any key is read or refused, never left out.
 */
export function repeatedFieldName(name: string): string {
  const key = trimmed(name).toLowerCase();
  const bracketAt = key.indexOf('[');
  return bracketAt > 0 && key.endsWith(']') ? key.slice(0, bracketAt).trimEnd() : key;
}

interface PairIndex {
  readonly single: ReadonlyMap<string, string>;
  readonly repeated: ReadonlyMap<string, readonly string[]>;
}

// Maps, because strangers choose the names: a field called __proto__ must be a field like any other.
function indexPairs(pairs: readonly FieldPair[]): PairIndex {
  const single = new Map<string, string>();
  const repeated = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const content = trimmed(value);
    if (content === '') continue;
    const key = trimmed(name).toLowerCase();
    if (!single.has(key)) single.set(key, content);
    const repeatedKey = repeatedFieldName(name);
    const values = repeated.get(repeatedKey);
    if (values === undefined) repeated.set(repeatedKey, [value]);
    else values.push(value);
  }
  return { single, repeated };
}
