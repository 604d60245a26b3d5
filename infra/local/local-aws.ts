import { randomBytes } from 'node:crypto';

/**
 * Options for clients of this process's AWS stand-ins. Each start generates a new access key id, which the stand-ins
 * check. They ignore the signature made with the secret access key.
 */
export const localAws = {
  region: 'us-east-1',
  credentials: { accessKeyId: randomBytes(16).toString('hex'), secretAccessKey: 'local' },
} as const;

export interface LocalAwsUrls {
  /** Undefined if the client uses no table. */
  readonly dynamoDbUrl?: string;
  readonly secretsManagerUrl: string;
  /** S3 and SQS; undefined if the client enters no fax into the outbox. */
  readonly s3Url?: string;
  readonly sqsUrl?: string;
}

/** Returns the environment variables with which the functions and other AWS clients use the stand-ins. */
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
