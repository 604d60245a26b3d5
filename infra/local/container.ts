import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** The workerData of a thread. */
export interface ContainerData {
  /** The path of the file that exports `handler`. */
  readonly bundle: string;
  readonly functionName: string;
  readonly memoryMb: number;
  /** A counter that every invocation increments. A frozen thread waits on it. */
  readonly bell: Int32Array<SharedArrayBuffer>;
}

/** A message to a thread. The event is JSON, as in Lambda. */
export interface Invocation {
  readonly event: string;
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly deadlineMs: number;
}

/** A message from a thread. `answer` is JSON, or undefined if the handler returned nothing. */
export type FromThread =
  | { readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly loaded: true }
  | { readonly answer: string | undefined }
  | { readonly failure: string };

export interface ContainerOptions extends Omit<ContainerData, 'bell'> {
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** Receives the function's output. */
  readonly onText: (text: string, stream: 'stdout' | 'stderr') => void;
}

/** One container, which serves one invocation at a time. It is not reused after a failure that ends it. */
export interface Container {
  readonly isAlive: boolean;
  /**
   * Resolves with the handler's result as JSON, or undefined if there is none. Rejects when the handler throws, exceeds
   * its timeout or ends its thread. The last two end the container.
   */
  invoke(event: string): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** Starts a container. Resolves when its bundle is loaded; rejects if loading fails. */
export function startContainer(options: ContainerOptions): Promise<Container> {
  const { environment, timeoutSeconds, onText, ...data } = options;
  const bell = new Int32Array(new SharedArrayBuffer(4));
  const workerData: ContainerData = { ...data, bell };
  const worker = new Worker(join(import.meta.dirname, 'container-thread.cjs'), { env: { ...environment }, workerData });
  let isAlive = true;
  /** The promise in progress: loading at first, then one invocation at a time. */
  let pending: PromiseWithResolvers<string | undefined> | undefined;
  const take = (): PromiseWithResolvers<string | undefined> | undefined => {
    const taken = pending;
    pending = undefined;
    return taken;
  };
  const end = (why: string): void => {
    isAlive = false;
    take()?.reject(new Error(why));
  };
  worker.on('message', (message: FromThread) => {
    if ('stream' in message) onText(message.text, message.stream);
    else if ('failure' in message) take()?.reject(new Error(message.failure));
    else take()?.resolve('answer' in message ? message.answer : undefined);
  });
  worker.on('error', (error) => end(error.stack ?? error.message));
  worker.on('exit', () => end(`${data.functionName}: the container ended by itself`));

  const ask = (): Promise<string | undefined> => {
    pending = Promise.withResolvers();
    return pending.promise;
  };
  const container: Container = {
    get isAlive() {
      return isAlive;
    },
    async invoke(event) {
      const answer = ask();
      const timer = setTimeout(() => {
        end(`${data.functionName}: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`);
        void worker.terminate();
      }, timeoutSeconds * 1000);
      const invocation: Invocation = {
        event,
        requestId: randomUUID(),
        deadlineMs: Date.now() + timeoutSeconds * 1000,
      };
      worker.postMessage(invocation);
      Atomics.add(bell, 0, 1);
      Atomics.notify(bell, 0);
      try {
        return await answer;
      } finally {
        clearTimeout(timer);
      }
    },
    async stop() {
      end(`${data.functionName}: stopped`);
      await worker.terminate();
    },
  };
  return ask().then(() => container);
}
