import { SDK } from '@ringcentral/sdk';
import type { Clock } from '../domain/ports.ts';
import type { User } from '../domain/user.ts';
import { createTransport, TransportError } from './transport.ts';

/** One request as the SDK sends it. */
export interface SdkRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | readonly string[]>>;
  /** A plain object goes out as JSON, or form-encoded when `headers` say so; a stream as it is. */
  readonly body?: object;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Sends with RingCentral's SDK; an answer that is not 2xx is returned, not thrown. Throws `TransportError`. */
export type Send = (server: Pick<User, 'serverUrl' | 'clientId'>, request: SdkRequest) => Promise<Response>;

/**
 * The SDK is used for what it knows about RingCentral's requests, and for nothing that remembers: its token store,
 * refreshing and retrying are all off, because tokens are shared by many containers and renewed under a lease.
 */
export function createSend(clock: Clock, version: string): Send {
  const transport = createTransport(clock);
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
      fetch: transport as typeof fetch,
      ...lazyFetchClasses,
      localStorage: forgetfulStorage,
    });
    sdks.set(key, sdk);
    return sdk;
  }

  return async (server, request) => {
    try {
      return await sdkOf(server)
        .platform()
        .send({
          method: request.method,
          url: request.path,
          ...(request.query === undefined ? {} : { query: { ...request.query } }),
          ...(request.body === undefined ? {} : { body: request.body }),
          headers: { ...request.headers },
          // The bearer token is in the headers already: no look-up in the SDK's store, no refresh, no replay.
          skipAuthCheck: true,
          retry: true,
          // Passed through to fetch, though the SDK's types do not say so; a stream needs its direction told.
          ...({ signal: request.signal, duplex: 'half' } as object),
        });
    } catch (error) {
      const answer: unknown = error instanceof Error && 'response' in error ? error.response : undefined;
      if (answer instanceof Response) return answer;
      // The SDK hangs the whole request on the error, bearer token and JWT included: it goes no further.
      if (error instanceof TransportError) throw new TransportError(error.problem, error.cause);
      throw error;
    }
  };
}

/** The SDK's default store is one object for the whole process; this one keeps nothing at all. */
const forgetfulStorage = {
  length: 0,
  clear: () => {},
  getItem: () => null,
  key: () => null,
  removeItem: () => {},
  setItem: () => {},
} satisfies Storage;

/** The fetch classes, looked up when first used: reading the globals costs 20 ms of every cold start. */
const lazyFetchClasses = {
  Request: lazily(() => globalThis.Request),
  Response: lazily(() => globalThis.Response),
  Headers: lazily(() => globalThis.Headers),
};

function lazily<C extends abstract new (...args: never[]) => object>(load: () => C): C {
  return new Proxy(function fetchClass() {} as unknown as C, {
    construct: (_, args) => Reflect.construct(load(), args) as object,
  });
}
