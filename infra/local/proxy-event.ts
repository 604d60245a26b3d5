import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { RouteMatch } from './routes.ts';

/** A name and its value; names may repeat. */
export type Pair = readonly [name: string, value: string];

/** An HTTP request as API Gateway has taken it in. */
export interface GatewayRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Decoded. */
  readonly query: readonly Pair[];
  /** As they were sent. */
  readonly headers: readonly Pair[];
  /** Complete; undefined if there is none. */
  readonly body: Uint8Array | undefined;
  readonly sourceIp: string;
  readonly requestId: string;
  readonly arrivedAtMs: number;
}

/** Lambda's quota for the JSON of a synchronous invocation (AWS documentation: Lambda quotas), in bytes. */
export const maximumEventBytes = 6_291_456;

/**
 * The event of a REST API's Lambda proxy integration: the body in base64, because every content type counts as binary,
 * headers and query twice, once with the last value of each name and once with all.
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
    // Object.fromEntries makes every name a property of its own, also one that is called __proto__.
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

/** The first value of a header, whose name is given in lower case. */
export function headerOf(headers: readonly Pair[], lowerName: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === lowerName)?.[1];
}

function byName(pairs: readonly Pair[]): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}
