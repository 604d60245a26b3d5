import { SDK } from '@ringcentral/sdk';
import type { Clock } from '../domain/ports.ts';
import type { User } from '../domain/user.ts';
import { HeaderFields, OutgoingRequest, ReceivedAnswer, type Answer } from './messages.ts';
import { createTransport, TransportError, type Transport } from './transport.ts';

/** One request as the SDK sends it. */
export interface SdkRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | readonly string[]>>;
  /** A plain object is sent as JSON, or form-encoded when `headers` say so. Byte pieces are sent unchanged. */
  readonly body?: object;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Sends a request with RingCentral's SDK. Returns every answer, also one that is not 2xx. Throws `TransportError`. */
export type Send = (server: Pick<User, 'serverUrl' | 'clientId'>, request: SdkRequest) => Promise<Answer>;

/**
 * The SDK only builds RingCentral's requests. Its token store, refresh and retry are off, because tokens are shared by
 * many containers and renewed under a lease.
 */
export function createSend(clock: Clock, version: string, transport: Transport = createTransport(clock)): Send {
  const sdks = new Map<string, SDK>();

  function sdkOf({ serverUrl, clientId }: Pick<User, 'serverUrl' | 'clientId'>): SDK {
    const key = `${serverUrl} ${clientId}`;
    const known = sdks.get(key);
    if (known !== undefined) return known;
    const sdk = new SDK({
      server: serverUrl,
      clientId,
      appName: 'ringout-bridge',
      appVersion: version,
      ...fetchClasses(transport),
      localStorage: forgetfulStorage,
    });
    sdks.set(key, sdk);
    return sdk;
  }

  return async (server, request) => {
    try {
      const platform = sdkOf(server).platform();
      const answer: unknown = await platform.send({
        method: request.method,
        url: request.path,
        ...(request.query === undefined ? {} : { query: { ...request.query } }),
        ...(request.body === undefined ? {} : { body: request.body }),
        headers: { Accept: '*/*', 'User-Agent': platform.userAgent, ...request.headers },
        // The headers already have the bearer token: no lookup in the SDK's store, no refresh, no replay.
        skipAuthCheck: true,
        retry: true,
        // The SDK passes it on to the request, although its types do not say so.
        ...({ signal: request.signal } as object),
      });
      return answer as ReceivedAnswer;
    } catch (error) {
      const answer: unknown = error instanceof Error && 'response' in error ? error.response : undefined;
      if (answer instanceof ReceivedAnswer) return answer;
      // The SDK attaches the whole request to the error, including bearer token and JWT: do not pass it on.
      if (error instanceof TransportError) throw new TransportError(error.problem, error.cause);
      throw error;
    }
  };
}

/** The SDK's fetch function and its classes. */
function fetchClasses(transport: Transport): ConstructorParameters<typeof SDK>[0] {
  return {
    fetch: (request: OutgoingRequest) => transport.send(request),
    Request: OutgoingRequest,
    Response: ReceivedAnswer,
    Headers: HeaderFields,
  } as object;
}

/** Stores nothing. The SDK's default store is one object for the whole process. */
const forgetfulStorage = {
  length: 0,
  clear: () => {},
  getItem: () => null,
  key: () => null,
  removeItem: () => {},
  setItem: () => {},
} satisfies Storage;
