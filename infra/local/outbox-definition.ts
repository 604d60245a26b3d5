import { parse } from 'yaml';
import { asArray, asNumber, asObject, asText } from '../../lib/domain/untrusted.ts';
import { StartFailure } from './start-failure.ts';

/** A queue to make, with the attributes of SQS's CreateQueue that have a local counterpart. */
export interface QueueDefinition {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Where messages go that were received too often. */
  readonly redrive: { readonly toQueue: string; readonly maxReceiveCount: number } | undefined;
}

/** The queue of the outbox and that of its dead letters. */
export interface OutboxQueues {
  readonly queue: QueueDefinition;
  readonly deadLetters: QueueDefinition;
}

/** How the names that the template puts together come out locally. */
const variables: Readonly<Record<string, string>> = { '${self:service}': 'ringout-bridge', '${sls:stage}': 'local' };

/**
 * The two queues of a CloudFormation file: the one with a redrive policy, and the one that it names. Attributes that the
 * file takes from elsewhere, such as a retention that is a parameter, are left out. `name` is for the message of the
 * {@link StartFailure} when they are not there.
 */
export function outboxQueues(cloudFormation: string, name: string): OutboxQueues {
  const resources = Object.entries(asObject(asObject(parse(cloudFormation))?.['Resources']) ?? {});
  const queues = resources.flatMap(([logicalId, resource]) => {
    const properties =
      asObject(resource)?.['Type'] === 'AWS::SQS::Queue' ? asObject(asObject(resource)?.['Properties']) : undefined;
    return properties === undefined ? [] : [{ logicalId, properties }];
  });
  const main = queues.find(({ properties }) => 'RedrivePolicy' in properties);
  const policy = asObject(main?.properties['RedrivePolicy']);
  const target = asText(asArray(asObject(policy?.['deadLetterTargetArn'])?.['Fn::GetAtt'])[0]);
  const dead = queues.find(({ logicalId }) => logicalId === target);
  const maxReceiveCount = asNumber(policy?.['maxReceiveCount']);
  if (main === undefined || dead === undefined || maxReceiveCount === undefined) {
    throw new StartFailure(`${name} defines no AWS::SQS::Queue with a RedrivePolicy to another one.`);
  }
  const deadLetters = { ...named(dead), redrive: undefined };
  return { queue: { ...named(main), redrive: { toQueue: deadLetters.name, maxReceiveCount } }, deadLetters };
}

function named({ logicalId, properties }: { logicalId: string; properties: Readonly<Record<string, unknown>> }) {
  const { QueueName: given, ...others } = properties;
  let name = asText(given) ?? `${logicalId}.fifo`;
  for (const [variable, value] of Object.entries(variables)) name = name.replaceAll(variable, value);
  const attributes = Object.entries(others).filter(
    ([, value]) => ['boolean', 'number'].includes(typeof value) || (typeof value === 'string' && !value.includes('${')),
  );
  return { name, attributes: Object.fromEntries(attributes.map(([key, value]) => [key, String(value)])) };
}
