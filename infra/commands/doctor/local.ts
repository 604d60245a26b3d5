import { asArray, asObject, asText, parseJson } from '../../../lib/domain/untrusted.ts';
import { isLoopbackUrl } from '../legacy-endpoint/base-url.ts';
import { failed, passed, skipped, type Check, type Section } from '../report/check.ts';
import { checkInstallation, type Installation } from './installation.ts';
import type { World } from './world.ts';

/** What `--local` looks at. */
export interface LocalOptions {
  /** `http://localhost:3000`, without a slash at the end. */
  readonly url: string;
  /** Asks the legacy endpoint for each user's list. */
  readonly list: boolean;
}

/** The stand-ins serve any; this one is what `npm start` tells the functions. */
const region = 'us-east-1';
const timeoutMs = 10_000;

/** Checks what `npm start` runs. Where its stand-ins for AWS are, its console says. */
export async function checkLocal({ url, list }: LocalOptions, world: World): Promise<readonly Section[]> {
  const title = `Local stack ${url}`;
  world.progress(`reading the settings of ${url} ...`);
  const settings = await readSettings(url, world.fetch);
  if (settings.kind === 'no answer') {
    return [
      { title, checks: [failed('local stack', 'nothing answers there', 'Start it with npm start, or give --url.')] },
    ];
  }
  const { services } = settings;
  const dynamoDb = services && world.dynamoDb({ region, endpoint: services.dynamoDbUrl });
  const secretsManager = services && world.secretsManager({ region, endpoint: services.secretsManagerUrl });
  const installation: Installation = {
    secretIds: services?.secretIds ?? [],
    secretsManager,
    stateTable: services?.stateTable,
    dynamoDb,
    baseUrl: url,
    isLocal: true,
  };
  try {
    return await checkInstallation(title, [stackCheck(services)], installation, { list }, world);
  } finally {
    dynamoDb?.destroy();
    secretsManager?.destroy();
  }
}

function stackCheck(services: Services | undefined): Check {
  return services === undefined
    ? skipped('local stack', 'it does not say where its table and its secrets are')
    : passed('local stack', 'running');
}

/** Where the local stack's stand-ins listen. */
interface Services {
  readonly dynamoDbUrl: string;
  readonly stateTable: string;
  readonly secretsManagerUrl: string;
  readonly secretIds: readonly string[];
}

type Settings = { readonly kind: 'no answer' } | { readonly kind: 'answer'; readonly services: Services | undefined };

async function readSettings(url: string, send: typeof fetch): Promise<Settings> {
  try {
    const answer = await send(`${url}/console/settings`, { signal: AbortSignal.timeout(timeoutMs) });
    const text = await answer.text();
    return { kind: 'answer', services: answer.ok ? readServices(parseJson(text)) : undefined };
  } catch {
    return { kind: 'no answer' };
  }
}

/** Undefined unless everything is there and on this computer: credentials go to no other address. */
function readServices(settings: unknown): Services | undefined {
  const services = asObject(asObject(settings)?.['services']);
  const dynamoDbUrl = asText(services?.['dynamoDbUrl']);
  const stateTable = asText(services?.['stateTable']);
  const secretsManagerUrl = asText(services?.['secretsManagerUrl']);
  if (dynamoDbUrl === undefined || stateTable === undefined || secretsManagerUrl === undefined) return undefined;
  if (!isLoopbackUrl(dynamoDbUrl) || !isLoopbackUrl(secretsManagerUrl)) return undefined;
  const secretIds = asArray(services?.['secretIds']).filter((id) => typeof id === 'string');
  return { dynamoDbUrl, stateTable, secretsManagerUrl, secretIds };
}
