/** Where an AWS service listens. A stand-in on this computer needs its own access key id and no real credentials. */
export interface AwsPlace {
  readonly region: string;
  readonly standIn?: { readonly endpoint: string; readonly accessKeyId: string };
}

/** Timeouts in milliseconds. They suffice for a distant region; a request fails within a minute. */
const limits = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 5000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

/** Returns the options for a client of the AWS SDK. */
export function clientOptions({ region, standIn }: AwsPlace) {
  if (standIn === undefined) return { region, ...limits };
  const { endpoint, accessKeyId } = standIn;
  return { region, endpoint, credentials: { accessKeyId, secretAccessKey: 'local' }, ...limits };
}
