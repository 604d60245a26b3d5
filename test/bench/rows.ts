/** One line of the table. */
export interface Row {
  readonly section: string;
  readonly what: string;
  /** The figure with its unit. It is a median if there is a `p95`. */
  readonly figure: string;
  readonly p95?: string;
  /** The comparison of the figure, such as `0.53 of naive`. */
  readonly ratio?: string;
  /** The documented limit. */
  readonly wanted?: string;
  /** Whether this run kept the limit. Absent when there is none. */
  readonly kept?: boolean;
}

export const ms = (value: number): string => `${value.toFixed(1)} ms`;

export const mb = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

const columns = ['what', 'figure', 'p95', 'ratio', 'wanted', 'kept'] as const;
const titles: Readonly<Record<(typeof columns)[number], string>> = {
  what: '',
  figure: 'median',
  p95: 'p95',
  ratio: 'ratio',
  wanted: 'wanted',
  kept: '',
};

/** One readable table, with a line above each section. */
export function renderTable(rows: readonly Row[]): string {
  const cell = (row: Row, column: (typeof columns)[number]): string => {
    if (column === 'kept') return row.kept === undefined ? '' : row.kept ? '✓' : '✗';
    return row[column] ?? '';
  };
  const widths = columns.map((column) =>
    Math.max(titles[column].length, ...rows.map((row) => cell(row, column).length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, index) => (index === 0 ? text.padEnd(widths[index] ?? 0) : text.padStart(widths[index] ?? 0)))
      .join('  ')
      .trimEnd();
  const lines = [line(columns.map((column) => titles[column]))];
  let section = '';
  for (const row of rows) {
    if (row.section !== section) lines.push('', row.section);
    ({ section } = row);
    lines.push(line(columns.map((column) => cell(row, column))));
  }
  return lines.join('\n');
}
