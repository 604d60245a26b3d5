import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { User } from '../../../lib/domain/user.ts';
import { phoneRules } from '../../../lib/legacy/phone-number.ts';
import { readSecretDocument } from '../../../lib/runtime/secret-document.ts';
import { localAws } from '../../local/local-aws.ts';
import { regionOf, service } from '../aws/deployment-name.ts';
import { readSecrets } from '../aws/secrets.ts';
import { readStack } from '../aws/stack.ts';
import { localServices, localUrl } from '../local-stack/local-services.ts';
import type { AwsPlace } from '../aws/place.ts';
import type { World } from '../world/world.ts';
import type { Where } from './arguments.ts';

/** The outbox of one installation, with the operator's access. */
export interface Outbox {
  /** `ringout-bridge-prod in us-east-1`. */
  readonly name: string;
  /** The arguments that name the outbox, for commands that the output suggests. */
  readonly args: string;
  readonly dynamoDb: DynamoDBClient;
  readonly stateTable: string;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly maxAgeMs: number;
  /** The users of all readable secrets, by key. */
  users(): Promise<ReadonlyMap<string, User>>;
  close(): void;
}

/** The default of infra/params.yml. */
const defaultHours = 24;

/** Opens the outbox. Returns a text with cause and remedy when it cannot be found. */
export function openOutbox(where: Where, world: World): Promise<Outbox | string> {
  switch (where.kind) {
    case 'deployed':
      return openDeployed(where, world);
    case 'local':
      return openLocal(where, world);
  }
}

async function openDeployed(
  { stage, region: given }: Extract<Where, { kind: 'deployed' }>,
  world: World,
): Promise<Outbox | string> {
  const region = regionOf(given, world.environment);
  const stackName = `${service}-${stage}`;
  world.progress(`reading the stack ${stackName} ...`);
  const { cli, check, stack } = await readStack(world.awsCli(region), stackName);
  if (cli === 'missing') return 'The aws command is not installed: npm run faxes finds the stack through it.';
  if (stack === undefined) return `${check.detail}\n${'remedy' in check ? check.remedy : ''}`.trim();
  const { stateTable, secretIds, outbox } = stack;
  if (stateTable === undefined || outbox.queueUrl === undefined) {
    return `${stackName} has no outbox: it was deployed by an earlier version. Deploy again.`;
  }
  const place: AwsPlace = { region };
  return {
    name: `${stackName} in ${region}`,
    args: `--stage ${stage}${given === undefined ? '' : ` --region ${given}`}`,
    ...opened({ dynamoDb: place, secretsManager: place, sqs: place }, secretIds, world),
    stateTable,
    queueUrl: outbox.queueUrl,
    maxAgeMs: (outbox.hours ?? defaultHours) * 3_600_000,
  };
}

async function openLocal({ url }: Extract<Where, { kind: 'local' }>, world: World): Promise<Outbox | string> {
  const services = await localServices(url, world);
  if (services === undefined) {
    return `No local stack of yours runs at ${url}. Start it with npm start in this folder, or give --url.`;
  }
  const { sqsUrl, outboxQueueUrl } = services;
  const standIn = (endpoint: string): AwsPlace => ({
    region: localAws.region,
    standIn: { endpoint, accessKeyId: services.accessKeyId },
  });
  const places = {
    dynamoDb: standIn(services.dynamoDbUrl),
    secretsManager: standIn(services.secretsManagerUrl),
    sqs: standIn(sqsUrl),
  };
  return {
    name: `the local stack ${url}`,
    args: url === localUrl(world.environment) ? '--local' : `--local --url ${url}`,
    ...opened(places, services.secretIds, world),
    stateTable: services.stateTable,
    queueUrl: outboxQueueUrl,
    maxAgeMs: defaultHours * 3_600_000,
  };
}

function opened(
  places: Readonly<Record<'dynamoDb' | 'secretsManager' | 'sqs', AwsPlace>>,
  secretIds: readonly string[],
  world: World,
): Pick<Outbox, 'dynamoDb' | 'sqs' | 'users' | 'close'> {
  const dynamoDb = world.dynamoDb(places.dynamoDb);
  const sqs = world.sqs(places.sqs);
  return {
    dynamoDb,
    sqs,
    async users() {
      const secretsManager = world.secretsManager(places.secretsManager);
      try {
        const { checks, documents } = await readSecrets(secretsManager, secretIds);
        for (const check of checks) if (check.outcome === 'failed') world.progress(`${check.name}: ${check.detail}`);
        const users = documents.flatMap(({ text }) => {
          const read = readSecretDocument(text, phoneRules);
          return read.ok ? read.users : [];
        });
        return new Map(users.map((user) => [user.key, user]));
      } finally {
        secretsManager.destroy();
      }
    },
    close() {
      dynamoDb.destroy();
      sqs.destroy();
    },
  };
}
