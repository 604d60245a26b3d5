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
/** Ratios of shorter times depend more on the memory of the machine than on the product. */
const shortMs = 250;

/**
 * Processor time of a request before authentication: four times the bytes take at most five times as long. It is
 * measured on the sources, so that only the steps before the check of the credentials run.
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

/** The steps of the handler before the look-up of the user. */
function readUpToCredentials(event: unknown): void {
  const request = readEvent(event);
  const form = readForm(request);
  readFormat(form.fields);
  requestInLog(request, form.fields);
  commandByCmd(form);
  readCredentials(form.fields);
}
