import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { budget, bundle } from '../../infra/bundle.ts';
import { measureBurst } from './burst.ts';
import { stopChildren } from './child.ts';
import { measureFirstAnswer, measureLoad, measureSizes, weighBundles } from './cold-start.ts';
import { renewTokens } from './containers.ts';
import { measureDistance } from './distance.ts';
import { measureFaxMemory } from './fax-memory.ts';
import { measureLatency } from './latency.ts';
import { countRequests } from './request-counts.ts';
import { measureLinearTime } from './linear-time.ts';
import { renderTable, type Row } from './rows.ts';
import { startServices } from './services.ts';
import { measureShares } from './share.ts';

const help = `Usage: npm run bench [-- --quick] [-- --share] [-- --json]

Measures the bundles that are deployed, not the sources: requests per legacy request, added latency, cold start, a
burst, memory, hostile bodies. Simulated RingCentral and local AWS services run in processes of their own. 1 KB is 1,000 bytes.

  --quick   fewer rounds and no hostile bodies, in less than 40 seconds; the figures are coarser
  --share   instead: first and warm answers with the share of a processor that a memory size has, and what they cost;
  --distance
            instead: round trips, and the time they take over TLS with RingCentral 10, 30 and 70 ms away
  --against=FOLDER
            compares the shares or the distances with the bundles in that folder, in turn
  --json    the rows as JSON

Exits with 1 when a count or a size is not as promised. Times and memory depend on the machine and only get a mark.`;

const root = join(import.meta.dirname, '../..');

const thorough = { latency: { rounds: 100, slowRounds: 20 }, load: 15, firstAnswer: 7, memory: 5, hostile: 2 };
const quick = { latency: { rounds: 16, slowRounds: 3 }, load: 3, firstAnswer: 1, memory: 1, hostile: 0 };
const burstContainers = 100;

async function measure(rounds: typeof thorough): Promise<readonly Row[]> {
  const progress = (text: string): void => console.error(`… ${text}`);
  progress('bundling');
  const bundles = await bundle(root);
  try {
    const services = await startServices();
    await renewTokens(services);
    progress('requests per legacy request');
    const counts = await countRequests(services);
    progress('latency');
    const latency = await measureLatency(services, rounds.latency);
    progress('cold start');
    const load = measureLoad(services, rounds.load);
    const firstAnswer = await measureFirstAnswer(services, rounds.firstAnswer);
    progress('memory');
    const memory = await measureFaxMemory(services, rounds.memory);
    progress('burst');
    const burst = await measureBurst(services, burstContainers);
    progress('hostile bodies');
    const linear = rounds.hostile === 0 ? [] : measureLinearTime(rounds.hostile);
    const sizes = measureSizes(bundles, budget);
    const weights = weighBundles(join(root, 'dist/meta.json'));
    return [...counts, ...latency, ...sizes, ...load, ...firstAnswer, ...weights, ...burst, ...memory, ...linear];
  } finally {
    stopChildren();
  }
}

function machine(): string {
  const [cpu] = cpus();
  const load = (loadavg()[0] ?? 0).toFixed(1);
  return `${cpus().length} × ${cpu?.model ?? 'unknown processor'}, load ${load}, Node ${process.versions.node}`;
}

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => !/^--(?:quick|json|help|share|distance|against=.+)$/.test(arg));
  if (unknown !== undefined || args.includes('--help')) {
    console.log(unknown === undefined ? help : `Unknown argument ${unknown}.\n\n${help}`);
    return unknown === undefined ? 0 : 1;
  }
  process.chdir(root);
  const on = machine();
  const other = args.includes('--share') ? measureShares : args.includes('--distance') ? measureDistance : undefined;
  const rows = await (other?.(root, args) ?? measure(args.includes('--quick') ? quick : thorough));
  const date = new Date().toISOString().slice(0, 10);
  console.log(
    args.includes('--json')
      ? JSON.stringify({ date, machine: on, rows }, null, 2)
      : `${date}, ${on}\n\n${renderTable(rows)}`,
  );
  return rows.some((row) => row.exact === true && row.kept === false) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
