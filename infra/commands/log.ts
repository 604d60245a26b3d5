import { setTimeout } from 'node:timers/promises';
import { createAwsCli } from './aws/aws-cli.ts';
import { runLog } from './log/run.ts';

process.exitCode = await runLog(process.argv.slice(2), {
  environment: process.env,
  awsCli: (region) => createAwsCli(region, process.env),
  nowMs: () => Date.now(),
  sleep: (ms) => setTimeout(ms),
  print: (text) => console.log(text),
  progress: (line) => console.error(line),
});
