import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../infra/bundle.ts';
import { stopChildren } from './child.ts';
import { measureFirstAnswer, measureLoad } from './cold-start.ts';
import { renewTokens } from './containers.ts';
import { measureDistance } from './distance.ts';
import { measureFaxMemory } from './fax-memory.ts';
import { measureLatency } from './latency.ts';
import { measureLinearTime } from './linear-time.ts';
import { renderTable, type Row } from './rows.ts';
import { startServices } from './services.ts';
import { measureShares } from './share.ts';

const help = `Usage: npm run bench [-- --quick] [-- --share] [-- --distance]

Measures the bundles that are deployed, not the sources: added latency, cold start, memory, hostile bodies. Simulated
RingCentral and local AWS services run in processes of their own. Times and memory depend on the machine: they get a
mark, and decide nothing. Counts and sizes, which do not, are tests.

  --quick   fewer rounds and no hostile bodies; the figures are coarser
  --share   instead: first and warm answers with the share of a processor that a memory size has, and what they cost
  --distance
            instead: round trips, and the time they take over TLS with RingCentral 10, 30 and 70 ms away
  --against=FOLDER
            compares the shares or the distances with the bundles in that folder, in turn`;

const root = join(import.meta.dirname, '../..');

const thorough = { latency: { rounds: 100, slowRounds: 20 }, load: 15, firstAnswer: 7, memory: 5, hostile: 2 };
const quick = { latency: { rounds: 16, slowRounds: 3 }, load: 3, firstAnswer: 1, memory: 1, hostile: 0 };

async function measure(rounds: typeof thorough): Promise<readonly Row[]> {
  const progress = (text: string): void => console.error(`… ${text}`);
  progress('bundling');
  await bundle(root);
  try {
    const services = await startServices();
    await renewTokens(services);
    progress('latency');
    const latency = await measureLatency(services, rounds.latency);
    progress('cold start');
    const load = measureLoad(services, rounds.load);
    const firstAnswer = await measureFirstAnswer(services, rounds.firstAnswer);
    progress('memory');
    const memory = await measureFaxMemory(services, rounds.memory);
    progress('hostile bodies');
    const linear = rounds.hostile === 0 ? [] : measureLinearTime(rounds.hostile);
    return [...latency, ...load, ...firstAnswer, ...memory, ...linear];
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
  const unknown = args.find((arg) => !/^--(?:quick|help|share|distance|against=.+)$/.test(arg));
  if (unknown !== undefined || args.includes('--help')) {
    console.log(unknown === undefined ? help : `Unknown argument ${unknown}.\n\n${help}`);
    return unknown === undefined ? 0 : 1;
  }
  process.chdir(root);
  const on = machine();
  const other = args.includes('--share') ? measureShares : args.includes('--distance') ? measureDistance : undefined;
  const rows = await (other?.(root, args) ?? measure(args.includes('--quick') ? quick : thorough));
  console.log(`${new Date().toISOString().slice(0, 10)}, ${on}\n\n${renderTable(rows)}`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
