import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asArray, asObject, asText, parseJson } from '../../lib/domain/untrusted.ts';

/** The addresses of the stack's AWS stand-ins, and their access key. */
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
 * Returns the path of the file in which a stack lists its services for `npm run doctor -- --local`. It is in a folder
 * of the project that git ignores.
 *
 * @param port the gateway's port
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

/** Writes the file with access for its owner only. Resolves with a function that removes it. */
export async function writeServicesFile(port: number, services: LocalServices): Promise<() => Promise<void>> {
  const file = servicesFile(port);
  const remove = (): Promise<void> => rm(file, { force: true });
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // The mode applies only to a new file, so a link or a file of a killed stack is removed first.
  await remove();
  await writeFile(file, JSON.stringify(services), { mode: 0o600, flag: 'wx' });
  return remove;
}

/** Parses the file. Returns undefined if a field is missing. */
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
