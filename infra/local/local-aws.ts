import { randomBytes } from 'node:crypto';

/**
 * What clients of this process's stand-ins for AWS are made with. The access key id is drawn anew with every start and is
 * what the stand-ins ask for; of the signature made with the secret access key nobody takes note.
 */
export const localAws = {
  region: 'us-east-1',
  credentials: { accessKeyId: randomBytes(16).toString('hex'), secretAccessKey: 'local' },
} as const;

/** Where the stand-ins listen. */
export interface LocalAwsUrls {
  /** Left out where no table is asked. */
  readonly dynamoDbUrl?: string;
  readonly secretsManagerUrl: string;
}

/** The environment in which the functions, and AWS clients in general, use the stand-ins. */
export function localAwsEnvironment({ dynamoDbUrl, secretsManagerUrl }: LocalAwsUrls): Record<string, string> {
  return {
    AWS_REGION: localAws.region,
    AWS_ACCESS_KEY_ID: localAws.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localAws.credentials.secretAccessKey,
    ...(dynamoDbUrl === undefined ? {} : { AWS_ENDPOINT_URL_DYNAMODB: dynamoDbUrl }),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManagerUrl,
  };
}
