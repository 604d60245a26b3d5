/** A value in a CloudFormation template. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** A resource of a CloudFormation template. */
export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: { readonly [key: string]: Value };
}

/** A part of a template, by logical id. The CLI merges all parts. */
export interface Resources {
  readonly Resources: Readonly<Record<string, Resource>>;
}
