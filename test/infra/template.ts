import type { Value } from '../../infra/cloudformation.ts';

export type { Value };
export type Properties = { readonly [key: string]: Value };

export interface Resource {
  readonly Type: string;
  readonly Properties?: Properties;
  readonly Metadata?: Properties;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Conditions?: Readonly<Record<string, Value>>;
  readonly Outputs?: Readonly<Record<string, Output>>;
}

export interface Output {
  readonly Condition?: string;
  readonly Value: Value;
}

/** Resources as CloudFormation would create them: conditions evaluated, intrinsic functions replaced by text. */
export type Stack = Readonly<Record<string, Resource>>;

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '123456789012',
  'AWS::URLSuffix': 'amazonaws.com',
};

const noValue = Symbol('AWS::NoValue');

/**
 * Evaluates a template to a stack. `Ref` becomes the logical id, `Fn::GetAtt` `<logical id>.<attribute>`.
 *
 * @param decided values of conditions that replace those of the template
 * @throws if the template uses an intrinsic function that is unknown here, or if a property, a DependsOn or an output
 *   refers to a resource that is not created, since CloudFormation refuses such a template
 */
export function createStack(template: Template, decided: Readonly<Record<string, boolean>> = {}): Stack {
  const conditionHolds = (name: string): boolean => {
    const condition = template.Conditions?.[name];
    if (condition === undefined) throw new Error(`No condition ${name}`);
    return decided[name] ?? truth(condition);
  };
  const created = Object.entries(template.Resources).filter(
    ([, { Condition }]) => Condition === undefined || conditionHolds(Condition),
  );
  const ids = new Set(created.map(([id]) => id));

  function refer(id: string): string {
    if (!ids.has(id)) throw new Error(`${id} is referred to but not created`);
    return id;
  }

  function evaluate(value: Value): Value | typeof noValue {
    if (Array.isArray(value)) return value.map(evaluate).filter((each) => each !== noValue);
    if (typeof value !== 'object' || value === null) return value;
    const [[key, argument] = [], ...others] = Object.entries(value);
    if (key !== undefined && argument !== undefined && others.length === 0) {
      if (key === 'Ref' && argument === 'AWS::NoValue') return noValue;
      if (key === 'Ref') return pseudo[text(argument)] ?? refer(text(argument));
      if (key.startsWith('Fn::')) return intrinsic(key, argument);
    }
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, each]) => [name, evaluate(each)] as const)
        .filter((entry): entry is [string, Value] => entry[1] !== noValue),
    );
  }

  function intrinsic(key: string, argument: Value): Value | typeof noValue {
    const list = Array.isArray(argument) ? (argument as readonly Value[]) : [argument];
    const [first, second, third] = list;
    switch (key) {
      case 'Fn::If':
        return evaluate((conditionHolds(text(first)) ? second : third) ?? null);
      case 'Fn::GetAtt':
        return `${refer(text(first))}.${text(second)}`;
      case 'Fn::Join':
        return (evaluate(second ?? null) as readonly string[]).join(text(first));
      case 'Fn::Sub':
        return text(first).replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
          const [id = '', attribute] = name.split('.');
          return pseudo[name] ?? [refer(id), ...(attribute === undefined ? [] : [attribute])].join('.');
        });
      default:
        throw new Error(`${key} is not known here`);
    }
  }

  for (const { Condition, Value } of Object.values(template.Outputs ?? {})) {
    if (Condition === undefined || conditionHolds(Condition)) evaluate(Value);
  }
  return Object.fromEntries(
    created.map(([id, resource]) => {
      const { Properties = {}, Metadata, DependsOn = [] } = resource;
      for (const other of listOf(DependsOn)) refer(other);
      const metadata = Metadata === undefined ? {} : { Metadata: evaluate(Metadata) as Properties };
      return [id, { ...resource, Properties: evaluate(Properties) as Properties, ...metadata }];
    }),
  );
}

const listOf = (DependsOn: string | readonly string[]): readonly string[] =>
  typeof DependsOn === 'string' ? [DependsOn] : DependsOn;

function truth(condition: Value): boolean {
  const [[key, argument] = []] = Object.entries(condition as Properties);
  const list = argument as readonly Value[];
  if (key === 'Fn::Not') return !truth(list[0] ?? null);
  if (key === 'Fn::Equals' && list.every((each) => typeof each === 'string')) return list[0] === list[1];
  throw new Error(`Not a condition known here: ${JSON.stringify(condition)}`);
}

/** All resources of a type, by logical id. */
export function ofType(stack: Stack, type: string): [string, Properties][] {
  return Object.entries(stack)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties }]) => [id, Properties ?? {}]);
}

/** The properties of the only resource of a type. */
export function theOnly(stack: Stack, type: string): Properties {
  const [first, ...others] = ofType(stack, type);
  if (first === undefined || others.length > 0)
    throw new Error(`${others.length + (first ? 1 : 0)} resources of ${type}`);
  return first[1];
}

/** Logical ids a resource waits for, directly or through others. */
export function waitsFor(stack: Stack, id: string, seen = new Set<string>()): Set<string> {
  const { Properties = {}, Metadata = {}, DependsOn = [] } = stack[id] ?? {};
  const direct = [...listOf(DependsOn), ...texts([Properties, Metadata]).map((each) => each.split('.')[0] ?? '')];
  for (const other of direct) {
    if (!(other in stack) || seen.has(other)) continue;
    seen.add(other);
    waitsFor(stack, other, seen);
  }
  return seen;
}

/** Every text in a value, without the keys. */
export function texts(value: Value): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((each: Value) => texts(each));
}

/** Returns a value that must be text. Throws for any other value. */
export function text(value: Value | undefined): string {
  if (typeof value !== 'string') throw new Error(`Not a text: ${JSON.stringify(value)}`);
  return value;
}
