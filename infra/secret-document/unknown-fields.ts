import { asArray, asObject } from '../../lib/domain/untrusted.ts';

/** A field that the product does not read. */
export interface UnknownField {
  /** JSON path, such as `users[2].extention`. */
  readonly path: string;
  /** The known field that was probably intended. */
  readonly nearest: string | undefined;
}

const documentFields = ['serverUrl', 'clientId', 'clientSecret', 'users'];
const userFields = ['username', 'extension', 'jwt', 'legacyPassword', 'homeCountry', 'callBackNumber'];

/** A field for operators' remarks. Its name cannot be a misspelled setting. */
const remark = 'note';

/** Returns the fields of a secret document that the product does not read, most often misspelled ones. Never throws. */
export function unknownFields(document: unknown): readonly UnknownField[] {
  const users = asArray(asObject(document)?.['users']);
  return [
    ...unknownIn(document, documentFields, ''),
    ...users.flatMap((user, index) => unknownIn(user, userFields, `users[${index}].`)),
  ];
}

function unknownIn(value: unknown, known: readonly string[], place: string): readonly UnknownField[] {
  return Object.keys(asObject(value) ?? {})
    .filter((name) => name !== remark && !known.includes(name))
    .map((name) => ({ path: `${place}${printable(name)}`, nearest: nearestOf(name, known) }));
}

/** Hides a name that is not like a field's name, because it may be a secret in the wrong place. */
function printable(name: string): string {
  return /^[\w $-]{1,30}$/.test(name) ? name : '(not like a name)';
}

/** Returns the known name that contains this one, is part of it, or differs from it by at most two letters. */
function nearestOf(name: string, known: readonly string[]): string | undefined {
  const plain = plainOf(name);
  if (plain.length < 2 || plain.length > 30) return undefined;
  const contained = known.find((candidate) => {
    const other = plainOf(candidate);
    return other.includes(plain) || plain.includes(other);
  });
  if (contained !== undefined) return contained;
  const [best] = known
    .map((candidate) => ({ candidate, letters: distance(plain, plainOf(candidate)) }))
    .sort((a, b) => a.letters - b.letters);
  return best !== undefined && best.letters <= 2 ? best.candidate : undefined;
}

const plainOf = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** Returns the Levenshtein distance: the number of letters to change, insert or delete. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of a.split('').entries()) {
    const next = [i + 1];
    for (const [j, other] of b.split('').entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
