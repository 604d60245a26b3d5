/**
 * Checks the options that name a deployment, `--stage` and `--region`. Returns a mistake as a sentence. A stage that
 * packaging would refuse as too long passes; then there is no such stack.
 */
export function deploymentMistake(stage: string, region: string | undefined): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9-]{0,60}$/.test(stage)) return '--stage is the name of a stage.';
  if (region !== undefined && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) return '--region is one like eu-west-1.';
  return undefined;
}
