import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Properties, Template, Value } from './template.ts';

/** AWS's published resource schemas, in the form the CDK uses. */
const specification = loadAwsServiceSpecSync();
type PropertyType = { type: string; element?: PropertyType; reference?: { $ref: string }; types?: PropertyType[] };
type Definition = Readonly<Record<string, { readonly type: PropertyType; readonly required?: boolean }>>;

const resourceOf = (type: string) => {
  const found = specification.lookup('resource', 'cloudFormationType', 'equals', type);
  return found.length === 0 ? undefined : found.only();
};

function definitionOf(type: PropertyType | undefined): Definition | undefined {
  if (type?.type === 'ref' && type.reference !== undefined) {
    return specification.get('typeDefinition', type.reference.$ref).properties;
  }
  // The last of several types is the newest. No property of the templates has two types with properties.
  return type?.type === 'union' ? type.types?.map(definitionOf).findLast((each) => each !== undefined) : undefined;
}

/** Paths of properties that AWS does not know, or that it requires and are missing. */
function mistakes(properties: Properties, definition: Definition, path: string): string[] {
  const missing = Object.entries(definition)
    .filter(([name, { required }]) => required === true && !(name in properties))
    .map(([name]) => `${path}.${name} is missing`);
  const within = Object.entries(properties).flatMap(([name, value]) => {
    const property = definition[name];
    if (property === undefined) return [`${path}.${name} is unknown`];
    return mistakesIn(value, property.type, `${path}.${name}`);
  });
  return [...missing, ...within];
}

function mistakesIn(value: Value, type: PropertyType, path: string): string[] {
  if (Array.isArray(value)) {
    const { element } = type;
    return element === undefined
      ? []
      : value.flatMap((each: Value, index) => mistakesIn(each, element, `${path}[${index}]`));
  }
  if (typeof value !== 'object' || value === null) return [];
  const [intrinsic = '', argument] = Object.entries(value)[0] ?? [];
  if (intrinsic === 'Fn::If' && Array.isArray(argument)) {
    return argument.slice(1).flatMap((branch: Value) => mistakesIn(branch, type, path));
  }
  if (intrinsic === 'Ref' || intrinsic.startsWith('Fn::')) return [];
  const definition = definitionOf(type);
  return definition === undefined ? [] : mistakes(value as Properties, definition, path);
}

/** Paths of the resources and properties that AWS's schemas do not know, or require and the template lacks. */
export function schemaMistakes({ Resources }: Template): string[] {
  return Object.entries(Resources).flatMap(([id, { Type, Properties = {} }]) => {
    const resource = resourceOf(Type);
    if (resource === undefined) return [`${id}: ${Type} is unknown`];
    return mistakes(Properties, resource.properties, id);
  });
}

/** `Fn::GetAtt`s of attributes the resource does not have, as `<type>.<attribute>`. */
export function unknownAttributes(template: Template): string[] {
  const asked = JSON.stringify(template).matchAll(/\{"Fn::GetAtt":\["(\w+)","([\w.]+)"\]\}/g);
  return [...asked]
    .map(([, id = '', attribute = '']) => ({ type: template.Resources[id]?.Type ?? id, attribute }))
    .filter(({ type, attribute }) => !(attribute in (resourceOf(type)?.attributes ?? {})))
    .map(({ type, attribute }) => `${type}.${attribute}`);
}
