import { localAws } from './local-aws.ts';

export interface StandInRequest {
  /** Service and operation as AWS's JSON protocol names them, such as `AmazonSQS.ReceiveMessage`. */
  readonly target: string;
  readonly body: unknown;
  readonly signal?: AbortSignal;
}

/** What opens the stand-ins: who asks is told by the access key id, and whether the signature is right, nobody looks. */
export const standInAuthorization = `AWS4-HMAC-SHA256 Credential=${localAws.credentials.accessKeyId}/20260101/${localAws.region}/local/aws4_request, SignedHeaders=host, Signature=none`;

/**
 * One request by hand to a stand-in for AWS, because loading the AWS SDK takes a fifth of a second of every `npm start`.
 * Resolves with the answer's JSON; rejects with the answer's text when it is an error.
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
