import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Check, Section } from '../report/check.ts';
import { checkGateway, skippedGateway } from './gateway.ts';
import { checkInstallation } from './installation.ts';
import { secretIdsIn } from '../../../lib/runtime/config.ts';
import { checkOutbox, skippedOutbox } from './outbox.ts';
import { readStack } from '../aws/stack.ts';
import { findStateTable } from './state-table.ts';
import { service } from '../aws/deployment-name.ts';
import type { World } from '../world/world.ts';

/** The options of `--stage`. */
export interface DeploymentOptions {
  readonly stage: string;
  readonly region: string;
  /** Replaces the address that the stack names. */
  readonly url: string | undefined;
  /** Requests each user's list from the legacy endpoint. */
  readonly list: boolean;
}

/** Checks a deployed stage. Uses the AWS credentials of the environment. */
export async function checkDeployment(options: DeploymentOptions, world: World): Promise<readonly Section[]> {
  const { stage, region } = options;
  const stackName = `${service}-${stage}`;
  const aws = world.awsCli(region);
  world.progress(`reading the stack ${stackName} ...`);
  const { check, cli, stack } = await readStack(aws, stackName);
  const title = `Deployment ${stackName} in ${region}`;
  // Without the stack there is nothing to check. Without the AWS CLI most checks can still run.
  if (stack === undefined && cli === 'usable') return [{ title, checks: [check] }];

  const dynamoDb = world.dynamoDb({ region });
  const secretsManager = world.secretsManager({ region });
  if (stack?.apiId !== undefined) world.progress('asking API Gateway how the API is set ...');
  const gateway: readonly Check[] =
    stack?.apiId === undefined
      ? skippedGateway(stack === undefined ? 'needs the aws command' : 'the stack has no API')
      : await checkGateway(aws, stack.apiId, stage);
  if (stack !== undefined) world.progress('looking at the outbox ...');
  const outbox = stack === undefined ? skippedOutbox('needs the aws command') : await checkOutbox(aws, stack.outbox);
  try {
    return await checkInstallation(
      title,
      [check, ...gateway, ...outbox],
      {
        secretIds: stack?.secretIds ?? secretIdsFor(stage, world.environment),
        secretsManager,
        stateTable: stack === undefined ? await guessStateTable(dynamoDb, stackName, world) : stack.stateTable,
        dynamoDb,
        baseUrl: options.url ?? stack?.baseUrl,
        isLocal: false,
      },
      options,
      world,
    );
  } finally {
    dynamoDb.destroy();
    secretsManager.destroy();
  }
}

/** The environment variable of the functions if it is set here, otherwise the default of infra/params.yml. */
function secretIdsFor(stage: string, environment: NodeJS.ProcessEnv): readonly string[] {
  const given = secretIdsIn(environment['SECRET_IDS'] ?? '');
  return given.length > 0 ? given : [`${service}/${stage}`];
}

async function guessStateTable(client: DynamoDBClient, stackName: string, world: World): Promise<string | undefined> {
  const given = world.environment['STATE_TABLE']?.trim() ?? '';
  if (given !== '') return given;
  world.progress('looking for the state table ...');
  try {
    return await findStateTable(client, stackName);
  } catch {
    // The caller reports a table with an unknown name.
    return undefined;
  }
}
