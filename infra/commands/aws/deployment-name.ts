/** `service` of serverless.yml. The CLI derives the stack's name from it and the stage. */
export const service = 'ringout-bridge';

/** The default of serverless.yml. */
const defaultRegion = 'us-east-1';

/** The region of a stage: the one given on the command line, otherwise the one that serverless.yml chooses. */
export const regionOf = (given: string | undefined, environment: NodeJS.ProcessEnv): string =>
  given ?? (environment['AWS_REGION'] || defaultRegion);
