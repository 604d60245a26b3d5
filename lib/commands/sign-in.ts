import { authorise, readUserState, type Authorised } from '../access/authorise.ts';
import { LegacyFailure } from '../domain/failure.ts';
import { claimInLog, nameInLog } from '../domain/log-name.ts';
import type { User } from '../domain/user.ts';
import type { Exchange } from '../edge/exchange.ts';
import { readCredentials } from '../legacy/credentials.ts';
import type { Purpose } from '../ringcentral/transport.ts';
import type { UserApi } from '../ringcentral/user-api.ts';

/** An authorised user, and RingCentral's API in their name. */
export interface SignedIn extends Authorised {
  readonly api: UserApi;
}

/** An authorised user and the request that `read` returned. */
export interface SignedRequest<T> extends SignedIn {
  readonly asked: T;
}

/**
 * Reads the request, checks the credentials, and opens a connection to RingCentral while the user's row is read. Throws
 * `credentials` or `configuration`, otherwise the error of `read`.
 *
 * A source may be locked out whatever it sends, and must not learn from the response time whether a password is right.
 * So `read` runs before the comparison, and its error is thrown after it. Before the row is read, only the connection
 * differs for a right password.
 *
 * @param purpose of the connection; undefined for a request that does not use RingCentral
 */
export async function signIn<T>(
  exchange: Exchange,
  purpose: Purpose | undefined,
  read: (user: User) => T,
): Promise<SignedRequest<T>> {
  const { form, request, runtime } = exchange;
  const credentials = readCredentials(form.fields);
  // Logged before anything can fail, so that an operator sees who was refused.
  exchange.addToLog(claimInLog(credentials));
  const claimed = (await runtime.secrets.directory()).find(credentials);
  if (claimed !== undefined) exchange.addToLog(nameInLog(claimed));
  const asked = attempt(() => {
    if (claimed === undefined) throw new LegacyFailure('credentials');
    return read(claimed);
  });
  const authorised = await authorise(claimed, credentials.password, request.sourceIp, {
    store: runtime.users,
    guessMemory: runtime.guessMemory,
    clock: runtime.clock,
    matched: () => {
      if (claimed === undefined || purpose === undefined || !asked.ok) return;
      void runtime.prepareConnection(claimed.serverUrl, purpose);
    },
  });
  if (!asked.ok) throw asked.error;
  return { ...open(authorised, exchange), asked: asked.value };
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

function attempt<T>(operation: () => T): Attempt<T> {
  try {
    return { ok: true, value: operation() };
  } catch (error) {
    return { ok: false, error };
  }
}

/** Opens RingCentral's API for the owner of a session. Status and cancel need no credentials but the session id. */
export async function openForOwner(user: User, exchange: Exchange): Promise<SignedIn> {
  return open({ user, state: await readUserState(exchange.runtime.users, user) }, exchange);
}

function open({ user, state }: Authorised, exchange: Exchange): SignedIn {
  const { runtime, deadline, log } = exchange;
  exchange.addToLog(nameInLog(user));
  return { user, state, api: runtime.openApi(user, state, deadline, log) };
}
