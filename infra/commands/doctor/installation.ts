import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createTable } from '../../../lib/state/table.ts';
import { createUserStore } from '../../../lib/state/user-store.ts';
import { createSendLegacy } from '../legacy-endpoint/request.ts';
import { failed, skipped, type Check, type Section } from '../report/check.ts';
import { checkDocuments, type PlacedUser } from '../../secret-document/documents.ts';
import { checkEndpoint, checkList, skippedEndpoint } from './endpoint.ts';
import { readSecrets } from '../aws/secrets.ts';
import { checkStateTable } from './state-table.ts';
import { checkStoredToken } from './token-age.ts';
import { checkUser } from '../ringcentral-user/user-checks.ts';
import { checkUsers } from './users.ts';
import type { World } from '../world/world.ts';

/** The parts that a deployment and the local stack share; undefined for parts that were not found. */
export interface Installation {
  readonly secretIds: readonly string[];
  readonly secretsManager: Pick<SecretsManagerClient, 'send'> | undefined;
  readonly stateTable: string | undefined;
  readonly dynamoDb: Pick<DynamoDBClient, 'send'> | undefined;
  readonly baseUrl: string | undefined;
  readonly isLocal: boolean;
}

/** Checks secrets, state table, endpoint and every user. The results in `earlier` precede theirs. */
export async function checkInstallation(
  title: string,
  earlier: readonly Check[],
  installation: Installation,
  options: { readonly list: boolean },
  world: World,
): Promise<readonly Section[]> {
  const { stateTable, dynamoDb, baseUrl, isLocal } = installation;
  const { checks: secretChecks, users } = await secretsOf(installation, world);
  const table = stateTable === undefined || dynamoDb === undefined ? undefined : { client: dynamoDb, name: stateTable };
  if (table !== undefined) world.progress('looking at the state table ...');
  const tableChecks =
    table === undefined
      ? [skipped('state table', 'its name is not known'), skipped('stored tokens', 'the table is not known')]
      : await checkStateTable(table.client, table.name, { local: isLocal });

  if (baseUrl !== undefined) world.progress(`asking ${baseUrl} ...`);
  const send = baseUrl === undefined ? undefined : createSendLegacy(baseUrl, world.fetch);
  const endpoint =
    send === undefined
      ? skippedEndpoint('the address is not known: give it with --url')
      : await checkEndpoint(send, () => world.clock.random());

  const store = table && createUserStore(createTable(table.client, table.name, world.clock, () => {}));
  const userSections = await checkUsers(
    users,
    async (user) => [
      ...(await checkUser(user, world.ringCentral)),
      ...(store === undefined ? [] : [await checkStoredToken(store, user, world.clock.nowMs())]),
      ...(send === undefined || !options.list ? [] : [await checkList(send, user)]),
    ],
    world.progress,
    world.ringCentral.signal,
  );
  return [
    { title, checks: [...earlier, ...secretChecks, ...tableChecks] },
    { title: `Endpoint ${baseUrl ?? ''}`.trim(), checks: endpoint },
    ...userSections,
  ];
}

async function secretsOf(
  { secretIds, secretsManager }: Installation,
  world: World,
): Promise<{ readonly checks: readonly Check[]; readonly users: readonly PlacedUser[] }> {
  if (secretsManager === undefined) {
    return { checks: [skipped('secrets', 'not known here: check the file with --file')], users: [] };
  }
  if (secretIds.length === 0) {
    return { checks: [failed('secrets', 'none is configured', 'Set secretIds and deploy again.')], users: [] };
  }
  world.progress('reading the secrets ...');
  const { checks, documents } = await readSecrets(secretsManager, secretIds);
  const form = checkDocuments(documents);
  return { checks: [...checks, ...form.checks], users: form.users };
}
