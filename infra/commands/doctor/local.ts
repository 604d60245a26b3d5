import { localAws } from '../../local/local-aws.ts';
import type { LocalServices } from '../../local/services-file.ts';
import { localServices } from '../local-stack/local-services.ts';
import type { AwsPlace } from '../aws/place.ts';
import { failed, passed, skipped, type Check, type Section } from '../report/check.ts';
import { checkInstallation, type Installation } from './installation.ts';
import { checkLocalQueue } from './outbox.ts';
import type { World } from '../world/world.ts';

/** The options of `--local`. */
export interface LocalOptions {
  /** `http://localhost:3000`, without a trailing slash. */
  readonly url: string;
  /** Requests each user's list from the legacy endpoint. */
  readonly list: boolean;
}

const timeoutMs = 10_000;

/** Checks the stack of `npm start`. Its services file holds the addresses and the access key of its AWS stand-ins. */
export async function checkLocal({ url, list }: LocalOptions, world: World): Promise<readonly Section[]> {
  const title = `Local stack ${url}`;
  world.progress(`looking for the local stack at ${url} ...`);
  if (!(await isRunning(url, world.fetch))) {
    return [
      { title, checks: [failed('local stack', 'nothing answers there', 'Start it with npm start, or give --url.')] },
    ];
  }
  const services = await localServices(url, world);
  const dynamoDb = services && world.dynamoDb(standIn(services.dynamoDbUrl, services.accessKeyId));
  const secretsManager = services && world.secretsManager(standIn(services.secretsManagerUrl, services.accessKeyId));
  const installation: Installation = {
    secretIds: services?.secretIds ?? [],
    secretsManager,
    stateTable: services?.stateTable,
    dynamoDb,
    baseUrl: url,
    isLocal: true,
  };
  try {
    const stackChecks = [stackCheck(services), ...(await queueCheck(services, world))];
    return await checkInstallation(title, stackChecks, installation, { list }, world);
  } finally {
    dynamoDb?.destroy();
    secretsManager?.destroy();
  }
}

function stackCheck(services: LocalServices | undefined): Check {
  return services === undefined
    ? skipped(
        'local stack',
        'its services file is not here: only who started it, in this folder, may read its table and its secrets',
      )
    : passed('local stack', 'running');
}

async function queueCheck(services: LocalServices | undefined, world: World): Promise<readonly Check[]> {
  if (services === undefined) return [];
  const sqs = world.sqs(standIn(services.sqsUrl, services.accessKeyId));
  try {
    return [await checkLocalQueue(sqs, services.outboxQueueUrl)];
  } finally {
    sqs.destroy();
  }
}

const standIn = (endpoint: string, accessKeyId: string): AwsPlace => ({
  region: localAws.region,
  standIn: { endpoint, accessKeyId },
});

/** Whether a server listens. Every answer counts, whatever its content. */
async function isRunning(url: string, send: typeof fetch): Promise<boolean> {
  try {
    await (await send(`${url}/console/settings`, { signal: AbortSignal.timeout(timeoutMs) })).text();
    return true;
  } catch {
    return false;
  }
}
