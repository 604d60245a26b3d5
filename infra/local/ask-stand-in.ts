import { localAws } from './local-aws.ts';

export interface StandInRequest {
  /** Service and operation in AWS's JSON protocol, such as `AmazonSQS.ReceiveMessage`. */
  readonly target: string;
  readonly body: unknown;
  readonly signal?: AbortSignal;
}

/** The Authorization header for the stand-ins. They check only the access key id and ignore the signature. */
export const standInAuthorization = `AWS4-HMAC-SHA256 Credential=${localAws.credentials.accessKeyId}/20260101/${localAws.region}/local/aws4_request, SignedHeaders=host, Signature=none`;

/**
 * Sends one request to an AWS stand-in without the AWS SDK, because loading the SDK takes 0.2 s of every `npm start`.
 * Resolves with the response's JSON. Rejects with the response's text if it is an error.
 */
export async function askStandIn(url: string, { target, body, signal }: StandInRequest): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-date': '20260101T000000Z',
      authorization: standInAuthorization,
    },
    body: JSON.stringify(body),
    ...(signal !== undefined && { signal }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${target}: ${response.status} ${text}`);
  return JSON.parse(text) as unknown;
}
