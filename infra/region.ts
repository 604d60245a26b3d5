import type { ResolverContext } from './resolver.ts';

/** Returns the target region: `--region`, otherwise AWS_REGION, otherwise us-east-1. */
export async function regionOf({ resolveVariable }: Pick<ResolverContext, 'resolveVariable'>): Promise<string> {
  return String(await resolveVariable('self:provider.region'));
}

/**
 * Returns a sentence if an ARN is of another region than the deployment; otherwise undefined. Functions, alarms and
 * custom domains can use only resources of their own region. AWS reports a violation at run time, or not at all.
 *
 * @param what the parameter that contains the ARN
 */
export function regionMistake(what: string, arn: string, region: string): string | undefined {
  const ofArn = arn.split(':')[3];
  if (ofArn === region) return undefined;
  return `${what} is in ${ofArn}, but this deploys to ${region}: export AWS_REGION=${ofArn}, or name one in ${region}.`;
}
