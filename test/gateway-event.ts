import { proxyEvent, type Pair } from '../infra/local/proxy-event.ts';
import { routeOf } from '../infra/local/routes.ts';
import { boundary, multipart, type WirePart } from './multipart.ts';

/** The paths and the form content type of the old programs. */
export const ringoutPath = '/ringout.asp';
export const faxPath = '/faxapi.asp';
export const formType = 'application/x-www-form-urlencoded';

/** The parts of a request that a test sets. The rest is as API Gateway sends it. */
export interface EventOptions {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The event has it as base64, because the gateway declares all media types binary. */
  readonly body?: Uint8Array | string;
  readonly sourceIp?: string;
}

/** An API Gateway REST proxy event without the time of day, because tests have their own clocks. */
export function gatewayEvent(options: EventOptions): Record<string, unknown> {
  const { method = 'GET', path = ringoutPath, query = {}, headers = {}, body, sourceIp = '198.51.100.7' } = options;
  const { requestContext, ...event } = proxyEvent(
    {
      method,
      path,
      query: Object.entries(query).flatMap(([name, value]) => [value].flat().map((one): Pair => [name, one])),
      headers: Object.entries(headers),
      body: body === undefined ? undefined : Buffer.from(body as Uint8Array),
      sourceIp,
      requestId: 'demo-request',
      arrivedAtMs: 0,
    },
    routeOf(method, path) ?? { resource: path, pathParameters: null },
  );
  const { requestTimeEpoch: _, ...context } = requestContext;
  return { ...event, requestContext: context };
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

/** The event of a gateway that has not declared the content type binary, so that the body is text. */
export function asText(options: EventOptions & { readonly body: Uint8Array | string }): Record<string, unknown> {
  return {
    ...gatewayEvent(options),
    body: Buffer.from(options.body as Uint8Array).toString('utf8'),
    isBase64Encoded: false,
  };
}

/** A multipart POST, by default to the fax endpoint. */
export function multipartPost(parts: readonly WirePart[] | Buffer, path: string = faxPath): EventOptions {
  return {
    method: 'POST',
    path,
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.isBuffer(parts) ? parts : multipart(parts),
  };
}
