import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** `npm start` as a person runs it, but on a free port. */
export interface NpmStart {
  readonly baseUrl: string;
  readonly simulatorUrl: string;
  /** Everything printed until it was ready. */
  readonly output: string;
  /** Ctrl-C; resolves when every process that could print has ended. */
  interrupt(): Promise<void>;
  /** For a test that broke off. */
  kill(): void;
}

export async function npmStart(): Promise<NpmStart> {
  const child = spawn('npm', ['start'], {
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'error' },
    // In a group of its own, which is what a terminal sends a Ctrl-C to.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const closed = once(child, 'close') as Promise<[number | null, string | null]>;
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ctrl-C stops everything.\n')) resolve();
    });
  });
  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The group has ended already.
    }
  };
  await Promise.race([ready, closed]);
  const baseUrl = /^ {2}Base URL +(\S+)$/m.exec(output)?.[1];
  const simulatorUrl = /^ {2}Simulator +(\S+)$/m.exec(output)?.[1];
  if (baseUrl === undefined || simulatorUrl === undefined)
    throw new Error(`npm start did not get ready:\n${output}${errors}`);
  return {
    baseUrl,
    simulatorUrl,
    output,
    async interrupt() {
      signalGroup('SIGINT');
      await closed;
    },
    kill: () => signalGroup('SIGKILL'),
  };
}
