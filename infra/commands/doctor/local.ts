import { localAws } from '../../local/local-aws.ts';
import type { LocalServices } from '../../local/services-file.ts';
import { localServices } from '../local-stack/local-services.ts';
import type { AwsPlace } from '../aws/place.ts';
import { failed, passed, skipped, type Check, type Section } from '../report/check.ts';
import { checkInstallation, type Installation } from './installation.ts';
import { checkLocalQueue } from './outbox.ts';
import type { World } from '../world/world.ts';

/** What `--local` looks at. */
export interface LocalOptions {
  /** `http://localhost:3000`, without a slash at the end. */
  readonly url: string;
  /** Asks the legacy endpoint for each user's list. */
  readonly list: boolean;
}

const timeoutMs = 10_000;

/** Checks what `npm start` runs. Where its stand-ins for AWS are, and their key, stand in its services file. */
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
    const own = [stackCheck(services), ...(await queueCheck(services, world))];
    return await checkInstallation(title, own, installation, { list }, world);
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

/** Whether anything answers; what it says does not matter, because any answer is a running server's. */
async function isRunning(url: string, send: typeof fetch): Promise<boolean> {
  try {
    await (await send(`${url}/console/settings`, { signal: AbortSignal.timeout(timeoutMs) })).text();
    return true;
  } catch {
    return false;
  }
}
