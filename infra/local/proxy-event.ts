import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { RouteMatch } from './routes.ts';

/** A name and its value. Names may repeat. */
export type Pair = readonly [name: string, value: string];

/** An HTTP request as API Gateway received it. */
export interface GatewayRequest {
  readonly method: string;
  /** Has no query. */
  readonly path: string;
  /** Decoded. */
  readonly query: readonly Pair[];
  /** In their original form. */
  readonly headers: readonly Pair[];
  /** The complete body; undefined if there is none. */
  readonly body: Uint8Array | undefined;
  readonly sourceIp: string;
  readonly requestId: string;
  readonly arrivedAtMs: number;
}

/** Lambda's quota for the JSON of a synchronous invocation (AWS documentation: Lambda quotas), in bytes. */
export const maximumEventBytes = 6_291_456;

/**
 * Builds the event of a REST API's Lambda proxy integration. The body is in base64, because every content type counts
 * as binary. Headers and query appear twice: once with the last value of each name and once with all values.
 */
export function proxyEvent(
  request: GatewayRequest,
  route: Pick<RouteMatch, 'resource' | 'pathParameters'>,
): APIGatewayProxyEvent {
  const { method, path, query, headers, body, sourceIp, requestId, arrivedAtMs } = request;
  return {
    resource: route.resource,
    path,
    httpMethod: method,
    // Object.fromEntries defines every name as an own property, even `__proto__`.
    headers: Object.fromEntries(headers),
    multiValueHeaders: byName(headers),
    queryStringParameters: query.length === 0 ? null : Object.fromEntries(query),
    multiValueQueryStringParameters: query.length === 0 ? null : byName(query),
    pathParameters: route.pathParameters,
    stageVariables: null,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      authorizer: null,
      domainName: headerOf(headers, 'host') ?? 'localhost',
      extendedRequestId: requestId,
      httpMethod: method,
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
        sourceIp,
        user: null,
        userAgent: headerOf(headers, 'user-agent') ?? null,
        userArn: null,
      },
      path,
      protocol: 'HTTP/1.1',
      requestId,
      requestTimeEpoch: arrivedAtMs,
      resourceId: 'local',
      resourcePath: route.resource,
      stage: 'local',
    },
    body: body === undefined ? null : Buffer.from(body).toString('base64'),
    isBase64Encoded: body !== undefined,
  };
}

/** Returns the first value of a header. The name must be in lower case. */
export function headerOf(headers: readonly Pair[], lowerName: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === lowerName)?.[1];
}

function byName(pairs: readonly Pair[]): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}
