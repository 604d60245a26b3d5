import type { ResolverContext } from './resolver.ts';

/** The region that is packaged for: `--region`, else AWS_REGION, else us-east-1. */
export async function regionOf({ resolveVariable }: Pick<ResolverContext, 'resolveVariable'>): Promise<string> {
  return String(await resolveVariable('self:provider.region'));
}

/**
 * What is wrong with an ARN of another region than the one deployed to, as a sentence; undefined if nothing is. Functions,
 * alarms and custom domains can only use what is in their own region, which AWS says at run time, or not at all.
 *
 * @param what the parameter the ARN stands in
 */
export function regionMistake(what: string, arn: string, region: string): string | undefined {
  const ofArn = arn.split(':')[3];
  if (ofArn === region) return undefined;
  return `${what} is in ${ofArn}, but this deploys to ${region}: export AWS_REGION=${ofArn}, or name one in ${region}.`;
}
