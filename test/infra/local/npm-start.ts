import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** `npm start` on a free port, in its own process group as a terminal starts it. */
export interface NpmStart {
  /** Id of the process npm, and of its process group. */
  readonly pid: number;
  /** Resolves when the stack is ready. Rejects with its output if it ends before. */
  ready(): Promise<ReadyStack>;
  /** Resolves with the whole output, errors last, when every process that can print has ended. */
  ended(): Promise<string>;
  /** Sends SIGINT to the whole group, as a terminal does for Ctrl-C. */
  interrupt(): void;
  /** Kills the whole group, for a test that has failed. */
  kill(): void;
}

/** The addresses that `npm start` prints. */
export interface ReadyStack {
  readonly baseUrl: string;
  readonly simulatorUrl: string;
  /** The output until it was ready. */
  readonly output: string;
}

const projectDir = join(import.meta.dirname, '..', '..', '..');

export function npmStart(): NpmStart {
  const child = spawn('npm', ['start'], {
    cwd: projectDir,
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'error' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const closed = once(child, 'close');
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
  return {
    pid: child.pid ?? 0,
    async ready() {
      await Promise.race([ready, closed]);
      const baseUrl = /^ {2}Base URL +(\S+)$/m.exec(output)?.[1];
      const simulatorUrl = /^ {2}Simulator +(\S+)$/m.exec(output)?.[1];
      if (baseUrl === undefined || simulatorUrl === undefined)
        throw new Error(`npm start did not get ready:\n${output}${errors}`);
      return { baseUrl, simulatorUrl, output };
    },
    async ended() {
      await closed;
      return output + errors;
    },
    interrupt: () => signalGroup('SIGINT'),
    kill: () => signalGroup('SIGKILL'),
  };
}
