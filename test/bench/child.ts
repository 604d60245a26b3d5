import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** A process that answers questions, several at a time. */
export interface Child<Ask, Answer> {
  /** Rejects with the child's own error, or when the child ends without an answer. */
  ask(ask: Ask): Promise<Answer>;
  stop(): void;
}

export interface ChildOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node itself. */
  readonly execArgv?: readonly string[];
}

const running = new Set<ChildProcess>();

/** Ends every running child. Each also ends with this process. */
export function stopChildren(): void {
  for (const child of running) {
    if (child.connected) child.disconnect();
  }
}

interface Reply {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/**
 * Starts a script of children/ with its own environment. Its output is dropped, because the product's log lines would
 * go to CloudWatch.
 */
export function startChild<Ask extends object, Answer>(
  script: string,
  { args = [], env = {}, execArgv = [] }: ChildOptions = {},
): Child<Ask, Answer> {
  const child = fork(join(import.meta.dirname, 'children', script), [...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    execArgv: [...execArgv],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  running.add(child);
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  child.on('message', (message) => {
    const { id, answer, error } = message as Reply;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(answer as Answer);
    else asked?.reject(new Error(`${script}: ${error}`));
  });
  child.on('exit', (code, signal) => {
    running.delete(child);
    for (const { reject } of waiting.values()) reject(new Error(`${script} ended (${code ?? signal})`));
    waiting.clear();
  });
  return {
    ask: (ask) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        child.send({ id: lastId, ask });
      }),
    stop: () => {
      if (child.connected) child.disconnect();
    },
  };
}
