/** `service` of serverless.yml; the CLI names the stack after it and the stage. */
export const service = 'ringout-bridge';

/** The default of serverless.yml. */
const defaultRegion = 'us-east-1';

/** Where a stage is deployed: as given on the command line, else as serverless.yml decides. */
export const regionOf = (given: string | undefined, environment: NodeJS.ProcessEnv): string =>
  given ?? (environment['AWS_REGION'] || defaultRegion);
