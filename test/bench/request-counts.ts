import { mustSucceed, place, startContainer, type Container } from './containers.ts';
import type { Row } from './rows.ts';
import { extensions, faxEvent, ringoutEvent, takeLoneExtensions, type CommandName, type Services } from './services.ts';

/** What one warm legacy request may cause: requests to RingCentral, reads and writes of the table, reads of the secret. */
interface Cost {
  readonly upstream: number;
  readonly reads: number;
  readonly writes: number;
  readonly secretReads: number;
}

/** What is counted: a program's first question for a call's status and those after it are not the same. */
type Counted = CommandName | 'status again' | 'fax';

const promised: Readonly<Record<Counted, Cost>> = {
  list: { upstream: 1, reads: 1, writes: 0, secretReads: 0 },
  call: { upstream: 1, reads: 1, writes: 1, secretReads: 0 },
  // Two writes go with each request for a call's status: one claims it before, one stores the answer.
  status: { upstream: 1, reads: 2, writes: 2, secretReads: 0 },
  // A container that polls a user's only call again knows what is in the rows, and the claim proves it.
  'status again': { upstream: 1, reads: 0, writes: 2, secretReads: 0 },
  cancel: { upstream: 1, reads: 2, writes: 0, secretReads: 0 },
  fax: { upstream: 1, reads: 1, writes: 0, secretReads: 0 },
};

const requests = 10;

/** Counts at the servers what warm containers ask of them. */
export async function countRequests(services: Services): Promise<readonly Row[]> {
  const calls = startContainer('call', services);
  const rows: Row[] = [];
  for (const [what, wanted] of Object.entries(promised) as [Counted, Cost][]) {
    const command = what === 'status again' ? 'status' : what;
    const container = startContainer(command, services);
    const cost = await costOf(command, what === 'status again', container, calls, services);
    rows.push({
      section: 'what one warm legacy request costs',
      what: `${what}: RingCentral, table reads, table writes, secret reads`,
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

/** @param again whether the requests counted repeat those before them */
async function costOf(
  command: CommandName | 'fax',
  again: boolean,
  container: Container,
  calls: Container,
  services: Services,
): Promise<Cost> {
  const users = again ? takeLoneExtensions(requests) : extensions.slice(0, requests);
  const needsCall = command === 'status' || command === 'cancel';
  const placeEach = async (): Promise<readonly string[]> => {
    const sessions: string[] = [];
    for (const user of users) sessions.push(needsCall ? await place(calls, user) : '');
    return sessions;
  };
  const serveEach = async (sessions: readonly string[]): Promise<void> => {
    for (const [index, user] of users.entries()) {
      const event = command === 'fax' ? faxEvent(20_000, user) : ringoutEvent(command, user, sessions[index]);
      mustSucceed(await container.ask({ event }), command);
    }
  };
  const first = await placeEach();
  await serveEach(first);
  const counted = again ? first : await placeEach();

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
