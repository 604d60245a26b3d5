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
  /** S3 and SQS; left out where no fax is entered into the outbox. */
  readonly s3Url?: string;
  readonly sqsUrl?: string;
}

/** The environment in which the functions, and AWS clients in general, use the stand-ins. */
export function localAwsEnvironment(urls: LocalAwsUrls): Record<string, string> {
  const { dynamoDbUrl, secretsManagerUrl, s3Url, sqsUrl } = urls;
  return {
    AWS_REGION: localAws.region,
    AWS_ACCESS_KEY_ID: localAws.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localAws.credentials.secretAccessKey,
    ...(dynamoDbUrl === undefined ? {} : { AWS_ENDPOINT_URL_DYNAMODB: dynamoDbUrl }),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManagerUrl,
    ...(s3Url === undefined ? {} : { AWS_ENDPOINT_URL_S3: s3Url }),
    ...(sqsUrl === undefined ? {} : { AWS_ENDPOINT_URL_SQS: sqsUrl }),
  };
}
