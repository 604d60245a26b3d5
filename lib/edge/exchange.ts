import { authorise, readState } from '../access/authorise.ts';
import type { Deadline } from '../domain/deadline.ts';
import type { LegacyFailure } from '../domain/failure.ts';
import type { CommandName, Log, LogFields } from '../domain/ports.ts';
import type { User } from '../domain/user.ts';
import { readCredentials } from '../legacy/credentials.ts';
import type { UserApi } from '../ringcentral/user-api.ts';
import { claimInLog, nameInLog } from '../domain/log-name.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { SeenState } from '../state/user-state.ts';
import type { Format, LegacyAnswer } from './answer.ts';
import type { LegacyRequest } from './event.ts';
import type { Form } from './form.ts';

/** One legacy request while it is being served. */
export interface Exchange {
  readonly request: LegacyRequest;
  readonly form: Form;
  readonly format: Format;
  readonly runtime: Runtime;
  readonly deadline: Deadline;
  readonly log: Log;
  /** Adds to the one line that is logged about this request. */
  note(fields: LogFields): void;
}

/** A request that a command could not serve. */
export interface Unserved extends Pick<Exchange, 'form' | 'format'> {
  readonly failure: LegacyFailure;
  /** undefined when it could not even be put together. */
  readonly runtime: Runtime | undefined;
}

/** One command of the old servers. */
export interface Command {
  readonly name: CommandName;
  /** Throws LegacyFailure for everything that can go wrong in a known way. */
  readonly serve: (exchange: Exchange) => Promise<LegacyAnswer>;
  /** For a command that has something better to say than its failure; undefined if it has not this time. */
  readonly lastWord?: (unserved: Unserved) => LegacyAnswer | undefined;
}

/** A user who may use the product, with RingCentral ready to be asked in their name. */
export interface SignedIn {
  readonly user: User;
  readonly state: SeenState;
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
  const { user, state } = await authorise(claimed, credentials.password, request.sourceIp, {
    store: runtime.users,
    guessMemory: runtime.guessMemory,
    clock: runtime.clock,
  });
  return open(user, state, exchange);
}

/**
 * Acts for a user without credentials: a session id alone decides about status and cancel.
 *
 * @param state the user's state, where this request knows it already
 */
export async function actFor(user: User, exchange: Exchange, state?: SeenState): Promise<SignedIn> {
  return open(user, state ?? (await readState(exchange.runtime.users, user)), exchange);
}

function open(user: User, state: SeenState, exchange: Exchange): SignedIn {
  const { runtime, deadline, log } = exchange;
  exchange.note(nameInLog(user));
  return { user, state, api: runtime.openApi(user, state, deadline, log) };
}
