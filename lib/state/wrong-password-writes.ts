import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { ConditionalUpdate } from './table.ts';
import { wrongPasswordAttribute, wrongPasswordMember } from './user-row.ts';
import { wrongPasswordLifeMs, type UserState, type WrongPassword } from './user-state.ts';

/*
 * Marks of wrong passwords are only ever added to a set, and taken out of it one by one: whatever many containers do at
 * once, no mark overwrites another. Each set has a limit, and so has the number of sets, so that the row cannot grow:
 * 21 sets of 31 marks with 22 bytes each are 15 KB. DynamoDB takes 400.
 */

/** The names of the sources that have a set, to count them by: `size` is all a condition can count with. */
const sourcesAttribute = 'wrongSources';

/** The marks of several sources. */
export type WrongPasswords = UserState['wrongPasswords'];

/** One wrong password to note. */
export interface WrongPasswordNote {
  readonly source: string;
  readonly mark: WrongPassword;
  /** Marks a source may have. */
  readonly maxMarks: number;
  /** Sources there may be; undefined for one that needs no place among them. */
  readonly maxSources: number | undefined;
}

/** Adds one mark, if there is room for it. That it is repeated when its answer got lost changes nothing. */
export function addWrongPasswordChange(
  { source, mark, maxMarks, maxSources }: WrongPasswordNote,
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

/** Marks that decide nothing any more. */
export interface SpentMarks {
  readonly marks: WrongPasswords;
  /** Sources of which none other is known. */
  readonly emptied: readonly string[];
}

/** @param spentOf which of one source's marks are spent */
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

/** The marks that are too old to decide anything, whatever else their sources have sent. */
export function outlivedMarks(known: WrongPasswords, nowMs: number): SpentMarks {
  return spentAmong(known, (marks) => marks.filter(({ atMs }) => Math.abs(nowMs - atMs) >= wrongPasswordLifeMs));
}

/**
 * Removes these marks and no others: one that is added at the same time stays. Undefined when there is nothing to remove.
 */
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
