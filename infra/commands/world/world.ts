import { readFile } from 'node:fs/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../../../lib/domain/ports.ts';
import { createSend } from '../../../lib/ringcentral/sdk.ts';
import { systemClock } from '../../../lib/runtime/clock.ts';
import { version } from '../../../lib/runtime/runtime.ts';
import { createAwsCli, type AwsCli } from '../aws/aws-cli.ts';
import { clientOptions, type AwsPlace } from '../aws/place.ts';
import type { RingCentral } from '../ringcentral-user/signed-in.ts';

/** The external dependencies of the doctor and the faxes command, which tests replace. */
export interface World {
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly ringCentral: RingCentral;
  readonly fetch: typeof fetch;
  awsCli(region: string): AwsCli;
  dynamoDb(place: AwsPlace): DynamoDBClient;
  secretsManager(place: AwsPlace): SecretsManagerClient;
  sqs(place: AwsPlace): SQSClient;
  readFile(path: string): Promise<string>;
  /** Prints the report on standard output. */
  readonly print: (text: string) => void;
  /** Prints progress on standard error. */
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
    sqs: (place) => new SQSClient(clientOptions(place)),
    readFile: (path) => readFile(path, 'utf8'),
    print: (text) => process.stdout.write(`${text}\n`),
    progress: (line) => process.stderr.write(`${line}\n`),
  };
}
