import { spawn, type ChildProcess } from 'node:child_process';
import { request as httpRequest } from 'node:http';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from './listen.ts';
import { StartFailure } from './start-failure.ts';

export interface EmulatorOptions {
  /** Where serverless.yml and node_modules are. */
  readonly projectDir: string;
  /** Added to the environment; every AWS_ variable of the caller's own is taken out of it first. */
  readonly environment: Readonly<Record<string, string>>;
  /** Gets the product's log lines, and errors of the emulator itself. */
  onLine(line: string, stream: 'stdout' | 'stderr'): void;
  readonly signal: AbortSignal;
}

/** serverless-offline as API Gateway and Lambda, in a process group of its own. */
export interface Emulator {
  readonly url: string;
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Kills the whole group; done within a second or two. */
  stop(): Promise<void>;
}

const startSeconds = 180;
const pollMs = 100;
const graceMs = 1000;
const keptLines = 60;
/** Somebody else may take a port between our finding it free and the emulator's listening on it. */
const attempts = 3;

/** Starts the emulator and waits until it accepts requests; rejects with a {@link StartFailure} that quotes it. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      const portTaken = error instanceof StartFailure && error.message.includes('EADDRINUSE');
      if (!portTaken || attempt === attempts) throw error;
    }
  }
}

async function startOnce(options: EmulatorOptions): Promise<Emulator> {
  const [httpPort = 0, lambdaPort = 0] = await freePorts(2);
  const child = spawnEmulator(options, httpPort, lambdaPort);
  const killGroup = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The group has ended already.
    }
  };
  const killAtExit = () => killGroup('SIGKILL');
  process.once('exit', killAtExit);
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      hasEnded = true;
      process.off('exit', killAtExit);
      resolve();
    };
    child.once('close', end);
    child.once('error', end);
  });
  const stop = async () => {
    killGroup('SIGTERM');
    // It waits for its idle connections to close, which nothing here needs.
    await Promise.race([ended, delay(graceMs, undefined, { ref: false })]);
    killGroup('SIGKILL');
    await ended;
  };

  const kept = watchLines(child, options);
  const url = `http://127.0.0.1:${httpPort}`;
  const deadlineMs = performance.now() + startSeconds * 1000;
  while (!(await answers(url))) {
    if (hasEnded || options.signal.aborted || performance.now() > deadlineMs) {
      await stop();
      if (options.signal.aborted) throw new StartFailure('Stopped while starting.');
      const what = hasEnded ? 'stopped while starting' : `did not start within ${startSeconds} seconds`;
      throw new StartFailure(`serverless-offline ${what}. Its last words:\n${kept.join('\n')}`);
    }
    await delay(pollMs);
  }
  return { url, ended, stop };
}

function spawnEmulator(
  { projectDir, environment }: EmulatorOptions,
  httpPort: number,
  lambdaPort: number,
): ChildProcess {
  const modules = join(projectDir, 'node_modules');
  return spawn(
    process.execPath,
    [
      '--require',
      join(import.meta.dirname, 'exit-with-parent.cjs'),
      join(modules, 'serverless', 'bin', 'serverless.js'),
      'offline',
      'start',
      '--stage=local',
      '--host=127.0.0.1',
      `--httpPort=${httpPort}`,
      `--lambdaPort=${lambdaPort}`,
      '--noPrependStageInUrl',
      '--disableCookieValidation',
      '--noSponsor',
    ],
    {
      cwd: projectDir,
      // A group of its own, so that it can be ended with all its children and Ctrl-C reaches only us.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        ...Object.fromEntries(
          Object.entries(process.env).filter(([name]) => !/^(?:AWS_|SLS_|NODE_OPTIONS$)/.test(name)),
        ),
        ...environment,
        PATH: [join(modules, '.bin'), process.env['PATH'] ?? ''].join(delimiter),
        NO_COLOR: '1',
        SLS_NOTIFICATIONS_MODE: 'off',
        SLS_TELEMETRY_DISABLED: '1',
      },
    },
  );
}

/** Passes on what is meant for people; returns the last lines, for the message if it does not start. */
function watchLines(child: ChildProcess, options: EmulatorOptions): string[] {
  const kept: string[] = [];
  for (const stream of ['stdout', 'stderr'] as const) {
    const input = child[stream];
    if (input === null) continue;
    createInterface({ input }).on('line', (line) => {
      if (line.trim() === '') return;
      kept.push(line);
      if (kept.length > keptLines) kept.shift();
      if (isLogLine(line)) options.onLine(line, 'stdout');
      else if (isError(line)) options.onLine(line, 'stderr');
    });
  }
  return kept;
}

/** The product logs one JSON object a line; metrics, which look alike, have no level. */
function isLogLine(line: string): boolean {
  return line.startsWith('{') && /"level":"/.test(line);
}

function isError(line: string): boolean {
  return !line.startsWith('{') && /^\s*✖|\b\w*(?:Error|Exception)\b/.test(line);
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const attempt = httpRequest(url, { method: 'OPTIONS', agent: false }, (response) => {
      response.resume();
      resolve(true);
    });
    attempt.once('error', () => resolve(false));
    attempt.end();
  });
}
