import { join } from 'node:path';
import { functions, type FunctionName } from '../functions.ts';
import { startContainer, type Container } from './container.ts';

export interface LambdaOptions {
  /** The folder of the bundles. */
  readonly distDir: string;
  /** The functions' environment; they inherit nothing from this process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Receives complete lines that the functions print, and the reason of each failure. */
  readonly onLine: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** Runs the functions. Each has as many containers as it has concurrent requests. */
export interface Lambda {
  /**
   * Invokes the function with an event in JSON and resolves with its answer. Rejects on failure; `onLine` receives the
   * reason.
   */
  invoke(name: FunctionName, event: string): Promise<unknown>;
  /** Starts containers in advance, one after the other, so that this many concurrent requests need no cold start. */
  warm(name: FunctionName, count: number): Promise<void>;
  /** Ends a function's busy containers like a crash. Resolves with their number. */
  kill(name: FunctionName): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Maximum number of containers that start concurrently. Starting uses the processor: with more of them, all would be
 * ready later than the first of these.
 */
const startsAtOnce = 2;

export function createLambda({ distDir, environment, onLine }: LambdaOptions): Lambda {
  const pools = new Map<FunctionName, Pool>();
  const all = new Set<Container>();
  const starts = new Set<Promise<void>>();
  let isStopped = false;

  const fail = (name: string, error: unknown): void =>
    onLine(`${name}: ${error instanceof Error ? error.message : String(error)}`, 'stderr');

  /** Assigns waiting requests to free containers and starts more containers for the rest. */
  const serve = (name: FunctionName, pool: Pool): void => {
    while (pool.waiting.length > 0 && pool.frozen.length > 0) {
      const container = pool.frozen.pop();
      const request = pool.waiting.shift();
      if (container !== undefined && request !== undefined) void run(name, pool, container, request);
    }
    if (isStopped) return;
    while (pool.waiting.length > pool.starting && starts.size < startsAtOnce) {
      void track(name, pool);
    }
  };

  const run = async (name: FunctionName, pool: Pool, container: Container, request: Request): Promise<void> => {
    pool.busy.add(container);
    try {
      const answer = await container.invoke(request.event);
      request.resolve(answer === undefined ? undefined : JSON.parse(answer));
    } catch (error) {
      fail(name, error);
      request.reject(error);
    }
    pool.busy.delete(container);
    if (container.isAlive) pool.frozen.push(container);
    else all.delete(container);
    serve(name, pool);
  };

  const start = async (name: FunctionName, pool: Pool): Promise<void> => {
    const { memoryMb, timeoutSeconds } = functions[name];
    try {
      const container = await startContainer({
        bundle: join(distDir, name, 'index.js'),
        functionName: name,
        memoryMb,
        timeoutSeconds,
        environment: {
          ...environment,
          AWS_LAMBDA_FUNCTION_NAME: name,
          AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
        },
        onText: (text, stream) => {
          for (const line of text.split('\n')) if (line !== '') onLine(line, stream);
        },
      });
      all.add(container);
      if (isStopped) await container.stop();
      else pool.frozen.push(container);
    } catch (error) {
      // As in Lambda, the request that caused the start fails.
      fail(name, error);
      pool.waiting.shift()?.reject(error);
    }
  };

  /** Starts a container and counts it while it starts. */
  const track = (name: FunctionName, pool: Pool): Promise<void> => {
    pool.starting += 1;
    const started = start(name, pool).finally(() => {
      starts.delete(started);
      pool.starting -= 1;
      for (const [each, eachPool] of pools) serve(each, eachPool);
    });
    starts.add(started);
    return started;
  };

  const poolOf = (name: FunctionName): Pool => {
    const pool = pools.get(name) ?? { frozen: [], busy: new Set(), waiting: [], starting: 0 };
    pools.set(name, pool);
    return pool;
  };

  return {
    invoke(name, event) {
      const pool = poolOf(name);
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      pool.waiting.push({ event, resolve, reject });
      serve(name, pool);
      return promise;
    },
    async warm(name, count) {
      for (let started = 0; started < count; started += 1) {
        if (isStopped) return;
        await track(name, poolOf(name));
      }
    },
    async kill(name) {
      const busy = [...poolOf(name).busy];
      await Promise.all(busy.map((container) => container.stop()));
      return busy.length;
    },
    async stop() {
      isStopped = true;
      for (const { waiting } of pools.values()) {
        for (const { reject } of waiting.splice(0)) reject(new Error('the local Lambda has stopped'));
      }
      await Promise.all(starts);
      await Promise.all([...all].map((container) => container.stop()));
    },
  };
}

interface Pool {
  readonly frozen: Container[];
  readonly busy: Set<Container>;
  readonly waiting: Request[];
  starting: number;
}

interface Request {
  readonly event: string;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}
