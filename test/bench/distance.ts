import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundle } from '../../infra/bundle.ts';
import { demoCertificate } from '../tls-certificate.ts';
import { startChild, stopChildren, type Child } from './child.ts';
import type { AskDistance, DistanceAnswer } from './children/distance.ts';
import { mustSucceed, renewTokens, startContainer, type Container } from './containers.ts';
import type { Row } from './rows.ts';
import { startServices, type Services } from './services.ts';
import { answeringFunctions, eventsFor, startForRequest, type AnsweringFunction } from './started-container.ts';
import { median } from './statistics.ts';

/** Round trips to RingCentral, in milliseconds. */
const distancesMs = [10, 30, 70];
/** Round trip to AWS services of the same region, in milliseconds. */
const awsTripMs = 1;

/**
 * `cold`: a container that is started; the round trips include its init phase, the time does not. `thawed`: after its
 * connections were closed while it was frozen. `idle`: after three seconds without a request. `warm`: right after
 * another.
 */
const situations = ['cold', 'thawed', 'idle', 'warm'] as const;
type Situation = (typeof situations)[number];

/** Longer than the idle limit of the connection of a call or a fax. */
const idleMs = 3000;
const settlingRequests = 4;

interface Figure {
  readonly ms: number[];
  trips: string;
}

interface World {
  readonly services: Services;
  readonly distance: Child<AskDistance, DistanceAnswer>;
  readonly calls: Container;
  readonly folder: string;
}

/**
 * What TLS and distance add: round trips of each command, and the time of its answer when RingCentral answers at once.
 *
 * @param args of the command line: `--quick`, and `--against=FOLDER` for other bundles to compare with
 */
export async function measureDistance(root: string, args: readonly string[]): Promise<readonly Row[]> {
  const against = args.find((arg) => arg.startsWith('--against='))?.slice('--against='.length);
  const bundles = [
    ...(against === undefined ? [] : [{ title: 'before', dist: resolve(against) }]),
    { title: 'now', dist: join(root, 'dist') },
  ];
  const rounds = args.includes('--quick') ? 1 : 3;
  await bundle(root);
  const folder = mkdtempSync(join(tmpdir(), 'ringout-bridge-distance-'));
  try {
    const world = await openWorld(folder);
    const rows: Row[] = [];
    for (const name of answeringFunctions) {
      console.error(`… ${name}`);
      const figures = new Map<string, Figure>();
      for (let round = 0; round < rounds; round += 1) {
        await renewTokens(world.services);
        for (const distanceMs of distancesMs) {
          for (const { title, dist } of bundles) {
            await world.distance.ask({
              roundTripMs: { ringCentral: distanceMs, dynamoDb: awsTripMs, secrets: awsTripMs },
            });
            await measureOne(name, dist, world, (situation, ms, trips) => {
              const key = `${situation} ${title} ${distanceMs}`;
              const figure = figures.get(key) ?? { ms: [], trips };
              figure.ms.push(ms);
              figure.trips = trips;
              figures.set(key, figure);
            });
          }
        }
      }
      rows.push(...rowsOf(name, bundles, figures));
    }
    return rows;
  } finally {
    stopChildren();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openWorld(folder: string): Promise<World> {
  const near = await startServices();
  const certificate = demoCertificate();
  const authority = join(folder, 'authority.pem');
  writeFileSync(authority, certificate.ca);
  const targets = {
    ringCentral: near.ringCentralUrl,
    dynamoDb: near.environment['AWS_ENDPOINT_URL_DYNAMODB'],
    secrets: near.environment['AWS_ENDPOINT_URL_SECRETS_MANAGER'],
  };
  const distance: World['distance'] = startChild('distance.ts', { args: [JSON.stringify({ targets, certificate })] });
  const { urls } = await distance.ask({});
  await near.moveRingCentral(urls['ringCentral'] ?? '');
  const environment = {
    ...near.environment,
    AWS_ENDPOINT_URL_DYNAMODB: urls['dynamoDb'] ?? '',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: urls['secrets'] ?? '',
    NODE_EXTRA_CA_CERTS: authority,
  };
  const services = { ...near, environment };
  return { services, distance, calls: startContainer('call', services), folder };
}

async function measureOne(
  name: AnsweringFunction,
  dist: string,
  { services, distance, calls, folder }: World,
  note: (situation: Situation, ms: number, trips: string) => void,
): Promise<void> {
  const events = [...(await eventsFor(name, situations.length + settlingRequests, calls))];
  const eventFile = join(folder, 'event.json');
  writeFileSync(eventFile, JSON.stringify(events.shift()));
  await distance.ask({});
  const container = startForRequest(join(dist, name), eventFile, services);
  const tripsText = async (): Promise<string> => {
    const { ringCentral = 0, dynamoDb = 0, secrets = 0 } = (await distance.ask({})).trips;
    return `${ringCentral} + ${dynamoDb + secrets}`;
  };
  try {
    note('cold', mustSucceed(await container.ask({}), name).ms, await tripsText());
    for (let count = 0; count < settlingRequests; count += 1)
      mustSucceed(await container.ask({ event: events.shift() ?? {} }), name);
    for (const situation of ['warm', 'idle', 'thawed'] as const) {
      if (situation === 'thawed') await distance.ask({ cut: true });
      if (situation !== 'warm') await sleep(idleMs);
      await distance.ask({});
      const served = mustSucceed(await container.ask({ event: events.shift() ?? {} }), name);
      note(situation, served.ms, await tripsText());
    }
  } finally {
    container.stop();
  }
}

function rowsOf(
  name: AnsweringFunction,
  bundles: readonly { readonly title: string }[],
  figures: ReadonlyMap<string, Figure>,
): readonly Row[] {
  return situations.flatMap((situation) =>
    bundles.map(({ title }): Row => {
      const of = distancesMs.map((distanceMs) => figures.get(`${situation} ${title} ${distanceMs}`));
      return {
        section: `${name}: round trips to RingCentral + AWS, and its answer at ${distancesMs.join(' / ')} ms from RingCentral`,
        what: `${situation}${bundles.length > 1 ? `, ${title}` : ''}`,
        figure: of[0]?.trips ?? '-',
        ratio: `${of.map((figure) => Math.round(median(figure?.ms ?? []))).join(' / ')} ms`,
      };
    }),
  );
}
