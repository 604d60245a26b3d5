/** The argument that the Serverless CLI passes to a resolver function of serverless.yml. */
export interface ResolverContext {
  /** The command-line options; `param` holds their `name=value` texts. */
  readonly options: { readonly param?: readonly string[] };
  /** Resolves the text of a `${…}` without its braces, such as `param:logLevel, null`. */
  readonly resolveVariable: (variable: string) => Promise<unknown>;
}

/** Returns the name of a deployment, such as `ringout-bridge-prod`. */
export async function serviceName({ resolveVariable }: Pick<ResolverContext, 'resolveVariable'>): Promise<string> {
  return `${String(await resolveVariable('self:service'))}-${String(await resolveVariable('sls:stage'))}`;
}
