import { mustSucceed, place, startContainer, type Container } from './containers.ts';
import type { Row } from './rows.ts';
import { asDeployed, extensions, faxEvent, ringoutEvent, type CommandName, type Services } from './services.ts';

/** What one warm legacy request may cause: requests to RingCentral, reads and writes of the table, reads of the secret. */
interface Cost {
  readonly upstream: number;
  readonly reads: number;
  readonly writes: number;
  readonly secretReads: number;
}

const promised: Readonly<Record<CommandName | 'fax', Cost>> = {
  list: { upstream: 1, reads: 1, writes: 0, secretReads: 0 },
  // A call writes its mark and its session, a fax its mark and how it ended.
  call: { upstream: 1, reads: 1, writes: 2, secretReads: 0 },
  // Two writes go with each request for a call's status: one claims it before, one stores the answer.
  status: { upstream: 1, reads: 2, writes: 2, secretReads: 0 },
  // One write claims the cancel, so that of many at once one is sent; one is what later cancels and polls go by.
  cancel: { upstream: 1, reads: 2, writes: 2, secretReads: 0 },
  fax: { upstream: 1, reads: 1, writes: 2, secretReads: 0 },
};

const requests = 10;

/** Counts at the servers what warm containers ask of them. */
export async function countRequests(services: Services): Promise<readonly Row[]> {
  const calls = startContainer('call', services);
  const rows: Row[] = [];
  for (const [command, wanted] of Object.entries(promised) as [CommandName | 'fax', Cost][]) {
    const container = startContainer(command, { ...services, environment: { ...services.environment, ...asDeployed } });
    const cost = await costOf(command, container, calls, services);
    rows.push({
      section: 'what one warm legacy request costs',
      what: `${command}: RingCentral, table reads, table writes, secret reads`,
      figure: costText(cost),
      wanted: costText(wanted),
      kept: costText(cost) === costText(wanted),
      exact: true,
    });
    container.stop();
  }
  calls.stop();
  return rows;
}

async function costOf(
  command: CommandName | 'fax',
  container: Container,
  calls: Container,
  services: Services,
): Promise<Cost> {
  const users = extensions.slice(0, requests);
  const needsCall = command === 'status' || command === 'cancel';
  const placeEach = async (): Promise<readonly string[]> => {
    const sessions: string[] = [];
    for (const user of users) sessions.push(needsCall ? await place(calls, user) : '');
    return sessions;
  };
  let faxBytes = 20_000;
  const serveEach = async (sessions: readonly string[]): Promise<void> => {
    for (const [index, user] of users.entries()) {
      // Another fax each time, and so is every call.
      faxBytes += 1;
      const event = command === 'fax' ? faxEvent(faxBytes, user) : ringoutEvent(command, user, sessions[index]);
      mustSucceed(await container.ask({ event }), command);
    }
  };
  await serveEach(await placeEach());
  const counted = await placeEach();

  const { received: upstreamBefore } = await services.ringCentral.ask({});
  await services.aws.ask({});
  await serveEach(counted);
  const { received: upstream } = await services.ringCentral.ask({});
  const { received: aws } = await services.aws.ask({});
  const perRequest = (...names: readonly string[]): number =>
    names.reduce((count, name) => count + (aws[name] ?? 0), 0) / requests;
  return {
    upstream: (sum(upstream) - sum(upstreamBefore)) / requests,
    reads: perRequest('GetItem'),
    writes: perRequest('PutItem', 'UpdateItem'),
    secretReads: perRequest('GetSecretValue'),
  };
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function costText({ upstream, reads, writes, secretReads }: Cost): string {
  return [upstream, reads, writes, secretReads].join(' ');
}
