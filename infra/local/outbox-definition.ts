import { parse } from 'yaml';
import { asArray, asNumber, asObject, asText } from '../../lib/domain/untrusted.ts';
import { StartFailure } from './start-failure.ts';

/** A queue to create, with the attributes of SQS's CreateQueue that the local stand-in supports. */
export interface QueueDefinition {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The dead-letter queue for messages that were received too often. */
  readonly redrive: { readonly toQueue: string; readonly maxReceiveCount: number } | undefined;
}

/** The outbox's queue and its dead-letter queue. */
export interface OutboxQueues {
  readonly queue: QueueDefinition;
  readonly deadLetters: QueueDefinition;
}

/** Local values for the variables in the template's names. */
const variables: Readonly<Record<string, string>> = { '${self:service}': 'ringout-bridge', '${sls:stage}': 'local' };

/**
 * Reads the two queues of a CloudFormation file: the one with a redrive policy and the one that it names. Omits
 * attributes that the file takes from elsewhere, such as a retention that is a parameter. `name` appears in the message
 * of the {@link StartFailure} if the queues are missing.
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
