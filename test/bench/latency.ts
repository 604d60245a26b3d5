import { startChild, type Child } from './child.ts';
import { mustSucceed, place, startContainer, type Container } from './containers.ts';
import { ms, type Row } from './rows.ts';
import { comparedExtensions, extensions, faxEvent, ringoutEvent, type CommandName, type Services } from './services.ts';
import { differences, median, p95 } from './statistics.ts';

/** The three ways to make the same request, run in turn: A B C A B C. */
type AskDirect =
  | { readonly placeCall: true; readonly naive: boolean }
  | { readonly command: CommandName | 'fax'; readonly naive: boolean; readonly id: string };
type Direct = Child<AskDirect, { readonly ms: number; readonly id: string }>;

interface Timings {
  readonly direct: number[];
  readonly bundle: number[];
  readonly naive: number[];
  /** The part of the bundle's time spent waiting for the local DynamoDB. */
  readonly table: number[];
}

export interface LatencyOptions {
  /** Rounds with a simulator that answers at once, and with one that takes 100 ms. */
  readonly rounds: number;
  readonly slowRounds: number;
}

const measured = ['list', 'call', 'status', 'cancel', 'fax'] as const;
type Measured = (typeof measured)[number];

/** Calls are placed this many rounds ahead, because they must still ring when they are cancelled. */
const roundsPerBatch = 8;

const warmUpRounds = 10;
const slowMs = 100;

/** Body of the measured fax. */
const faxBytes = 4_000_000;

const promisedAddedMs: Readonly<Record<Measured, number>> = {
  list: 3,
  call: 3,
  status: 3,
  cancel: 3,
  fax: 60,
};
const promisedShareOfNaive = 0.55;

/** The time of a legacy request, compared with direct calls of the SDK and with a grant for each request. */
export async function measureLatency(services: Services, options: LatencyOptions): Promise<readonly Row[]> {
  const compared = {
    direct: startDirect(services, comparedExtensions.direct),
    naive: startDirect(services, comparedExtensions.naive),
  };
  const calls = startContainer('call', services);
  const rows: Row[] = [];
  for (const command of measured) {
    const container = startContainer(command, services);
    if (command === 'fax') await container.ask({ event: faxEvent(faxBytes, extensions[0] ?? ''), keep: true });
    const run = (rounds: number, latencyMs: number): Promise<Timings> =>
      timeRounds(command, rounds, latencyMs, { ...compared, container, calls, services });
    await run(warmUpRounds, 0);
    const isFax = command === 'fax';
    const atOnce = await run(isFax ? Math.ceil(options.rounds / 4) : options.rounds, 0);
    const slow = await run(options.slowRounds, slowMs);
    rows.push(...rowsOf(command, atOnce, slow));
    container.stop();
    await services.ringCentral.ask({ reset: true });
  }
  calls.stop();
  compared.direct.stop();
  compared.naive.stop();
  return rows;
}

function startDirect(services: Services, extension: string): Direct {
  return startChild('direct.cjs', { args: [JSON.stringify({ ...services.login(extension), faxBytes })] });
}

interface Contestants {
  readonly direct: Direct;
  readonly naive: Direct;
  readonly container: Container;
  readonly calls: Container;
  readonly services: Services;
}

async function timeRounds(
  command: Measured,
  rounds: number,
  latencyMs: number,
  contestants: Contestants,
): Promise<Timings> {
  const { direct, naive, container, services } = contestants;
  const timings: Timings = { direct: [], bundle: [], naive: [], table: [] };
  for (let round = 0; round < rounds; round += roundsPerBatch) {
    const batch = Math.min(roundsPerBatch, rounds - round);
    const prepared = await prepare(command, batch, round, contestants);
    await services.ringCentral.ask({ latencyMs });
    for (const { user, directId, naiveId, sessionId } of prepared) {
      timings.direct.push((await direct.ask({ command, naive: false, id: directId })).ms);
      const event = command === 'fax' ? {} : { event: ringoutEvent(command, user, sessionId) };
      const served = mustSucceed(await container.ask(event), command);
      timings.bundle.push(served.ms);
      timings.table.push(served.awsMs);
      timings.naive.push((await naive.ask({ command, naive: true, id: naiveId })).ms);
    }
    await services.ringCentral.ask({ latencyMs: 0 });
  }
  return timings;
}

interface Prepared {
  readonly user: string;
  readonly directId: string;
  readonly naiveId: string;
  readonly sessionId: string;
}

/** Places the calls for status and cancel before the measurement. */
async function prepare(
  command: Measured,
  rounds: number,
  firstRound: number,
  contestants: Contestants,
): Promise<readonly Prepared[]> {
  const needsCall = command === 'status' || command === 'cancel';
  const prepared: Prepared[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const user = extensions[(firstRound + round) % extensions.length] ?? '';
    prepared.push(needsCall ? await placeCalls(user, contestants) : { user, directId: '', naiveId: '', sessionId: '' });
  }
  return prepared;
}

/** A call for each contestant. */
async function placeCalls(user: string, { direct, naive, calls }: Contestants): Promise<Prepared> {
  const placeDirectly = async (by: Direct): Promise<string> =>
    (await by.ask({ placeCall: true, naive: by === naive })).id;
  return {
    user,
    directId: await placeDirectly(direct),
    naiveId: await placeDirectly(naive),
    sessionId: await place(calls, user),
  };
}

function rowsOf(command: Measured, atOnce: Timings, slow: Timings): readonly Row[] {
  const section = `${command === 'fax' ? 'fax of 4 MB' : command}: time of one warm request`;
  const row = (name: string, figures: readonly number[], rest: Partial<Row> = {}): Row => ({
    section,
    what: name,
    figure: ms(median(figures)),
    p95: ms(p95(figures)),
    ...rest,
  });
  const own = differences(differences(atOnce.bundle, atOnce.direct), atOnce.table);
  const apart = differences(slow.bundle, slow.table);
  const shareOfNaive = median(apart) / median(slow.naive);
  return [
    row('RingCentral answers at once: SDK called directly', atOnce.direct),
    row('  bundle', atOnce.bundle, ratioTo('direct', atOnce.bundle, atOnce.direct)),
    row('  a grant per request', atOnce.naive, ratioTo('direct', atOnce.naive, atOnce.direct)),
    row('  waiting for the local DynamoDB', atOnce.table),
    row('  added by the bundle, DynamoDB apart', own, {
      wanted: `<= ${promisedAddedMs[command]} ms`,
      kept: median(own) <= promisedAddedMs[command],
    }),
    row('RingCentral answers after 100 ms: SDK called directly', slow.direct),
    row('  bundle', slow.bundle, ratioTo('naive', slow.bundle, slow.naive)),
    row('  bundle, DynamoDB apart', apart, {
      ratio: `${shareOfNaive.toFixed(3)} of naive`,
      wanted: `<= ${promisedShareOfNaive}`,
      kept: shareOfNaive <= promisedShareOfNaive,
    }),
    row('  a grant per request', slow.naive, ratioTo('direct', slow.naive, slow.direct)),
  ];
}

function ratioTo(name: string, of: readonly number[], to: readonly number[]): Pick<Row, 'ratio'> {
  return { ratio: `${(median(of) / median(to)).toFixed(2)} of ${name}` };
}
