import { readFileSync } from 'node:fs';
import { startLocalStack, type LocalStack } from './stack.ts';
import { StartFailure } from './start-failure.ts';

const help = `npm start: the whole product on this computer, without an AWS account

Runs the bundles that would be deployed behind a gateway of its own, with DynamoDB, Secrets Manager and a RingCentral
simulator. Ctrl-C stops everything.

  PORT=3001 npm start                  another port than 3000
  SECRET_FILE=secret.json npm start    your own secret document (several: comma-separated) and the server it names,
                                       without the simulator; it is read again after an edit
  LOG_LEVEL=debug npm start            more log lines
  OUTBOX=off npm start                 sends faxes directly, instead of keeping them until RingCentral has them
  npm start -- --no-limits             without RingCentral's limits of requests per minute
  npm start -- --help                  this text`;

/** Twenty clients at once, with the container of the first request, find theirs running. About 20 MB each. */
const warmContainers = 19;

/** Runs until it is asked to stop. */
async function main(noLimits: boolean): Promise<void> {
  const stopping = Promise.withResolvers<'stopped'>();
  const stop = (): void => stopping.resolve('stopped');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  stopWithParent(stop);

  const starting = startLocalStack({
    port: portOf(process.env['PORT']),
    secretFile: process.env['SECRET_FILE'],
    noLimits,
    warmContainers,
    environment: passedThrough(process.env),
  });
  const stack = await Promise.race([starting, stopping.promise]);
  if (stack === 'stopped') throw new StartFailure('Stopped while starting.');
  console.log(announcement(stack));
  await stopping.promise;
  const waiting = await stack.faxesWaiting().catch(() => 0);
  await stack.stop();
  if (waiting > 0) console.error(`Faxes that had not gone out yet are lost: ${waiting}.`);
}

/**
 * npm ends at a SIGTERM without passing it on to what runs below its shell; the new parent tells. A npm that was killed
 * leaves even its shell behind; then the shell's new parent tells, where there is a /proc to ask.
 */
function stopWithParent(stop: () => void): void {
  const parent = process.ppid;
  const npm = process.env['npm_lifecycle_event'] === undefined ? undefined : parentOf(parent);
  const watch = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || parentOf(parent) === npm)) return;
    clearInterval(watch);
    stop();
  }, 250);
  watch.unref();
}

/** Undefined where there is no /proc. */
function parentOf(pid: number): number | undefined {
  try {
    // proc(5): the name in parentheses may contain anything; state and parent follow it.
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) \S+ /s, '')
        .split(' ')[0],
    );
  } catch {
    return undefined;
  }
}

/** What of the functions' environment can be set from outside. */
function passedThrough({ LOG_LEVEL, OUTBOX }: NodeJS.ProcessEnv): Record<string, string> {
  if (OUTBOX !== undefined && OUTBOX !== 'on' && OUTBOX !== 'off') {
    throw new StartFailure(`OUTBOX must be on or off, not "${OUTBOX}".`);
  }
  return { ...(LOG_LEVEL !== undefined && { LOG_LEVEL }), ...(OUTBOX !== undefined && { OUTBOX }) };
}

function portOf(text: string | undefined): number {
  if (text === undefined || text === '') return 3000;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new StartFailure(`PORT must be a number from 0 to 65535, not "${text}".`);
}

function announcement({ baseUrl, consoleUrl, simulator, demoUser, examples }: LocalStack): string {
  return [
    '',
    'Ready.',
    `  Base URL   ${baseUrl}`,
    `  Console    ${consoleUrl}`,
    ...(simulator === undefined ? [] : [`  Simulator  ${simulator.url}`]),
    demoUser === undefined
      ? '  RingCentral is the server your secret document names: a call rings, a fax is sent.'
      : `  Demo user  Username ${demoUser.username}, Ext ${demoUser.extension}, Password ${demoUser.password}`,
    '',
    demoUser === undefined ? 'Put your own values in place of the capitals:' : 'Paste any of these:',
    ...examples.map(({ command, line }) => `  # ${command}\n  ${line}`),
    '',
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
}

const given = process.argv.slice(2);
const unknown = given.find((argument) => !['--help', '-h', '--no-limits'].includes(argument));
if (unknown !== undefined) {
  console.error(`npm start takes no ${unknown}; see npm start -- --help`);
  process.exitCode = 1;
} else if (given.some((argument) => argument !== '--no-limits')) {
  console.log(help);
} else {
  try {
    await main(given.includes('--no-limits'));
  } catch (error) {
    console.error(error instanceof StartFailure ? error.message : error);
    // A start that goes on must not keep the process.
    process.exit(1);
  }
}
