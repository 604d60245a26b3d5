import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asArray, asObject, asText, parseJson } from '../../lib/domain/untrusted.ts';

/** Where the stack's stand-ins for AWS listen, and what opens them. */
export interface LocalServices {
  readonly dynamoDbUrl: string;
  readonly stateTable: string;
  readonly secretsManagerUrl: string;
  readonly secretIds: readonly string[];
  readonly accessKeyId: string;
  /** Of the queue where faxes wait to be sent. */
  readonly sqsUrl?: string;
  readonly outboxQueueUrl?: string;
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
  const dynamoDbUrl = asText(services?.['dynamoDbUrl']);
  const stateTable = asText(services?.['stateTable']);
  const secretsManagerUrl = asText(services?.['secretsManagerUrl']);
  const accessKeyId = asText(services?.['accessKeyId']);
  if (dynamoDbUrl === undefined || stateTable === undefined) return undefined;
  if (secretsManagerUrl === undefined || accessKeyId === undefined) return undefined;
  const secretIds = asArray(services?.['secretIds']).filter((id) => typeof id === 'string');
  const sqsUrl = asText(services?.['sqsUrl']);
  const outboxQueueUrl = asText(services?.['outboxQueueUrl']);
  return {
    dynamoDbUrl,
    stateTable,
    secretsManagerUrl,
    secretIds,
    accessKeyId,
    ...(sqsUrl === undefined || outboxQueueUrl === undefined ? {} : { sqsUrl, outboxQueueUrl }),
  };
}
