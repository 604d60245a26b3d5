import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asArray, asObject, asText, parseJson } from '../../lib/domain/untrusted.ts';

/** Where the stack's stand-ins for AWS listen, and what opens them. */
export interface LocalServices {
  readonly dynamoDbUrl: string;
  readonly stateTable: string;
  readonly secretsManagerUrl: string;
  readonly secretIds: readonly string[];
  readonly s3Url: string;
  readonly sqsUrl: string;
  readonly outboxBucket: string;
  readonly outboxQueueUrl: string;
  readonly outboxDeadLettersUrl: string;
  readonly accessKeyId: string;
}

/**
 * Where a stack tells `npm run doctor -- --local` of its services: below the project, in a folder that git ignores.
 *
 * @param port the gateway's
 */
export function servicesFile(port: number): string {
  return join(
    import.meta.dirname,
    '..',
    '..',
    'node_modules',
    '.cache',
    'ringout-bridge',
    `local-services-${port}.json`,
  );
}

/** Writes the file anew, for its owner's eyes only; what it resolves with removes it. */
export async function writeServicesFile(port: number, services: LocalServices): Promise<() => Promise<void>> {
  const file = servicesFile(port);
  const remove = (): Promise<void> => rm(file, { force: true });
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // A mode counts only for a file that is made: one that is left of a killed stack, or a link, goes first.
  await remove();
  await writeFile(file, JSON.stringify(services), { mode: 0o600, flag: 'wx' });
  return remove;
}

/** What the file says; undefined unless everything is there. */
export function readServices(text: string): LocalServices | undefined {
  const services = asObject(parseJson(text));
  if (services === undefined) return undefined;
  const texts = Object.fromEntries(textNames.map((name) => [name, asText(services[name])] as const));
  if (!hasAll(texts)) return undefined;
  const secretIds = asArray(services['secretIds']).filter((id) => typeof id === 'string');
  return { ...texts, secretIds };
}

type Texts = Omit<LocalServices, 'secretIds'>;

const textNames = [
  'dynamoDbUrl',
  'stateTable',
  'secretsManagerUrl',
  's3Url',
  'sqsUrl',
  'outboxBucket',
  'outboxQueueUrl',
  'outboxDeadLettersUrl',
  'accessKeyId',
] as const satisfies readonly (keyof Texts)[];

function hasAll(texts: Readonly<Record<string, string | undefined>>): texts is Texts & Record<string, string> {
  return textNames.every((name) => texts[name] !== undefined);
}
