import { asArray, asCount, asObject, asText, type Json } from '../../../lib/domain/untrusted.ts';
import { failed, passed, shown, skipped, type Check } from '../report/check.ts';
import type { AwsCli, AwsCliResult } from './aws-cli.ts';
import { awsFailed } from './aws-failure.ts';
import { secretIdsIn } from '../../../lib/runtime/config.ts';

/** The parts of a deployment that the checks use; undefined for parts that the stack lacks. */
export interface Stack {
  readonly apiId: string | undefined;
  readonly stateTable: string | undefined;
  readonly secretIds: readonly string[];
  readonly outbox: OutboxParts;
  /** The address that legacy programs call: the custom domain if there is one. Has no trailing slash. */
  readonly baseUrl: string | undefined;
}

/**
 * The parts of the outbox. A part is undefined if the stack lacks it, for example because an earlier version deployed
 * it.
 */
export interface OutboxParts {
  readonly bucket: string | undefined;
  readonly queueUrl: string | undefined;
  /** Id of the event source mapping from the queue to the function. */
  readonly mappingId: string | undefined;
  /** The parameter `outboxHours`. */
  readonly hours: number | undefined;
}

/** The result of reading the stack. `cli` says whether later checks can use the AWS CLI. */
export interface StackReading {
  readonly check: Check;
  readonly cli: 'usable' | 'missing';
  readonly stack: Stack | undefined;
}

const name = 'stack';

/** The logical id that the CLI gives the event source mapping of the function. */
export const mappingLogicalId = 'SendDashfaxEventSourceMappingSQSOutboxQueue';

/** Reads the resources of a CloudFormation stack. */
export async function readStack(aws: AwsCli, stackName: string): Promise<StackReading> {
  const described = await aws('cloudformation', 'describe-stacks', '--stack-name', stackName);
  if (described.kind === 'missing') {
    return {
      check: skipped(name, 'the aws command is not installed: the stack and its API are not looked at'),
      cli: 'missing',
      stack: undefined,
    };
  }
  if (described.kind === 'failed') return unreadable(described.code, 'cloudformation:DescribeStacks', stackName);
  // describe-stack-resources stops at 100 resources, and this stack has more. list-stack-resources follows the pages
  // itself.
  const listed = await aws('cloudformation', 'list-stack-resources', '--stack-name', stackName);
  if (listed.kind !== 'answered') return unreadable(codeOf(listed), 'cloudformation:ListStackResources', stackName);

  const stack = asObject(asArray(asObject(described.json)?.['Stacks'])[0]) ?? {};
  return { check: checkStatus(stack, stackName), cli: 'usable', stack: readParts(stack, listed.json) };
}

function codeOf(result: AwsCliResult): string {
  return result.kind === 'failed' ? result.code : result.kind;
}

function unreadable(code: string, action: string, stackName: string): StackReading {
  const remedy = `Look at the stage and the region; deploy ${stackName} if it is not there yet.`;
  return { check: awsFailed(name, code, action, remedy), cli: 'usable', stack: undefined };
}

function checkStatus(stack: Json, stackName: string): Check {
  const status = asText(stack['StackStatus']) ?? '';
  if (status.endsWith('_IN_PROGRESS')) {
    return failed(name, `${stackName}: ${shown(status)}`, 'Run the doctor again when the deployment is finished.');
  }
  if (status.endsWith('_FAILED') || status.includes('ROLLBACK')) {
    return failed(
      name,
      `${stackName}: ${shown(status)}`,
      `The last deployment failed. See why: aws cloudformation describe-stack-events --stack-name ${stackName}`,
    );
  }
  return passed(name, `${stackName}: ${shown(status)}`);
}

function readParts(stack: Json, listed: unknown): Stack {
  const outputs = keyed(stack['Outputs'], 'OutputKey', 'OutputValue');
  const resources = keyed(asObject(listed)?.['StackResourceSummaries'], 'LogicalResourceId', 'PhysicalResourceId');
  const domain = resources.get('CustomDomain');
  const address = domain === undefined ? outputs.get('ServiceEndpoint') : `https://${domain}`;
  return {
    apiId: resources.get('ApiGatewayRestApi'),
    stateTable: resources.get('StateTable'),
    secretIds: secretIdsIn(outputs.get('SecretIds') ?? ''),
    outbox: {
      bucket: resources.get('OutboxBucket'),
      queueUrl: resources.get('OutboxQueue'),
      mappingId: resources.get(mappingLogicalId),
      hours: asCount(outputs.get('OutboxHours')?.replace(' hours', '')),
    },
    baseUrl: address?.replace(/\/+$/, ''),
  };
}

function keyed(list: unknown, key: string, value: string): ReadonlyMap<string, string> {
  const pairs = asArray(list).flatMap((entry): readonly (readonly [string, string])[] => {
    const [id, text] = [asText(asObject(entry)?.[key]), asText(asObject(entry)?.[value])];
    return id === undefined || text === undefined ? [] : [[id, text]];
  });
  return new Map(pairs);
}
