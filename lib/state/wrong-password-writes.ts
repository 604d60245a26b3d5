import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { ConditionalUpdate } from './table.ts';
import { wrongPasswordAttribute, wrongPasswordMember } from './user-row.ts';
import { wrongPasswordLifeMs, type UserState, type WrongPassword } from './user-state.ts';

/*
 * Marks of wrong passwords are added to a set and removed from it one by one, so concurrent writes never overwrite each
 * other. The size of each set and the number of sets are limited, so that the row stays small: 21 sets of 31 marks with
 * 22 bytes each are 15 KB. DynamoDB's limit is 400 KB.
 */

/** Set of the names of all sources with marks. A condition can count them only with `size` of a set. */
const sourcesAttribute = 'wrongSources';

/** The marks of several sources. */
export type WrongPasswords = UserState['wrongPasswords'];

/** A wrong password to store. */
export interface WrongPasswordFromSource {
  readonly source: string;
  readonly mark: WrongPassword;
  /** Maximum number of marks of a source. */
  readonly maxMarks: number;
  /** Maximum number of sources; undefined for a source that does not count towards it. */
  readonly maxSources: number | undefined;
}

/** Adds one mark if the limits allow it. Idempotent, so the AWS SDK may repeat it when its response was lost. */
export function addWrongPasswordChange(
  { source, mark, maxMarks, maxSources }: WrongPasswordFromSource,
  ttl: AttributeValue,
): ConditionalUpdate {
  const hasRoom = 'attribute_exists(#source) AND size(#source) < :maxMarks';
  const isNew = 'attribute_not_exists(#source)';
  const hasPlace = '(attribute_not_exists(#sources) OR size(#sources) < :maxSources)';
  const needsPlace = maxSources !== undefined;
  return {
    update: `SET expiresAt = if_not_exists(expiresAt, :ttl) ADD #source :marks${needsPlace ? ', #sources :name' : ''}`,
    condition: `(${hasRoom}) OR (${isNew}${needsPlace ? ` AND ${hasPlace}` : ''})`,
    names: { '#source': wrongPasswordAttribute(source), ...(needsPlace ? { '#sources': sourcesAttribute } : {}) },
    values: {
      ':marks': { SS: [wrongPasswordMember(mark)] },
      ':maxMarks': { N: String(maxMarks) },
      ...(needsPlace ? { ':name': { SS: [source] }, ':maxSources': { N: String(maxSources) } } : {}),
      ':ttl': ttl,
    },
  };
}

/** Marks that no longer count. */
export interface SpentMarks {
  readonly marks: WrongPasswords;
  /** Sources without any other known mark. */
  readonly emptied: readonly string[];
}

/** @param spentOf returns those marks of one source that no longer count */
export function spentAmong(
  known: WrongPasswords,
  spentOf: (marks: readonly WrongPassword[]) => readonly WrongPassword[],
): SpentMarks {
  const marks = new Map(
    [...known].map(([source, all]) => [source, spentOf(all)] as const).filter(([, { length }]) => length > 0),
  );
  return {
    marks,
    emptied: [...marks.keys()].filter((source) => marks.get(source)?.length === known.get(source)?.length),
  };
}

/** Returns the marks that are too old to count, whatever else their sources have sent. */
export function outlivedMarks(known: WrongPasswords, nowMs: number): SpentMarks {
  return spentAmong(known, (marks) => marks.filter(({ atMs }) => Math.abs(nowMs - atMs) >= wrongPasswordLifeMs));
}

/** Removes exactly these marks; a mark that is added concurrently remains. Returns undefined when `marks` is empty. */
export function forgetWrongPasswordsChange({ marks, emptied }: SpentMarks): ConditionalUpdate | undefined {
  if (marks.size === 0) return undefined;
  const sets = [...marks].map(([source, spent], index) => ({
    name: `#spent${index}`,
    value: `:spent${index}`,
    attribute: wrongPasswordAttribute(source),
    members: { SS: spent.map(wrongPasswordMember) },
  }));
  if (emptied.length > 0) {
    sets.push({ name: '#sources', value: ':emptied', attribute: sourcesAttribute, members: { SS: [...emptied] } });
  }
  return {
    update: `DELETE ${sets.map(({ name, value }) => `${name} ${value}`).join(', ')}`,
    names: Object.fromEntries(sets.map(({ name, attribute }) => [name, attribute])),
    values: Object.fromEntries(sets.map(({ value, members }) => [value, members])),
  };
}
