import { median, p95 } from './statistics.ts';
import { officeDay, usualOffice, type OfficeOptions } from './office-day.ts';
import { playDay, type Design, type OfficeDayResult } from './office-limits.ts';

const help = `Usage: npm run dev:simulate [-- --seats 200] [-- --calls 40] [-- --faxes 300] [-- --json]

Plays one working day of an office's legacy programs on a virtual clock against RingCentral's rate limits (Heavy 10,
Light 50 requests per user and minute) and the product's own rules, and shows what the programs see: with one
RingCentral user for all seats and with one per seat, each for three designs.

  --seats    programs in the office, each with calls of its own (default ${usualOffice.seats})
  --calls    calls per seat and day (default ${usualOffice.callsPerSeat})
  --faxes    faxes per day (default ${usualOffice.faxes})
  --json     the counts as JSON`;

interface Scenario {
  readonly title: string;
  readonly users: number;
  readonly design: Design;
}

function scenarios({ seats }: OfficeOptions): readonly Scenario[] {
  const designs = [
    { design: 'relay', title: 'passed on' },
    { design: 'marks', title: 'marks only' },
    { design: 'product', title: 'product' },
  ] as const;
  return [1, seats].flatMap((users) =>
    designs.map(({ design, title }) => ({
      title: `${users === 1 ? '1 user' : `${users} users`}, ${title}`,
      users,
      design,
    })),
  );
}

const share = (part: number, ...others: readonly number[]): string => {
  const whole = others.reduce((sum, other) => sum + other, part);
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;
};
const seconds = (figures: readonly number[], of: (figures: readonly number[]) => number): string =>
  figures.length === 0 ? '-' : `${(of(figures) / 1000).toFixed(0)} s`;
const whole = (value: number): string => value.toLocaleString('en-US');

const rows: readonly (readonly [string, (result: OfficeDayResult) => string])[] = [
  ['calls placed', ({ calls }) => share(calls.placed, calls.refused)],
  ['  refused (FAILED, Heavy)', ({ calls }) => whole(calls.refused)],
  ['cancels that reached RingCentral', ({ cancels }) => share(cancels.delivered, cancels.lost)],
  ['faxes accepted', ({ faxes }) => share(faxes.accepted, faxes.refused)],
  ['  refused (5, Heavy)', ({ faxes }) => whole(faxes.refused)],
  ['lists served', ({ lists }) => share(lists.served, lists.refused)],
  ['status polls', ({ polls }) => whole(polls.fromRingCentral + polls.fromRow + polls.refused)],
  ['  answered by RingCentral', ({ polls }) => share(polls.fromRingCentral, polls.fromRow, polls.refused)],
  ['  answered from the row', ({ polls }) => share(polls.fromRow, polls.fromRingCentral, polls.refused)],
  ['    age of that status, median', ({ rowAgesMs }) => seconds(rowAgesMs, median)],
  ['    age of that status, p95', ({ rowAgesMs }) => seconds(rowAgesMs, p95)],
  ['  answered FAILED', ({ polls }) => share(polls.refused, polls.fromRingCentral, polls.fromRow)],
  ['end of a call is told after, median', ({ lateMs }) => seconds(lateMs, median)],
  ['  p95', ({ lateMs }) => seconds(lateMs, p95)],
  ['  not within half an hour', ({ neverTold }) => `${whole(neverTold.calls)} calls`],
  ['most status requests, user and minute', ({ mostAsks }) => whole(mostAsks.perMinute)],
  ['429s from RingCentral', ({ refusedByRingCentral }) => whole(refusedByRingCentral.requests)],
  ['table reads', ({ table }) => whole(table.reads)],
  ['table writes', ({ table }) => whole(table.writes)],
];

function renderTable(titles: readonly string[], results: readonly OfficeDayResult[]): string {
  const cells = [
    ['', ...titles.map((title) => title.split(', ')[0] ?? '')],
    ['', ...titles.map((title) => title.split(', ')[1] ?? '')],
    ...rows.map(([name, of]) => [name, ...results.map(of)]),
  ];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  return cells
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function readOptions(args: readonly string[]): OfficeOptions | undefined {
  const values: Record<string, number> = {};
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (arg === '--json') continue;
    const value = Number(args[index + 1]);
    if (!['--seats', '--calls', '--faxes'].includes(arg) || !Number.isInteger(value) || value < 1) return undefined;
    values[arg] = value;
    index += 1;
  }
  return {
    seats: values['--seats'] ?? usualOffice.seats,
    callsPerSeat: values['--calls'] ?? usualOffice.callsPerSeat,
    faxes: values['--faxes'] ?? usualOffice.faxes,
  };
}

function main(args: readonly string[]): number {
  const options = readOptions(args);
  if (options === undefined) {
    console.log(help);
    return args.includes('--help') ? 0 : 1;
  }
  const day = officeDay(options);
  const played = scenarios(options).map((scenario) => ({
    ...scenario,
    result: playDay(day, scenario.users, scenario.design),
  }));
  if (args.includes('--json')) {
    console.log(JSON.stringify({ options, scenarios: played }));
    return 0;
  }
  console.log(
    `One day of ${options.seats} seats: ${options.seats * options.callsPerSeat} calls, polled every 5 s, ${options.faxes} faxes\n`,
  );
  console.log(
    renderTable(
      played.map(({ title }) => title),
      played.map(({ result }) => result),
    ),
  );
  return 0;
}

process.exitCode = main(process.argv.slice(2));
