import type { Value } from './cloudformation.ts';
import { ParameterError } from './parameter-error.ts';
import { regionMistake, regionOf } from './region.ts';
import type { ResolverContext } from './resolver.ts';

/** The result of the parameter secretIds. */
export interface Secrets {
  /** The value for the functions' environment. */
  readonly ids: string;
  /** The secret that the stack may create. */
  readonly first: string;
  /** The only secrets that a role may read. */
  readonly arns: readonly Value[];
}

const namePattern = /^[A-Za-z0-9/_+=.@-]{1,512}$/;
const arnPattern = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$/;

/**
 * Reads a YAML list or one comma-separated text. Each entry is a name in this account and region, or a complete ARN.
 *
 * @param options the target region, and whether the stack creates the first secret
 * @throws {ParameterError} if the list is empty, an entry is neither a name nor a complete ARN (such as `*`), an ARN is
 *   of another region, or the first is to be created but is an ARN
 */
export function secretsFor(
  secretIds: unknown,
  { region, createFirst }: { readonly region: string; readonly createFirst: boolean },
): Secrets {
  const text = typeof secretIds === 'string' ? secretIds : '';
  const list: readonly unknown[] = Array.isArray(secretIds) ? secretIds : text.split(',');
  const ids = list.map((id) => String(id).trim());
  const mistaken = ids.filter((id) => !namePattern.test(id) && !arnPattern.test(id));
  const [first] = ids;
  if (mistaken.length > 0 || first === undefined) {
    throw new ParameterError(
      `secretIds must list Secrets Manager names or complete ARNs; not ${mistaken.map((id) => `"${id}"`).join(', ')}. ` +
        'Set it in infra/params.local.yml or with --param="secretIds=ringout-bridge/prod".',
    );
  }
  const elsewhere = ids
    .filter((id) => arnPattern.test(id))
    .flatMap((arn) => regionMistake(`The secret ${arn}`, arn, region) ?? []);
  if (elsewhere.length > 0) throw new ParameterError(elsewhere.join('\n'));
  if (createFirst && arnPattern.test(first)) {
    throw new ParameterError(
      'secretIds begins with an ARN, so that secret exists already. Set createSecret=false, or name the secret to create first.',
    );
  }
  return { ids: ids.join(','), first, arns: ids.map(arnOf) };
}

/** Secrets Manager appends a hyphen and six characters to the name. They are unknown before the secret exists. */
function arnOf(id: string): Value {
  if (id.startsWith('arn:')) return id;
  return { 'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${id}-??????` };
}

/** Resolver for `custom` in serverless.yml. */
export async function resolveSecrets(context: ResolverContext): Promise<Secrets> {
  const { resolveVariable } = context;
  const createFirst = String(await resolveVariable('param:createSecret')) === 'true';
  return secretsFor(await resolveVariable('param:secretIds'), { region: await regionOf(context), createFirst });
}
