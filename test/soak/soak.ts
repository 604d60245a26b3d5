import { parseArgs } from 'node:util';
import { runFaxSoak, type FaxSoakOptions } from './fax-soak.ts';
import { runSoak, type SoakOptions } from './run-soak.ts';

const usage = `Usage: npm run dev:soak -- [--requests 20000] [--clients 50] [--faults 5] [--faxes 500]

First sends mixed legacy requests to the real handlers in this process, from many clients at once, while things go wrong
at RingCentral (simulated) and the state table is real DynamoDB semantics. Checks every answer, that nothing was placed
twice, that nothing was reported that did not happen, and that neither memory nor handles grow.

Then faxes as one user through the whole local stack, with RingCentral's limits in a window of two seconds, faults, outages
and killed containers. Checks that each fax arrives once and in order, and that calls and another user's faxes do not wait.
Takes some ten minutes.

  --requests  legacy requests in all; 0 leaves them out
  --clients   requests under way at the same time
  --faults    of 100 requests, how many are preceded by something going wrong upstream
  --faxes     faxes of the one user; 0 leaves them out
  --help      this text

Ends with status 1 when anything was not as it should be.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      requests: { type: 'string', default: '20000' },
      clients: { type: 'string', default: '50' },
      faults: { type: 'string', default: '5' },
      faxes: { type: 'string', default: '500' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const [requests, clients] = [numberOf('requests', values.requests), numberOf('clients', values.clients)];
  const [faultShare, faxes] = [numberOf('faults', values.faults) / 100, numberOf('faxes', values.faxes)];
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  if (requests > 0) report(await mixedRequests({ requests, clients, faultShare, rounds: 20, progress }));
  if (faxes > 0) report(await burstOfFaxes({ faxes, faultShare, limitWindowSeconds: 2, isThorough: true, progress }));
}

/** The readable lines of a report, and its violations. */
interface Outcome {
  readonly lines: readonly string[];
  readonly violations: readonly string[];
}

async function mixedRequests(options: SoakOptions): Promise<Outcome> {
  const { requests, seconds, answers, answerMs, heapMb, upstreamRequests, upstreamFaults, violations } =
    await runSoak(options);
  const lines = [
    `${requests} requests in ${seconds.toFixed(0)} s (${(requests / seconds).toFixed(0)} a second), ${upstreamRequests} to RingCentral, ${upstreamFaults} of them met a fault`,
    `answered within ${answerMs.p50} ms (half), ${answerMs.p99} ms (99 %), ${answerMs.max} ms (all)`,
    `heap after garbage collection: ${heapMb.warm.toFixed(1)} MB warm, ${heapMb.end.toFixed(1)} MB at the end`,
    ...Object.entries(answers).map(([answer, count]) => `  ${answer.padEnd(16)} ${count}`),
  ];
  return { lines, violations };
}

async function burstOfFaxes(options: FaxSoakOptions): Promise<Outcome> {
  const { faxes, otherFaxes, calls, seconds, answerMs, faults, refused, moved, violations } = await runFaxSoak(options);
  const lines = [
    `${faxes} faxes of one user in ${seconds.toFixed(0)} s, ${moved} of them moved to the end; ${calls} calls of the same user, ${otherFaxes} faxes of another one`,
    `answered within ${answerMs.p50} ms (half), ${answerMs.max} ms (all); ${refused} requests refused by RingCentral's limits`,
    ...Object.entries(faults).map(([fault, count]) => `  ${String(count).padStart(3)} × ${fault}`),
  ];
  return { lines, violations };
}

function report({ lines, violations }: Outcome): void {
  const judged = [
    ...lines,
    violations.length === 0 ? 'no violations' : `${violations.length} violations:`,
    ...violations.slice(0, 20).map((violation) => `  ${violation}`),
  ];
  process.stdout.write(`${judged.join('\n')}\n`);
  if (violations.length > 0) process.exitCode = 1;
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (!(number >= 0)) throw new Error(`--${name} must be a number`);
  return number;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
