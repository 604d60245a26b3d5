/** What the Serverless CLI hands to a function of which serverless.yml takes the result. */
export interface ResolverContext {
  /** The command line; `param` are its `name=value` texts. */
  readonly options: { readonly param?: readonly string[] };
  /** The value of a `${…}` without its braces, such as `param:logLevel, null`. */
  readonly resolveVariable: (variable: string) => Promise<unknown>;
}

/** The name that a deployment goes by, such as `ringout-bridge-prod`. */
export async function serviceName({ resolveVariable }: Pick<ResolverContext, 'resolveVariable'>): Promise<string> {
  return `${String(await resolveVariable('self:service'))}-${String(await resolveVariable('sls:stage'))}`;
}
