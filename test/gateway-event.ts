import { boundary, multipart, type WirePart } from './multipart.ts';

/** Where the old programs send their requests, and what their forms say they are. */
export const ringoutPath = '/ringout.asp';
export const faxPath = '/faxapi.asp';
export const formType = 'application/x-www-form-urlencoded';

/** What a test says of a request; the rest is as API Gateway sends it. */
export interface EventOptions {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Goes in as base64, the way API Gateway does with all media types declared binary. */
  readonly body?: Uint8Array | string;
  readonly sourceIp?: string;
}

/** An API Gateway REST proxy event. */
export function gatewayEvent(options: EventOptions): Record<string, unknown> {
  const { method = 'GET', path = '/ringout.asp', query = {}, headers = {}, body, sourceIp = '198.51.100.7' } = options;
  const pairs = Object.entries(query).map(([name, value]) => [name, typeof value === 'string' ? [value] : [...value]]);
  const multi = Object.fromEntries(pairs) as Record<string, string[]>;
  return {
    resource: path,
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters:
      pairs.length === 0 ? null : Object.fromEntries(Object.entries(multi).map(([n, v]) => [n, v.at(-1)])),
    multiValueQueryStringParameters: pairs.length === 0 ? null : multi,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      accountId: '000000000000',
      apiId: 'demoapi',
      httpMethod: method,
      path: `/test${path}`,
      stage: 'test',
      requestId: 'demo-request',
      identity: { sourceIp, userAgent: null },
    },
    body: body === undefined ? null : Buffer.from(body).toString('base64'),
    isBase64Encoded: body !== undefined,
  };
}

/** A Lambda context with this much time left. */
export function lambdaContext(remainingMs = 28_000): { getRemainingTimeInMillis(): number } {
  const endsAt = performance.now() + remainingMs;
  return { getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()) };
}

/** Fields as the body of a form. */
export const urlEncoded = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();

/** A POST of url-encoded fields. */
export function formPost(fields: Readonly<Record<string, string>> | string, path: string = ringoutPath): EventOptions {
  return {
    method: 'POST',
    path,
    headers: { 'Content-Type': formType },
    body: typeof fields === 'string' ? fields : urlEncoded(fields),
  };
}

/** The event of a gateway that has not declared the content type binary: the body is text. */
export function asText(options: EventOptions & { readonly body: Uint8Array | string }): Record<string, unknown> {
  return {
    ...gatewayEvent(options),
    body: Buffer.from(options.body as Uint8Array).toString('utf8'),
    isBase64Encoded: false,
  };
}

/** A multipart POST, to the fax endpoint unless told otherwise. */
export function multipartPost(parts: readonly WirePart[] | Buffer, path: string = faxPath): EventOptions {
  return {
    method: 'POST',
    path,
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.isBuffer(parts) ? parts : multipart(parts),
  };
}
