import type { Check, Section } from './check.ts';

const marks = { ok: '✓', failed: '✗', skipped: '–', warning: '!' } as const;

/** Minimum width of the name column, in characters. It fits most names, so that the sections align. */
const leastWidth = 18;

/**
 * Renders the table for people: one line per check under its section's title. Prints the remedy below each ✗ and !,
 * unless the previous ✗ or ! has the same finding and remedy.
 */
export function renderTable(sections: readonly Section[]): string {
  let lastCause = '';
  const isRepeated = (check: Check): boolean => {
    const cause = 'remedy' in check ? `${check.detail}\n${check.remedy}` : lastCause;
    const isSame = cause === lastCause;
    lastCause = cause;
    return isSame;
  };
  const filled = sections.filter(({ checks }) => checks.length > 0);
  const blocks = filled.map(({ title, checks }) => {
    const width = Math.max(leastWidth, ...checks.map(({ name }) => name.length));
    return [title, ...checks.flatMap((check) => linesOf(check, width, isRepeated(check)))].join('\n');
  });
  return [...blocks, totals(sections)].join('\n\n');
}

function linesOf(check: Check, width: number, isRepeated: boolean): readonly string[] {
  const line = `  ${marks[check.outcome]}  ${check.name.padEnd(width)}  ${check.detail}`.trimEnd();
  if (!('remedy' in check) || isRepeated) return [line];
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

/** Renders the sections as JSON: `{ok, sections: [{title, checks: [{name, outcome, detail, remedy?}]}]}`. */
export function renderJson(sections: readonly Section[]): string {
  return JSON.stringify({ ok: exitCode(sections) === 0, sections }, undefined, 2);
}

/** Returns 1 if a check failed, otherwise 0. Skipped checks and warnings do not count. */
export function exitCode(sections: readonly Section[]): 0 | 1 {
  return sections.some(({ checks }) => checks.some(({ outcome }) => outcome === 'failed')) ? 1 : 0;
}
