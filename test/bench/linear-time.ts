import { readCredentials } from '../../lib/legacy/credentials.ts';
import { commandByCmd } from '../../lib/commands/command-by-cmd.ts';
import { readFormat } from '../../lib/edge/answer.ts';
import { readEvent } from '../../lib/edge/event.ts';
import { readForm } from '../../lib/edge/form.ts';
import { requestInLog } from '../../lib/edge/request-in-log.ts';
import { hostileRequests } from './hostile-requests.ts';
import { ms, type Row } from './rows.ts';

const largestBodyBytes = 4_700_000;
const timesTheBytes = 4;
const promisedRatio = 5;
/** Ratios of shorter times say more about the memory of the machine than about the product. */
const shortMs = 250;

/**
 * Processor time that a request takes before it is known who sent it: four times the bytes take at most five times as
 * long. Measured of the sources, so that the steps that come before the credentials are compared are all there is.
 */
export function measureLinearTime(rounds: number): readonly Row[] {
  return hostileRequests.map(({ name, event }) => {
    const smallMs = shortestMs(event(largestBodyBytes / timesTheBytes), rounds);
    const largeMs = shortestMs(event(largestBodyBytes), rounds);
    return {
      section: 'hostile bodies of 4.7 MB: processor time before it is known who sent them',
      what: name,
      figure: ms(largeMs),
      ratio: `${(largeMs / smallMs).toFixed(1)} of a quarter`,
      wanted: `<= ${promisedRatio} or ${shortMs} ms`,
      kept: largeMs <= shortMs || largeMs <= promisedRatio * smallMs,
    };
  });
}

function shortestMs(event: unknown, rounds: number): number {
  const times = Array.from({ length: rounds }, () => {
    const from = process.cpuUsage();
    readUpToCredentials(event);
    return process.cpuUsage(from).user / 1000;
  });
  return Math.min(...times);
}

/** What the handler does with a request until the user is looked up. */
function readUpToCredentials(event: unknown): void {
  const request = readEvent(event);
  const form = readForm(request);
  readFormat(form.fields);
  requestInLog(request, form.fields);
  commandByCmd(form);
  readCredentials(form.fields);
}
