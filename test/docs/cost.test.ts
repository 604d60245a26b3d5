import { functions } from '../../infra/functions.ts';
import { byCommand, commands, plain } from '../../infra/metrics.ts';
import { resolveAlarms } from '../../infra/resources/alarms.ts';
import { readDocument } from './documents.ts';

const document = readDocument('docs/capacity-and-cost.md');

/** US dollars, us-east-1, November 2026. */
const price = {
  gatewayMillion: 3.5,
  lambdaMillion: 0.2,
  lambdaGbSecond: 0.000_013_333_4,
  readMillion: 0.125,
  writeMillion: 0.625,
  secret: 0.4,
  secretReads: 0.05 / 10_000,
  metric: 0.3,
  alarm: 0.1,
  fifoMillion: 0.5,
  s3PutThousand: 0.005,
  s3GetThousand: 0.0004,
  logGb: 0.5,
  logGbMonth: 0.03,
};
const dollars = (sum: number): string => `$${sum.toFixed(2)}`;

const perMillion =
  price.gatewayMillion +
  price.lambdaMillion +
  0.3 * (functions.status.memoryMb / 1024) * 1e6 * price.lambdaGbSecond +
  1.8 * price.readMillion +
  3.5 * price.writeMillion +
  2 * price.logGb;

let fixed: number;
let alarms: number;
const metrics = plain.length + byCommand.length * commands.length;
beforeAll(async () => {
  alarms = Object.keys((await resolveAlarms({ resolveVariable: (name) => Promise.resolve(name) })).Resources).length;
  // Five long polls of 20 s at any time.
  const polls = ((30 * 24 * 3600) / 20) * 5;
  expect(document).toContain(`${polls.toLocaleString('en-US')} × ${dollars(price.fifoMillion)} per million`);
  fixed = (polls / 1e6) * price.fifoMillion + metrics * price.metric + alarms * price.alarm + price.secret + 0.05;
});

test('the page has the numbers of deployed metrics and alarms', () => {
  expect(document).toContain(`${metrics} that are always or often written × ${dollars(price.metric)}`);
  expect(document).toContain(`${alarms} × ${dollars(price.alarm)}`);
});

/** A thousand runs of two seconds. */
const thousandRuns = ({ memoryMb }: { readonly memoryMb: number }): number =>
  1000 * 2 * (memoryMb / 1024) * price.lambdaGbSecond;
const perThousandFaxes = [
  price.s3PutThousand + price.s3GetThousand,
  0.003 * price.fifoMillion,
  thousandRuns(functions['send-fax']) + 0.001 * price.lambdaMillion,
  thousandRuns(functions.fax),
  0.008 * price.writeMillion + 0.01 * price.readMillion,
];

test('the page adds up the prices correctly', () => {
  const faxRows = document.split('### Faxes through the outbox')[1]?.split('\n') ?? [];
  const sums = faxRows.flatMap((row) => /\| +\$(0\.\d{3}) \|$/.exec(row)?.[1] ?? []);
  expect(sums).toEqual(perThousandFaxes.map((sum) => sum.toFixed(3)));
  expect(document).toContain(`**${dollars(perThousandFaxes.reduce((sum, each) => sum + each))}**`);
  expect(document).toContain(`**${dollars(fixed)}**`);
  expect(document).toContain(`**${dollars(perMillion)}**`);
});

test.each([
  ['1,000', 0.001, 0],
  ['100,000', 0.1, 0],
  ['10 million', 10, 10 * 8640 * price.secretReads + 20 * 3 * price.logGbMonth],
])('%s requests a month cost what the table says', (requests, millions, more) => {
  const variable = millions * perMillion + more;
  const cells = document
    .split('\n')
    .find((line) => line.startsWith(`| ${requests} `))
    ?.split('|')
    .map((cell) => cell.trim());
  expect(cells?.slice(1, -1)).toEqual([requests, dollars(fixed), dollars(variable), dollars(fixed + variable)]);
});
