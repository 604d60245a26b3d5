import { startChild } from './child.ts';
import { bundleOf } from './containers.ts';
import { mb, ms, type Row } from './rows.ts';
import { extensions, faxEvent, type Services } from './services.ts';
import { median } from './statistics.ts';

interface AskFax {
  readonly small: string;
  readonly large: string;
}

interface FaxAnswer {
  readonly ms: number;
  /** Undefined where the operating system does not tell. */
  readonly peakBytes?: number;
  readonly body: string;
}

/** The largest HTTP body that is promised to be accepted: Lambda's 6 MB hold the event, whose body is base64. */
const largestBodyBytes = 4_700_000;

const promisedTimesItsSize = 4;

/** Memory and time of faxes up to the largest accepted size, each in a container of its own. */
export async function measureFaxMemory(services: Services, rounds: number): Promise<readonly Row[]> {
  const section = 'fax: what the function takes besides the event';
  const rows: Row[] = [];
  for (const share of [0.25, 0.5, 1]) {
    const bodyBytes = largestBodyBytes * share;
    const answers: FaxAnswer[] = [];
    for (let round = 0; round < rounds; round += 1) answers.push(await sendOne(bodyBytes, services));
    const peakBytes = median(answers.map((answer) => answer.peakBytes ?? Number.NaN));
    const timesItsSize = peakBytes / bodyBytes;
    const timeMs = median(answers.map((answer) => answer.ms));
    rows.push(
      {
        section,
        what: `body of ${mb(bodyBytes)}: most memory`,
        figure: Number.isNaN(peakBytes) ? 'only on Linux' : mb(peakBytes),
        ratio: Number.isNaN(peakBytes) ? '' : `${timesItsSize.toFixed(1)} of its size`,
        ...(share < 1 || Number.isNaN(peakBytes)
          ? {}
          : { wanted: `< ${promisedTimesItsSize} of it`, kept: timesItsSize < promisedTimesItsSize }),
      },
      {
        section,
        what: '  time',
        figure: ms(timeMs),
        ratio: `${(timeMs / (bodyBytes / 1_000_000)).toFixed(1)} ms/MB`,
      },
    );
  }
  return rows;
}

async function sendOne(bodyBytes: number, services: Services): Promise<FaxAnswer> {
  const user = extensions[0] ?? '';
  const child = startChild<AskFax, FaxAnswer>('fax-memory.cjs', {
    args: [bundleOf('fax')],
    env: services.environment,
    execArgv: ['--expose-gc'],
  });
  const answer = await child.ask({
    small: JSON.stringify(faxEvent(20_000, user)),
    large: JSON.stringify(faxEvent(bodyBytes, user)),
  });
  child.stop();
  await services.ringCentral.ask({ reset: true });
  if (answer.body !== '0') throw new Error(`a fax of ${bodyBytes} bytes was answered ${answer.body}`);
  return answer;
}
