import { readFileSync } from 'node:fs';
import { startLocalStack, type LocalStack } from './stack.ts';
import { help, readStartArguments, type StartOptions } from './start-arguments.ts';
import { StartFailure } from './start-failure.ts';

/** With the first request's container, enough for twenty concurrent clients. Each takes about 20 MB. */
const warmContainers = 19;

/** Runs the stack until it receives a signal to stop. */
async function main({ port, secretFile, logLevel, outbox, noLimits, lan }: StartOptions): Promise<void> {
  const stopping = Promise.withResolvers<'stopped'>();
  const stop = (): void => stopping.resolve('stopped');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  stopWithParent(stop);

  if (lan.length > 0) console.log(lanWarning(lan, secretFile !== undefined));
  const starting = startLocalStack({
    port,
    secretFile,
    noLimits,
    lan,
    warmContainers,
    environment: {
      ...(logLevel !== undefined && { LOG_LEVEL: logLevel }),
      ...(outbox !== undefined && { OUTBOX: outbox }),
    },
  });
  const stack = await Promise.race([starting, stopping.promise]);
  if (stack === 'stopped') throw new StartFailure('Stopped while starting.');
  console.log(announcement(stack, lan));
  await stopping.promise;
  const waiting = await stack.faxesWaiting().catch(() => 0);
  await stack.stop();
  if (waiting > 0) console.error(`Faxes that had not gone out yet are lost: ${waiting}.`);
}

/**
 * Detects the end of npm by a changed parent process: npm ends at a SIGTERM without passing it to the child of its
 * shell. A killed npm leaves its shell running. Then the shell's parent changes, which only /proc shows.
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

/** Returns undefined where there is no /proc. */
function parentOf(pid: number): number | undefined {
  try {
    // proc(5): the name in parentheses may contain any character. State and parent follow it.
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) \S+ /s, '')
        .split(' ')[0],
    );
  } catch {
    return undefined;
  }
}

function lanWarning(lan: readonly string[], isOwnAccount: boolean): string {
  const gate = isOwnAccount
    ? 'the passwords of your secret document; a user whose legacyPassword is null is open to all of them'
    : "the demonstration's password, which is public";
  return [
    `Every computer in ${lan.join(', ')} may call and fax here as long as this runs.`,
    `What keeps one out is ${gate}. Passwords cross the network in the clear.`,
    `${isOwnAccount ? 'Calls ring and faxes are sent. ' : ''}Other addresses are refused; the console stays on this computer.`,
  ].join('\n');
}

function announcement(
  { baseUrl, consoleUrl, lanUrls, simulator, demoUser, examples }: LocalStack,
  lan: readonly string[],
): string {
  return [
    '',
    'Ready.',
    `  Base URL   ${baseUrl}`,
    `  Console    ${consoleUrl}`,
    ...lanUrls.map((url) => `  Network    ${url}`),
    ...(lan.length > 0 && lanUrls.length === 0
      ? [`  Network    this computer has no address in ${lan.join(', ')}`]
      : []),
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

try {
  const options = readStartArguments(process.argv.slice(2), process.env);
  if (options === 'help') console.log(help);
  else await main(options);
} catch (error) {
  console.error(error instanceof StartFailure ? error.message : error);
  // A start that is still in progress must not keep the process alive.
  process.exit(1);
}
