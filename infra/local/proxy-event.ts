import type { APIGatewayProxyEvent } from 'aws-lambda';

/** An HTTP request as the gateway received it, body complete. */
export interface ReceivedHttpRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Name, value, name, value … as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** Lambda's quota for the JSON of a synchronous invocation (AWS documentation: Lambda quotas), in bytes. */
export const maximumEventBytes = 6_291_456;

/**
 * How many bytes the event of a REST API's Lambda proxy integration would have for this request: its body in base64,
 * because every content type counts as binary, and its headers and query twice.
 */
export function proxyEventBytes(request: ReceivedHttpRequest): number {
  const withoutBody = Buffer.byteLength(JSON.stringify(proxyEvent(request)));
  return withoutBody + 4 * Math.ceil(request.body.length / 3);
}

/** The event, with an empty body in place of the real one. */
function proxyEvent({ method, target, rawHeaders, body }: ReceivedHttpRequest): APIGatewayProxyEvent {
  const { pathname: path, searchParams } = new URL(`http://localhost${target}`);
  // Without a prototype: names come from strangers, and one may be called constructor.
  const headers = Object.create(null) as Record<string, string>;
  const multiValueHeaders = Object.create(null) as Record<string, string[]>;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = [rawHeaders[index], rawHeaders[index + 1]];
    headers[name] = value;
    (multiValueHeaders[name] ??= []).push(value);
  }
  const multiValueQuery = Object.create(null) as Record<string, string[]>;
  for (const [name, value] of searchParams) (multiValueQuery[name] ??= []).push(value);
  return {
    resource: path,
    path,
    httpMethod: method,
    headers,
    multiValueHeaders,
    queryStringParameters: Object.fromEntries(searchParams),
    multiValueQueryStringParameters: multiValueQuery,
    pathParameters: { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: {
      resourceId: 'abc123',
      resourcePath: path,
      httpMethod: method,
      extendedRequestId: 'AbCdEfGhIjKlMnO=',
      requestTime: '05/Jan/2026:12:00:00 +0000',
      path,
      accountId: '000000000000',
      protocol: 'HTTP/1.1',
      stage: 'production',
      domainPrefix: 'abcdefghij',
      requestTimeEpoch: 1_767_614_400_000,
      requestId: '00000000-0000-0000-0000-000000000000',
      identity: {
        accessKey: null,
        accountId: null,
        apiKey: null,
        apiKeyId: null,
        caller: null,
        clientCert: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: '255.255.255.255',
        user: null,
        userAgent: null,
        userArn: null,
      },
      domainName: 'abcdefghij.execute-api.us-east-1.amazonaws.com',
      apiId: 'abcdefghij',
      authorizer: null,
    },
    body: '',
    isBase64Encoded: body.length > 0,
  };
}
