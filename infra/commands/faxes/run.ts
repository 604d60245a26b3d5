import { createFaxQueue } from '../../../lib/outbox/sqs-queue.ts';
import { createFaxStore } from '../../../lib/state/fax-store.ts';
import { createTable, StateUnavailable } from '../../../lib/state/table.ts';
import { awsErrorCode, awsFailed } from '../aws/aws-failure.ts';
import { userName } from '../report/user-name.ts';
import type { World } from '../world/world.ts';
import { explain } from '../command-line/command-line.ts';
import { help, readArguments, type FaxesOptions, type Order } from './arguments.ts';
import { giveUp, sendAgain, type Outcome } from './by-hand.ts';
import { faxesSince } from './fax.ts';
import { faxStatuses } from './message-list.ts';
import { openOutbox, type Outbox } from './outbox.ts';
import { hasTrouble, renderFaxes, renderFaxesJson, type Listing, type Statuses } from './report.ts';

const dayMs = 24 * 3_600_000;

/** The exit code after Ctrl-C. */
const interrupted = 130;

/** Runs `npm run faxes` with these arguments. Resolves with the exit code. */
export async function runFaxes(args: readonly string[], world: World): Promise<number> {
  const read = readArguments(args, world.environment);
  if (read.kind !== 'run') {
    return explain(read, {
      command: 'faxes',
      help,
      print: (text) => world.print(text),
      complain: (text) => world.progress(text),
    });
  }
  const outbox = await openOutbox(read.options.where, world);
  if (typeof outbox === 'string') {
    world.progress(outbox);
    return 1;
  }
  try {
    return await serve(outbox, read.options, world);
  } catch (error) {
    const problem = tableProblem(error);
    if (problem === undefined) throw error;
    world.progress(problem);
    return 1;
  } finally {
    outbox.close();
  }
}

async function serve(outbox: Outbox, { order, json }: FaxesOptions, world: World): Promise<number> {
  if (order !== undefined) {
    const { isDone, text } = await obey(order, outbox, world);
    if (json) world.print(JSON.stringify({ ok: isDone, id: order.id, text }, undefined, 2));
    else if (isDone) world.print(text);
    else world.progress(text);
    return isDone ? 0 : 1;
  }
  const listing = await list(outbox, world);
  if (world.ringCentral.signal.aborted) {
    world.progress('Stopped; the tokens of this command are revoked.');
    return interrupted;
  }
  const title = `Faxes of ${outbox.name}, of the last day and still waiting`;
  world.print(json ? renderFaxesJson(listing) : renderFaxes(title, listing));
  return hasTrouble(listing) ? 1 : 0;
}

function obey({ kind, id }: Order, { dynamoDb, stateTable, sqs, queueUrl }: Outbox, world: World): Promise<Outcome> {
  const faxes = createFaxStore(createTable(dynamoDb, stateTable, world.clock, () => {}));
  const nowMs = world.clock.nowMs();
  switch (kind) {
    case 'give up':
      return giveUp(faxes, id, nowMs);
    case 'send again':
      return sendAgain(faxes, createFaxQueue(sqs, queueUrl), id, nowMs);
  }
}

async function list(outbox: Outbox, world: World): Promise<Listing> {
  const nowMs = world.clock.nowMs();
  world.progress('reading the state table ...');
  const faxes = await faxesSince(outbox.dynamoDb, outbox.stateTable, nowMs - dayMs);
  const users = faxes.length === 0 ? new Map<string, never>() : await outbox.users();
  const statuses = new Map<string, Statuses>();
  const sent = faxes.filter(({ state }) => state === 'sent');
  for (const [key, own] of Map.groupBy(sent, ({ userKey }) => userKey)) {
    const user = users.get(key);
    if (user === undefined || world.ringCentral.signal.aborted) continue;
    world.progress(`asking RingCentral for the faxes of ${userName(user)} ...`);
    // createdAtMs of a fax that was sent again is the time of that order. RingCentral may have accepted it before.
    const fromMs = Math.min(...own.map(({ createdAtMs }) => createdAtMs)) - dayMs;
    statuses.set(key, await faxStatuses(user, fromMs, world.ringCentral));
  }
  return { faxes, users, statuses, nowMs, maxAgeMs: outbox.maxAgeMs, args: outbox.args };
}

/** Returns a sentence for an error of the AWS SDK in a table operation; undefined for a bug. */
function tableProblem(error: unknown): string | undefined {
  const cause = error instanceof StateUnavailable ? error.cause : error;
  // Service errors of the SDK have $metadata and transport errors have a code. Credential errors have only a name.
  const isOfAws = typeof cause === 'object' && cause !== null && ('$metadata' in cause || 'code' in cause);
  const code = awsErrorCode(cause);
  if (!isOfAws && !(error instanceof StateUnavailable) && code !== 'CredentialsProviderError') return undefined;
  const check = awsFailed(
    'state table',
    code,
    'dynamodb:Scan, GetItem, UpdateItem',
    'Look at the stage and the region.',
  );
  return 'remedy' in check ? `${check.detail}\n${check.remedy}` : check.detail;
}
