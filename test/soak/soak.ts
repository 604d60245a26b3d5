import { parseArgs } from 'node:util';
import { runSoak } from './run-soak.ts';

const usage = `Usage: npm run dev:soak -- [--requests 20000] [--clients 50] [--faults 5]

Sends mixed legacy requests to the real handlers in this process, from many clients at once, while things go wrong
at RingCentral (simulated) and the state table is real DynamoDB semantics. Checks every answer, that nothing was placed
twice, that nothing was reported that did not happen, and that neither memory nor handles grow.

  --requests  legacy requests in all
  --clients   requests under way at the same time
  --faults    of 100 requests, how many are preceded by something going wrong upstream
  --help      this text

Ends with status 1 when anything was not as it should be.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      requests: { type: 'string', default: '20000' },
      clients: { type: 'string', default: '50' },
      faults: { type: 'string', default: '5' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const report = await runSoak({
    requests: numberOf('requests', values.requests),
    clients: numberOf('clients', values.clients),
    faultShare: numberOf('faults', values.faults) / 100,
    rounds: 20,
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  const { requests, seconds, answerMs, heapMb, upstreamRequests, upstreamFaults, violations } = report;
  const lines = [
    `${requests} requests in ${seconds.toFixed(0)} s (${(requests / seconds).toFixed(0)} a second), ${upstreamRequests} to RingCentral, ${upstreamFaults} of them met a fault`,
    `answered within ${answerMs.p50} ms (half), ${answerMs.p99} ms (99 %), ${answerMs.max} ms (all)`,
    `heap after garbage collection: ${heapMb.warm.toFixed(1)} MB warm, ${heapMb.end.toFixed(1)} MB at the end`,
    ...Object.entries(report.answers).map(([answer, count]) => `  ${answer.padEnd(16)} ${count}`),
    violations.length === 0 ? 'no violations' : `${violations.length} violations:`,
    ...violations.slice(0, 20).map((violation) => `  ${violation}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (violations.length > 0) process.exitCode = 1;
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`--${name} must be a number over 0`);
  return number;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
