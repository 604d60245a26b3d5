import type { Check, Section } from './check.ts';

const marks = { ok: '✓', failed: '✗', skipped: '–', warning: '!' } as const;

/** Columns of a check's name, wide enough for most, so that the sections stand in line. */
const leastWidth = 18;

/**
 * The table for people: a line per check under its section's title, and below each ✗ and ! what to do about it, unless the
 * one before says the same.
 */
export function renderTable(sections: readonly Section[]): string {
  let said = '';
  const isSaidAgain = (check: Check): boolean => {
    const cause = 'remedy' in check ? `${check.detail}\n${check.remedy}` : said;
    const isAgain = cause === said;
    said = cause;
    return isAgain;
  };
  const filled = sections.filter(({ checks }) => checks.length > 0);
  const blocks = filled.map(({ title, checks }) => {
    const width = Math.max(leastWidth, ...checks.map(({ name }) => name.length));
    return [title, ...checks.flatMap((check) => linesOf(check, width, isSaidAgain(check)))].join('\n');
  });
  return [...blocks, totals(sections)].join('\n\n');
}

function linesOf(check: Check, width: number, isSaidAgain: boolean): readonly string[] {
  const line = `  ${marks[check.outcome]}  ${check.name.padEnd(width)}  ${check.detail}`.trimEnd();
  if (!('remedy' in check) || isSaidAgain) return [line];
  return [line, ...check.remedy.split('\n').map((text, index) => `     ${index === 0 ? '→' : ' '} ${text}`)];
}

function totals(sections: readonly Section[]): string {
  const count = (outcome: Check['outcome']): number =>
    sections.flatMap(({ checks }) => checks).filter((check) => check.outcome === outcome).length;
  const warnings = count('warning');
  return [
    `${count('ok')} ✓  ${count('failed')} ✗  ${count('skipped')} –`,
    ...(warnings === 0 ? [] : [`${warnings} !`]),
  ].join('  ');
}

/** The same for machines: `{ok, sections: [{title, checks: [{name, outcome, detail, remedy?}]}]}`. */
export function renderJson(sections: readonly Section[]): string {
  return JSON.stringify({ ok: exitCode(sections) === 0, sections }, undefined, 2);
}

/** 0 if nothing failed, else 1. What was skipped or warned of counts as neither. */
export function exitCode(sections: readonly Section[]): 0 | 1 {
  return sections.some(({ checks }) => checks.some(({ outcome }) => outcome === 'failed')) ? 1 : 0;
}
