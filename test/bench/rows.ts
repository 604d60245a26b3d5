/** One line of the table. */
export interface Row {
  readonly section: string;
  readonly what: string;
  /** The figure, with its unit; a median where there is a `p95`. */
  readonly figure: string;
  readonly p95?: string;
  /** What the figure is set against, such as `0.53 of naive`. */
  readonly ratio?: string;
  /** What was promised. */
  readonly wanted?: string;
  /** Whether the promise was kept in this run; absent where nothing was promised. */
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

/** One table for people, with a line above each section. */
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
