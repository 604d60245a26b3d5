import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AttributeDefinition, KeySchemaElement } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { parse } from 'yaml';
import { asObject } from '../../lib/domain/untrusted.ts';
import { askStandIn } from './ask-stand-in.ts';
import { guardStandIn } from './guard.ts';
import { closer, listen } from './listen.ts';
import { StartFailure } from './start-failure.ts';

/** DynamoDB in this process, with the state table. Stopping deletes its contents. */
export interface LocalStateTable {
  readonly url: string;
  readonly tableName: string;
  readonly server: Server;
  close(): Promise<void>;
}

/** The keys decide whether an item can be stored and found. The rest of the definition has no local equivalent. */
export interface TableKeys {
  readonly keySchema: readonly KeySchemaElement[];
  readonly attributeDefinitions: readonly AttributeDefinition[];
}

/**
 * Starts dynalite on a free port with a table made from the deployed definition, so that local and deployed keys cannot
 * differ. It accepts only this process's access key.
 */
export async function startStateTable(definitionFile: string, tableName: string): Promise<LocalStateTable> {
  const keys = tableKeys(await readFile(definitionFile, 'utf8'), definitionFile);
  const server = dynalite({ createTableMs: 0 });
  guardStandIn(server);
  const close = closer(server);
  const url = `http://127.0.0.1:${await listen(server, 0)}`;
  try {
    await askStandIn(url, {
      target: 'DynamoDB_20120810.CreateTable',
      body: {
        TableName: tableName,
        KeySchema: keys.keySchema,
        AttributeDefinitions: keys.attributeDefinitions,
        BillingMode: 'PAY_PER_REQUEST',
      },
    });
    // Requests to a table in CREATING fail with "not found".
    while (!(await isActive(url, tableName)));
  } catch (error) {
    await close();
    throw error;
  }
  return { url, tableName, server, close };
}

async function isActive(url: string, tableName: string): Promise<boolean> {
  const answer = await askStandIn(url, { target: 'DynamoDB_20120810.DescribeTable', body: { TableName: tableName } });
  return asObject(asObject(answer)?.['Table'])?.['TableStatus'] === 'ACTIVE';
}

/**
 * Returns the keys of the only AWS::DynamoDB::Table in a CloudFormation file. Throws a {@link StartFailure} that
 * mentions `name` if there is none.
 */
export function tableKeys(cloudFormation: string, name: string): TableKeys {
  const properties = findTable(parse(cloudFormation, { logLevel: 'silent' }))?.['Properties'];
  const keySchema = isRecord(properties) ? properties['KeySchema'] : undefined;
  const attributeDefinitions = isRecord(properties) ? properties['AttributeDefinitions'] : undefined;
  if (!Array.isArray(keySchema) || !Array.isArray(attributeDefinitions)) {
    throw new StartFailure(`${name} defines no AWS::DynamoDB::Table with KeySchema and AttributeDefinitions.`);
  }
  return {
    keySchema: keySchema as KeySchemaElement[],
    attributeDefinitions: attributeDefinitions as AttributeDefinition[],
  };
}

function findTable(node: unknown): Record<string, unknown> | undefined {
  if (!isRecord(node)) return undefined;
  if (node['Type'] === 'AWS::DynamoDB::Table') return node;
  for (const child of Object.values(node)) {
    const table = findTable(child);
    if (table !== undefined) return table;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
