/** Where an AWS service is; a stand-in on this computer wants an access key id of its own, and no real credentials. */
export interface AwsPlace {
  readonly region: string;
  readonly standIn?: { readonly endpoint: string; readonly accessKeyId: string };
}

/** Patient enough for a person far from the region, and not for minutes. */
const limits = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 5000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

/** What a client of the AWS SDK is made with. */
export function clientOptions({ region, standIn }: AwsPlace) {
  if (standIn === undefined) return { region, ...limits };
  const { endpoint, accessKeyId } = standIn;
  return { region, endpoint, credentials: { accessKeyId, secretAccessKey: 'local' }, ...limits };
}
