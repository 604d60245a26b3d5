import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { localAws } from '../../infra/local/local-aws.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import { createRuntime } from '../../lib/runtime/runtime.ts';
import { phoneRules } from '../../lib/legacy/phone-number.ts';
import { handlersFrom, type Handlers } from '../handlers.ts';
import { secretDocument } from '../demo.ts';
import { lambdaContext } from '../gateway-event.ts';
import { whyIllegal } from '../hostile/legal-answer.ts';
import type { Collected, FromBackend, ToBackend } from './backend.ts';
import { createTraffic, soakUsers, type SoakRequest } from './traffic.ts';

export interface SoakOptions {
  readonly requests: number;
  readonly clients: number;
  /** Share of the requests before which a fault is caused upstream. */
  readonly faultShare: number;
  readonly rounds: number;
  /** Called after each round with one line of readable progress. */
  readonly progress?: (line: string) => void;
}

export interface SoakReport {
  readonly requests: number;
  readonly seconds: number;
  readonly upstreamRequests: number;
  readonly upstreamFaults: number;
  /** Answers by their kind, such as `call OK` and `fax 5`. */
  readonly answers: Readonly<Record<string, number>>;
  /** Milliseconds within which half, 99 % and all of the requests were answered. */
  readonly answerMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** After garbage collection, in MB: after the first quarter, and at the end. */
  readonly heapMb: { readonly warm: number; readonly end: number };
  /** Descriptions of everything that must not happen. */
  readonly violations: readonly string[];
}

/** More growth than this between warm and end is a leak. The product caches some sessions and one token per user. */
const heapGrowthMb = 8;

/** Leaves RingCentral a second to place a call, so that a fault without an answer does not take long. */
const remainingMs = 9500;

const fits = 1 / (1024 * 1024);

/** Sends mixed requests of many concurrent clients to in-process handlers. Checks all answers and side effects. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const { requests, clients, faultShare, rounds, progress = () => {} } = options;
  const handlesBefore = activeHandles();
  const backend = await startBackend();
  const { handlers, close } = openProduct(backend);
  const traffic = createTraffic(Math.random);
  const violations: string[] = [];
  const answers = new Map<string, number>();
  const durations: number[] = [];
  const heaps: number[] = [];
  let upstreamRequests = 0;
  let upstreamFaults = 0;
  const startedAt = performance.now();

  async function one(succeeded: Record<'call' | 'fax', string[]>): Promise<void> {
    const request = traffic.next();
    if (Math.random() < faultShare) backend.fail(...traffic.nextFault());
    const sentAt = performance.now();
    const handler = request.kind === 'fax' ? handlers.fax : handlers.ringout;
    const answer = await handler(request.event, lambdaContext(remainingMs));
    durations.push(performance.now() - sentAt);
    const problem = whyIllegal(request.kind === 'fax' ? 'fax' : 'ringout', answer);
    if (problem !== undefined)
      violations.push(`${request.kind} was answered ${JSON.stringify(answer.body)}: ${problem}`);
    const label = labelOf(request, answer.body);
    answers.set(label, (answers.get(label) ?? 0) + 1);
    if (request.kind === 'call' && answer.body.startsWith('OK')) {
      succeeded.call.push(request.number ?? '');
      traffic.remember(answer.body.split(' ')[1] ?? '');
    }
    if (request.kind === 'fax' && answer.body === '0') succeeded.fax.push(request.number ?? '');
  }

  const perRound = Math.ceil(requests / rounds);
  for (let round = 1; round <= rounds; round += 1) {
    const succeeded = { call: [] as string[], fax: [] as string[] };
    let left = Math.min(perRound, requests - durations.length);
    const client = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await one(succeeded);
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    const seen = await backend.collect();
    upstreamRequests += seen.requests;
    upstreamFaults += seen.faults;
    violations.push(...whatIsWrong(seen, succeeded));
    heaps.push(heapAfterCollection());
    progress(
      `${durations.length} of ${requests} requests, heap ${heaps.at(-1)?.toFixed(1)} MB, ${violations.length} violations`,
    );
  }

  const seconds = (performance.now() - startedAt) / 1000;
  close();
  await backend.stop();
  await delay(100);
  const left = handlesLeft(handlesBefore, activeHandles());
  if (left !== '') violations.push(`still open at the end: ${left}`);
  const warm = heaps[Math.floor(heaps.length / 4)] ?? 0;
  const end = heaps.at(-1) ?? 0;
  if (end - warm > heapGrowthMb) violations.push(`the heap grew from ${warm.toFixed(1)} to ${end.toFixed(1)} MB`);

  durations.sort((a, b) => a - b);
  const at = (share: number): number => Math.round(durations[Math.ceil(durations.length * share) - 1] ?? 0);
  return {
    requests: durations.length,
    seconds,
    upstreamRequests,
    upstreamFaults,
    answers: Object.fromEntries([...answers].sort(([a], [b]) => a.localeCompare(b))),
    answerMs: { p50: at(0.5), p99: at(0.99), max: at(1) },
    heapMb: { warm, end },
    violations,
  };
}

function whatIsWrong(
  seen: Collected,
  succeeded: Readonly<Record<'call' | 'fax', readonly string[]>>,
): readonly string[] {
  const called = new Set(seen.called);
  const faxed = new Set(seen.faxed);
  return [
    ...seen.placedTwice.map((number) => `seen twice: ${number}`),
    ...twice(seen.called).map((number) => `called twice: ${number}`),
    ...twice(seen.faxed).map((number) => `faxed twice: ${number}`),
    ...succeeded.call.filter((number) => !called.has(number)).map((number) => `OK, but not called: ${number}`),
    ...succeeded.fax.filter((number) => !faxed.has(number)).map((number) => `0, but not faxed: ${number}`),
    ...(seen.unknown > 0 ? [`${seen.unknown} requests for routes RingCentral does not have`] : []),
  ];
}

function twice(numbers: readonly string[]): readonly string[] {
  return numbers.filter((number, index) => numbers.indexOf(number) !== index);
}

function labelOf({ kind }: SoakRequest, body: string): string {
  return `${kind} ${/^(?:OK|FAILED|\d$)/.exec(body)?.[0] ?? 'other'}`;
}

function openProduct({ tableUrl, tableName, simulatorUrl, aws }: Backend): { handlers: Handlers; close: () => void } {
  const dynamoDb = new DynamoDBClient({ ...aws, endpoint: tableUrl });
  const SecretString = JSON.stringify(secretDocument(simulatorUrl, soakUsers));
  const write = (): void => {};
  const runtime = createRuntime(
    { STATE_TABLE: tableName, SECRET_IDS: 'demo', LOG_LEVEL: 'debug' },
    { dynamoDb, secretsManager: { send: (() => Promise.resolve({ SecretString })) as never }, write, phoneRules },
  );
  const log = createLogger('debug', write, () => systemClock.nowMs());
  return {
    handlers: handlersFrom({ runtime: () => runtime, log, clock: systemClock }),
    close: () => dynamoDb.destroy(),
  };
}

interface Backend {
  readonly simulatorUrl: string;
  readonly tableUrl: string;
  readonly tableName: string;
  readonly aws: typeof localAws;
  fail(...fault: ReturnType<ReturnType<typeof createTraffic>['nextFault']>): void;
  collect(): Promise<Collected>;
  stop(): Promise<void>;
}

async function startBackend(): Promise<Backend> {
  const worker = new Worker(new URL('backend.ts', import.meta.url));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin, only windows do
  const tell = (message: ToBackend): void => worker.postMessage(message);
  async function ask<K extends FromBackend['kind']>(message: ToBackend, kind: K): Promise<FromBackend & { kind: K }> {
    tell(message);
    const [answer] = (await once(worker, 'message')) as [FromBackend];
    if (answer.kind !== kind) throw new Error(`expected ${kind} from the backend, got ${answer.kind}`);
    return answer as FromBackend & { kind: K };
  }
  const started = await ask({ kind: 'start', users: soakUsers }, 'started');
  return {
    ...started,
    fail: (request, fault) => tell({ kind: 'fail', request, fault }),
    collect: () => ask({ kind: 'collect' }, 'collected'),
    async stop() {
      const gone = once(worker, 'exit');
      await ask({ kind: 'stop' }, 'stopped');
      await gone;
    },
  };
}

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  collectGarbage();
  return process.memoryUsage().heapUsed * fits;
}

function activeHandles(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

/** Resources that are open now and were not before, except for up to two timers of the test runner. */
function handlesLeft(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string {
  return [...after]
    .map(([type, count]) => [type, count - (before.get(type) ?? 0)] as const)
    .filter(([type, more]) => more > (type === 'Timeout' ? 2 : 0))
    .map(([type, more]) => `${more} ${type}`)
    .join(', ');
}
