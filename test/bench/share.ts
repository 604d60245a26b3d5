import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundle } from '../../infra/bundle.ts';
import { functions } from '../../infra/functions.ts';
import { stopChildren } from './child.ts';
import { mustSucceed, renewTokens, startContainer, type Container } from './containers.ts';
import {
  answeringFunctions,
  eventsFor,
  startForRequest,
  type AnsweringFunction,
  type Begun,
  type Served,
} from './started-container.ts';
import { openShare, type ShareSize } from './processor-share.ts';
import { ms, type Row } from './rows.ts';
import { startServices, type Services } from './services.ts';
import { median, p95 } from './statistics.ts';

interface ShareOptions {
  /** Fresh containers of each kind. */
  readonly rounds: number;
  /** Requests to each of them after the first. */
  readonly warmRequests: number;
  /** Folders of bundles, run in turn. The figures of the last are compared with those of the first. */
  readonly bundles: readonly { readonly title: string; readonly dist: string }[];
  readonly memoryMb: readonly number[];
  readonly periodsMs: readonly number[];
}

/** One kind of container and its measurements. */
interface Kind extends ShareSize {
  readonly name: AnsweringFunction;
  readonly title: string;
  readonly dist: string;
  readonly first: Begun[];
  readonly warm: Served[];
}

const wantedFirstMs = 100;
const wantedWarmMs = 12;

/** arm64, us-east-1 (docs/capacity-and-cost.md). */
const dollarsPerGbSecond = 0.0000133334;

/** Requests after the first that are not measured, because a container is warm only once its code is compiled. */
const settlingRequests = 8;

/** The options of the command line: `--quick`, and `--against=FOLDER` for other bundles to compare with. */
export async function measureShares(root: string, args: readonly string[]): Promise<readonly Row[]> {
  const section = 'shares of a processor';
  if (!(await canShare())) {
    return [
      { section, what: 'cannot be measured: this needs a CPU cgroup that may be written (Linux, root)', figure: '-' },
    ];
  }
  const against = args.find((arg) => arg.startsWith('--against='))?.slice('--against='.length);
  const before = against === undefined ? [] : [{ title: 'before', dist: resolve(against) }];
  const isQuick = args.includes('--quick');
  await bundle(root);
  try {
    return await measureShare(await startServices(), {
      rounds: isQuick ? 1 : 3,
      warmRequests: isQuick ? 4 : 6,
      bundles: [...before, { title: 'now', dist: join(root, 'dist') }],
      memoryMb: before.length > 0 ? [512, 1024] : [256, 512, 1024, 1769],
      periodsMs: [20, 100],
    });
  } finally {
    stopChildren();
  }
}

/** Whether this machine can limit processor time. */
async function canShare(): Promise<boolean> {
  const share = openShare({ memoryMb: 512, periodMs: 20 });
  await share?.remove();
  return share !== undefined;
}

/** First and warm answers of containers with a share of a processor, when RingCentral answers at once. */
async function measureShare(services: Services, options: ShareOptions): Promise<readonly Row[]> {
  const kinds = answeringFunctions.flatMap((name) =>
    options.memoryMb.flatMap((memoryMb) =>
      options.periodsMs.flatMap((periodMs) =>
        options.bundles.map((bundles): Kind => ({ name, memoryMb, periodMs, ...bundles, first: [], warm: [] })),
      ),
    ),
  );
  const folder = mkdtempSync(join(tmpdir(), 'ringout-bridge-share-'));
  const calls = startContainer('call', services);
  try {
    for (let round = 0; round < options.rounds; round += 1) {
      console.error(`… round ${round + 1} of ${options.rounds}`);
      await renewTokens(services);
      for (const kind of kinds) await measureOne(kind, options.warmRequests, { services, calls, folder });
    }
  } finally {
    calls.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return rowsOf(kinds, options);
}

interface World {
  readonly services: Services;
  readonly calls: Container;
  readonly folder: string;
}

async function measureOne(kind: Kind, warmRequests: number, { services, calls, folder }: World): Promise<void> {
  const share = openShare(kind);
  if (share === undefined) throw new Error('the share of a processor could not be opened');
  const events = await eventsFor(kind.name, 1 + settlingRequests + warmRequests, calls);
  const eventFile = join(folder, 'event.json');
  writeFileSync(eventFile, JSON.stringify(events[0]));
  const child = startForRequest(join(kind.dist, kind.name), eventFile, {
    procsFile: share.procsFile,
    environment: { ...services.environment, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(kind.memoryMb) },
  });
  try {
    kind.first.push(mustSucceed(await child.ask({}), kind.name));
    for (const event of events.slice(1, 1 + settlingRequests)) mustSucceed(await child.ask({ event }), kind.name);
    for (const event of events.slice(1 + settlingRequests)) {
      // As in Lambda, the slices continue without requests. A request arrives at a random moment of a slice that is
      // still unused.
      await sleep(kind.periodMs * (2 + Math.random()));
      kind.warm.push(mustSucceed(await child.ask({ event }), kind.name));
    }
  } finally {
    child.stop();
    await share.remove();
  }
}

function rowsOf(kinds: readonly Kind[], { bundles }: ShareOptions): readonly Row[] {
  return kinds.flatMap((kind) => {
    const { name, memoryMb, periodMs, title, first, warm } = kind;
    const isDeployed = functions[name].memoryMb === memoryMb;
    const isNow = title === bundles.at(-1)?.title;
    const base = kinds.find((other) => other.title === bundles[0]?.title && isSameShare(other, kind)) ?? kind;
    const section = `${name} with ${memoryMb} MB, in slices of ${periodMs} ms${isDeployed ? ' (deployed)' : ''}`;
    const row = (
      what: string,
      of: readonly number[],
      wantedMs: number | undefined,
      against: readonly number[],
    ): Row => ({
      section,
      what: `${bundles.length > 1 ? `${title}: ` : ''}${what}`,
      figure: ms(median(of)),
      p95: ms(p95(of)),
      ...(base === kind ? {} : { ratio: `${(median(of) / median(against)).toFixed(2)} of ${base.title}` }),
      ...(wantedMs === undefined || !isDeployed || !isNow
        ? {}
        : { wanted: `<= ${wantedMs} ms`, kept: median(of) <= wantedMs }),
    });
    const time = ({ ms: took }: Served): number => took;
    const processor = ({ processorMs }: Served): number => processorMs;
    return [
      row('first answer', first.map(time), wantedFirstMs, base.first.map(time)),
      row('  its processor time', first.map(processor), undefined, base.first.map(processor)),
      row(
        '  init before it, with a whole processor',
        first.map(({ initMs }) => initMs),
        undefined,
        base.first.map(({ initMs }) => initMs),
      ),
      row('warm answer', warm.map(time), wantedWarmMs, base.warm.map(time)),
      row('  its processor time', warm.map(processor), undefined, base.warm.map(processor)),
      {
        section,
        what: `${bundles.length > 1 ? `${title}: ` : ''}a million of them, RingCentral taking 150 / 400 ms`,
        figure: [150, 400].map((upstreamMs) => dollars(upstreamMs + median(warm.map(time)), memoryMb)).join(' / '),
      },
    ];
  });
}

const isSameShare = (a: Kind, b: Kind): boolean =>
  a.name === b.name && a.memoryMb === b.memoryMb && a.periodMs === b.periodMs;

/** Lambda's charge for a million requests of this duration. */
function dollars(durationMs: number, memoryMb: number): string {
  return `$${((durationMs / 1000) * (memoryMb / 1024) * dollarsPerGbSecond * 1_000_000).toFixed(2)}`;
}
