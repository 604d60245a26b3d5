import { parseArgs } from 'node:util';
import { mistake, unknownOption, type CommandLine } from '../command-line/command-line.ts';
import { deploymentMistake } from '../command-line/deployment.ts';
import { isLoopbackUrl, readBaseUrl } from '../legacy-endpoint/base-url.ts';
import { localUrl } from '../local-stack/local-services.ts';

/** An operator's command for one fax. */
export interface Order {
  readonly kind: 'give up' | 'send again';
  readonly id: string;
}

/** The installation: a deployment, or the stack of `npm start`. */
export type Where =
  | { readonly kind: 'deployed'; readonly stage: string; readonly region: string | undefined }
  | { readonly kind: 'local'; readonly url: string };

export interface FaxesOptions {
  readonly where: Where;
  /** Undefined: list the faxes. */
  readonly order: Order | undefined;
  readonly json: boolean;
}

export type FaxesArguments = CommandLine<{ readonly options: FaxesOptions }>;

export const help = `npm run faxes: the faxes of the last day, and older ones that still wait

  npm run faxes -- --stage prod [--region R]
  npm run faxes -- --local [--url URL]    those of npm start, at http://localhost:3000, or at PORT if that is set

  --give-up ID      do not send this fax; its program was told 0 and does not learn of it
  --send-again ID   let a fax that was given up wait again, as if it came now
  --region R        default AWS_REGION, else us-east-1
  --json            print JSON (with npm run --silent faxes -- …, so that nothing else is printed)
  --help            this text

With the AWS credentials of the environment: the stack is read through the aws command, the state table is scanned, the
secrets are read, and RingCentral is asked for one message list per user whose faxes were sent, with a token of its own
that is revoked at the end. --give-up and --send-again write one row; --send-again also sends a message to the queue.

Exit code: 0 nothing is wrong; 1 a fax was given up or is stuck, or what was asked for cannot be done; 2 these arguments
make no sense.`;

/** Parses the command line. `PORT` gives the local stack's port when no argument does. Never throws. */
export function readArguments(args: readonly string[], environment: NodeJS.ProcessEnv): FaxesArguments {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        stage: { type: 'string' },
        region: { type: 'string' },
        local: { type: 'boolean' },
        url: { type: 'string' },
        'give-up': { type: 'string' },
        'send-again': { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch {
    return unknownOption;
  }
  if (values.help === true) return { kind: 'help' };
  const where = readWhere(values, environment);
  if (typeof where === 'string') return mistake(where);
  const orders = [
    ['give up', values['give-up']],
    ['send again', values['send-again']],
  ] as const;
  const given = orders.flatMap(([kind, id]) => (id === undefined ? [] : [{ kind, id: id.trim().toLowerCase() }]));
  if (given.length > 1) return mistake('--give-up and --send-again are two runs.');
  const [order] = given;
  if (order !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(order.id)) {
    return mistake(`--${order.kind.replace(' ', '-')} takes the whole id of a fax, as this command lists it.`);
  }
  return { kind: 'run', options: { where, order, json: values.json === true } };
}

interface WhereValues {
  readonly stage?: string | undefined;
  readonly region?: string | undefined;
  readonly local?: boolean | undefined;
  readonly url?: string | undefined;
}

function readWhere({ stage, region, local = false, url }: WhereValues, environment: NodeJS.ProcessEnv): Where | string {
  if (local) {
    if (stage !== undefined || region !== undefined) return '--local goes with neither --stage nor --region.';
    const read = readBaseUrl(url ?? localUrl(environment));
    return read === undefined || !isLoopbackUrl(read)
      ? '--url is the address of npm start on this computer.'
      : { kind: 'local', url: read };
  }
  if (url !== undefined) return '--url is for --local.';
  if (stage === undefined) return 'Say whose faxes: --stage or --local.';
  return deploymentMistake(stage, region) ?? { kind: 'deployed', stage, region };
}
