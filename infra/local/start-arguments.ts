import { parseArgs } from 'node:util';
import { logLevels } from '../../lib/runtime/config.ts';
import { refuseForeignRange } from './lan.ts';
import { StartFailure } from './start-failure.ts';

export interface StartOptions {
  readonly port: number;
  readonly secretFile: string | undefined;
  readonly logLevel: string | undefined;
  /** `off` sends faxes directly instead of storing them until RingCentral has them. */
  readonly outbox: 'on' | 'off' | undefined;
  readonly noLimits: boolean;
  readonly lan: readonly string[];
}

export const help = `npm start: the whole product on this computer, without an AWS account

Runs the bundles that would be deployed behind a gateway of its own, with DynamoDB, Secrets Manager and a RingCentral
simulator. Ctrl-C stops everything.

  npm start -- --port 3001                 another port than 3000; 0 takes a free one (or PORT=3001)
  npm start -- --secret-file secret.json   your own secret document (several: comma-separated) and the server it names,
                                           without the simulator; it is read again after an edit (or SECRET_FILE=…)
  npm start -- --lan 192.168.1.0/24        also for programs on your own network, from these addresses only, over http
                                           without encryption; repeat it for more
  npm start -- --log-level debug           more log lines (or LOG_LEVEL=debug)
  npm start -- --outbox off                sends faxes directly, instead of keeping them until RingCentral has them
                                           (or OUTBOX=off)
  npm start -- --no-limits                 without RingCentral's limits of requests per minute
  npm start -- --help                      this text`;

/** Parses the command line. Environment variables supply missing options. Throws {@link StartFailure}. */
export function readStartArguments(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): StartOptions | 'help' {
  const values = valuesOf(args);
  if (values.help === true) return 'help';
  const logLevel = values['log-level'] ?? (environment['LOG_LEVEL'] || undefined);
  if (logLevel !== undefined && !logLevels.some((level) => level === logLevel.toLowerCase())) {
    throw new StartFailure(`--log-level is one of ${logLevels.join(', ')}.`);
  }
  const outbox = values.outbox ?? (environment['OUTBOX'] || undefined);
  if (outbox !== undefined && outbox !== 'on' && outbox !== 'off') throw new StartFailure('--outbox is on or off.');
  const lan = values.lan ?? [];
  for (const range of lan) refuseForeignRange(range);
  return {
    port: portOf(values.port ?? environment['PORT']),
    secretFile: values['secret-file'] ?? environment['SECRET_FILE'],
    logLevel,
    outbox,
    noLimits: values['no-limits'] === true,
    lan,
  };
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        'secret-file': { type: 'string' },
        'log-level': { type: 'string' },
        outbox: { type: 'string' },
        lan: { type: 'string', multiple: true },
        'no-limits': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch {
    // Without the arguments: one may be a pasted secret.
    throw new StartFailure(
      'There is an option that does not exist, one without its value, or a word too many.\nSee npm start -- --help',
    );
  }
}

function portOf(text: string | undefined): number {
  if (text === undefined || text === '') return 3000;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new StartFailure(`The port must be a number from 0 to 65535, not "${text}".`);
}
