import { parentPort } from 'node:worker_threads';
import { localAws } from '../../infra/local/local-aws.ts';
import { startStateTable } from '../../infra/local/state-table.ts';
import { demoClient } from '../demo.ts';
import type { Fault, FaultKind } from '../../infra/local/simulator/faults.ts';
import { startSimulator } from '../../infra/local/simulator/server.ts';
import type { SimulatedUser } from '../../infra/local/simulator/user.ts';

/*
 * RingCentral's simulator and the state table in a separate thread, so that their memory does not count as the
 * product's.
 */

export type ToBackend =
  | { readonly kind: 'start'; readonly users: readonly SimulatedUser[] }
  | { readonly kind: 'fail'; readonly request: FaultKind; readonly fault: Fault }
  | { readonly kind: 'collect' }
  | { readonly kind: 'stop' };

export type FromBackend =
  | {
      readonly kind: 'started';
      readonly simulatorUrl: string;
      readonly tableUrl: string;
      readonly tableName: string;
      /** The options for clients of the table. */
      readonly aws: typeof localAws;
    }
  | ({ readonly kind: 'collected' } & Collected)
  | { readonly kind: 'stopped' };

/** The requests that RingCentral has received since the last report. */
export interface Collected {
  /** Requests received, and the number of them that met a fault. */
  readonly requests: number;
  readonly faults: number;
  /** Numbers for which a POST was received twice, except for a retry after a 401. */
  readonly placedTwice: readonly string[];
  /** Numbers called and faxed. */
  readonly called: readonly string[];
  readonly faxed: readonly string[];
  readonly unknown: number;
}

if (parentPort === null) throw new Error('this runs as a worker thread');
const port = parentPort;
const say = (message: FromBackend): void => port.postMessage(message);

async function start(users: readonly SimulatedUser[]) {
  const table = await startStateTable('infra/resources/state-table.yml', 'soak-state');
  const simulator = await startSimulator({ users, ...demoClient, refreshTokens: true, rateLimits: false });
  say({ kind: 'started', simulatorUrl: simulator.url, tableUrl: table.url, tableName: table.tableName, aws: localAws });
  return { table, simulator };
}

let running: Awaited<ReturnType<typeof start>> | undefined;

port.on('message', (message: ToBackend) => {
  void (async () => {
    switch (message.kind) {
      case 'start':
        running = await start(message.users);
        break;
      case 'fail':
        running?.simulator.failNext(message.request, message.fault);
        break;
      case 'collect':
        if (running !== undefined) say({ kind: 'collected', ...collect(running.simulator) });
        break;
      case 'stop':
        await running?.simulator.close();
        await running?.table.close();
        say({ kind: 'stopped' });
        port.close();
        break;
    }
  })();
});

function collect(simulator: Awaited<ReturnType<typeof startSimulator>>): Collected {
  const seen = new Map<string, number>();
  for (const { kind, body, fault, status } of simulator.requests) {
    if ((kind !== 'ring-out' && kind !== 'fax') || status === 401 || fault === 'status 401') continue;
    // A request that broke before its body was read has no body, and so no number.
    const number = /"phoneNumber":"(\+[^"]+)"/.exec(JSON.stringify(toOf(body)))?.[1];
    if (number !== undefined) seen.set(`${kind} ${number}`, (seen.get(`${kind} ${number}`) ?? 0) + 1);
  }
  const collected: Collected = {
    requests: simulator.requests.length,
    faults: simulator.requests.filter(({ fault }) => fault !== undefined).length,
    placedTwice: [...seen].filter(([, times]) => times > 1).map(([number]) => number),
    called: simulator.calls.map(({ to }) => to),
    faxed: simulator.faxes.flatMap(({ to }) => to.map(({ phoneNumber }) => phoneNumber)),
    unknown: simulator.unknownRequests.length,
  };
  simulator.reset();
  return collected;
}

/** The `to` of a ring-out's JSON, or of the JSON in a fax's first part. */
function toOf(body: unknown): unknown {
  const envelope: unknown = Array.isArray(body) ? (body[0] as { content?: unknown } | undefined)?.content : body;
  return (envelope as { to?: unknown } | undefined)?.to ?? null;
}
