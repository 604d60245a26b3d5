import { readFile } from 'node:fs/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../../../lib/domain/ports.ts';
import { createSend } from '../../../lib/ringcentral/sdk.ts';
import { systemClock } from '../../../lib/runtime/clock.ts';
import { version } from '../../../lib/runtime/runtime.ts';
import { createAwsCli, type AwsCli } from '../aws/aws-cli.ts';
import type { RingCentral } from '../ringcentral-user/ringcentral.ts';

/** Where an AWS service is; a stand-in on this computer wants an access key id of its own, and no real credentials. */
export interface AwsPlace {
  readonly region: string;
  readonly standIn?: { readonly endpoint: string; readonly accessKeyId: string };
}

/** Everything outside of the doctor. Tests put their own in place of it. */
export interface World {
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly ringCentral: RingCentral;
  readonly fetch: typeof fetch;
  awsCli(region: string): AwsCli;
  dynamoDb(place: AwsPlace): DynamoDBClient;
  secretsManager(place: AwsPlace): SecretsManagerClient;
  readFile(path: string): Promise<string>;
  /** The report, on standard output. */
  readonly print: (text: string) => void;
  /** What is being done, on standard error. */
  readonly progress: (line: string) => void;
}

/** @param signal ends the checks early */
export function realWorld(signal: AbortSignal): World {
  const environment = process.env;
  return {
    environment,
    clock: systemClock,
    ringCentral: { send: createSend(systemClock, version), clock: systemClock, signal },
    fetch,
    awsCli: (region) => createAwsCli(region, environment),
    dynamoDb: (place) => new DynamoDBClient(clientOptions(place)),
    secretsManager: (place) => new SecretsManagerClient(clientOptions(place)),
    readFile: (path) => readFile(path, 'utf8'),
    print: (text) => process.stdout.write(`${text}\n`),
    progress: (line) => process.stderr.write(`${line}\n`),
  };
}

/** Patient enough for a person far from the region, and not for minutes. */
const limits = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 5000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

function clientOptions({ region, standIn }: AwsPlace) {
  if (standIn === undefined) return { region, ...limits };
  const { endpoint, accessKeyId } = standIn;
  return { region, endpoint, credentials: { accessKeyId, secretAccessKey: 'local' }, ...limits };
}
