import { startChild, type Child } from './child.ts';
import { bundleOf } from './containers.ts';
import { mb, ms, type Row } from './rows.ts';
import { extensions, faxEvent, type Services } from './services.ts';
import { median } from './statistics.ts';

interface Ask {
  readonly event: string;
  readonly remainingMs: number;
}

interface Measured {
  readonly ms: number;
  /** Undefined when the operating system does not report it. */
  readonly peakBytes?: number;
  readonly answer: { readonly body?: string; readonly batchItemFailures?: readonly unknown[] };
}

/** The function that accepts a fax, and the one that sends it. */
interface Pair {
  readonly fax: Measured;
  readonly sendFax: Measured;
}

/** The largest HTTP body that is documented as accepted. Lambda's 6 MB contain the event with its body in base64. */
const largestBodyBytes = 4_700_000;

/** The accepting function decodes the body once. The sending one joins received pieces, which Node copies. */
const promised = {
  fax: { section: 'fax: what the function takes besides the event', timesItsSize: 2 },
  sendFax: { section: 'send-fax: what the function takes', timesItsSize: 3 },
} as const;
const smallBytes = 20_000;
const smallFaxes = 5;

/** Memory and time of faxes through the outbox up to the largest accepted size, each in new containers. */
export async function measureFaxMemory(services: Services, rounds: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const share of [0.25, 0.5, 1]) {
    const bodyBytes = largestBodyBytes * share;
    const pairs: Pair[] = [];
    for (let round = 0; round < rounds; round += 1) pairs.push(await sendOne(bodyBytes, services));
    for (const name of ['fax', 'sendFax'] as const) {
      rows.push(
        ...rowsOf(
          promised[name],
          bodyBytes,
          pairs.map((pair) => pair[name]),
        ),
      );
    }
  }
  return rows.toSorted((a, b) => a.section.localeCompare(b.section));
}

function rowsOf(
  { section, timesItsSize: promisedTimes }: (typeof promised)[keyof typeof promised],
  bodyBytes: number,
  measured: readonly Measured[],
): readonly Row[] {
  const peakBytes = median(measured.map((each) => each.peakBytes ?? Number.NaN));
  const timesItsSize = peakBytes / bodyBytes;
  const timeMs = median(measured.map((each) => each.ms));
  const isUnknown = Number.isNaN(peakBytes);
  return [
    {
      section,
      what: `body of ${mb(bodyBytes)}: most memory`,
      figure: isUnknown ? 'only on Linux' : mb(peakBytes),
      ratio: isUnknown ? '' : `${timesItsSize.toFixed(1)} of its size`,
      ...(bodyBytes < largestBodyBytes || isUnknown
        ? {}
        : { wanted: `<= ${promisedTimes} of it`, kept: timesItsSize <= promisedTimes }),
    },
    { section, what: '  time', figure: ms(timeMs), ratio: `${(timeMs / (bodyBytes / 1_000_000)).toFixed(1)} ms/MB` },
  ];
}

/** Sends some small faxes, then the measured one. */
async function sendOne(bodyBytes: number, services: Services): Promise<Pair> {
  const containers = { fax: startContainer('fax', services), sendFax: startContainer('send-fax', services) };
  let pair: Pair | undefined;
  for (let count = 0; count <= smallFaxes; count += 1) {
    pair = await sendThrough(count < smallFaxes ? smallBytes + count : bodyBytes, containers, services);
  }
  containers.fax.stop();
  containers.sendFax.stop();
  await services.ringCentral.ask({ reset: true });
  if (pair?.fax.answer.body !== '0')
    throw new Error(`a fax of ${bodyBytes} bytes was answered ${pair?.fax.answer.body}`);
  return pair;
}

type Container = Child<Ask, Measured>;

function startContainer(name: 'fax' | 'send-fax', { environment }: Services): Container {
  return startChild('fax-memory.cjs', {
    args: [bundleOf(name)],
    env: { ...environment, OUTBOX: 'on' },
    execArgv: ['--expose-gc'],
  });
}

async function sendThrough(
  bodyBytes: number,
  { fax, sendFax }: { readonly fax: Container; readonly sendFax: Container },
  { aws }: Services,
): Promise<Pair> {
  const event = JSON.stringify(faxEvent(bodyBytes, extensions[0] ?? ''));
  const [taken, sent] = await Promise.all([
    fax.ask({ event, remainingMs: 28_000 }),
    aws.ask({ delivery: true }).then(async ({ delivery }) => {
      const measured = await sendFax.ask({ event: JSON.stringify(delivery), remainingMs: 60_000 });
      await aws.ask({ delivered: measured.answer });
      if (measured.answer.batchItemFailures?.length !== 0) throw new Error('the fax was not sent at once');
      return measured;
    }),
  ]);
  return { fax: taken, sendFax: sent };
}
