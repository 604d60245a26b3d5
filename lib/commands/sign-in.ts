import { authorise, readState, type Authorised } from '../access/authorise.ts';
import { claimInLog, nameInLog } from '../domain/log-name.ts';
import type { User } from '../domain/user.ts';
import type { Exchange } from '../edge/exchange.ts';
import { readCredentials } from '../legacy/credentials.ts';
import type { UserApi } from '../ringcentral/user-api.ts';

/** A user who may use the product, with RingCentral ready to be asked in their name. */
export interface SignedIn extends Authorised {
  readonly api: UserApi;
}

/** Checks the credentials of the request. Throws `credentials` or `configuration`. */
export async function signIn(exchange: Exchange): Promise<SignedIn> {
  const { form, request, runtime } = exchange;
  const credentials = readCredentials(form.fields);
  // Before anything can fail: an operator wants to know who was refused.
  exchange.note(claimInLog(credentials));
  const claimed = (await runtime.secrets.directory()).find(credentials);
  if (claimed !== undefined) exchange.note(nameInLog(claimed));
  const authorised = await authorise(claimed, credentials.password, request.sourceIp, {
    store: runtime.users,
    guessMemory: runtime.guessMemory,
    clock: runtime.clock,
  });
  return open(authorised, exchange);
}

/** Acts for a user without credentials: a session id alone decides about status and cancel. */
export async function actFor(user: User, exchange: Exchange): Promise<SignedIn> {
  return open({ user, state: await readState(exchange.runtime.users, user) }, exchange);
}

function open({ user, state }: Authorised, exchange: Exchange): SignedIn {
  const { runtime, deadline, log } = exchange;
  exchange.note(nameInLog(user));
  return { user, state, api: runtime.openApi(user, state, deadline, log) };
}
