import type { Deadline } from '../domain/deadline.ts';
import type { Log } from '../domain/ports.ts';
import type { Token } from '../domain/token.ts';
import type { User } from '../domain/user.ts';
import type { SeenState } from '../state/user-state.ts';

/*
 * The interface through which requests to RingCentral get tokens. lib/token implements it and uses RingCentral's
 * grants. The interface is here because lib/ringcentral must not import lib/token.
 */

/** A request for a token. */
export interface TokenRequest {
  readonly user: User;
  /** The state that this request has already read: `unavailable` when reading failed, undefined to read it now. */
  readonly state: SeenState | undefined;
  readonly deadline: Deadline;
  readonly log: Log;
}

/** Tokens of all users, shared by all containers. */
export interface TokenSource {
  /**
   * Returns a token for a legacy request. Throws LegacyFailure: `credentials`, `jwt_refused`, `client_refused`,
   * `token_rejected`, `throttled`, `unreachable`, `timeout`, `upstream_error`, `upstream_answer`, `state_unavailable`,
   * `deadline`.
   */
  serve(request: TokenRequest): Promise<Token>;
  /** Called after a 401 for `rejected`. Returns the token that another container has stored since, or a new one. */
  replace(request: TokenRequest, rejected: Token): Promise<Token>;
  /** Called after RingCentral rejected a replacement as well. No container requests another token for 15 seconds. */
  rememberRejection(user: User, rejected: Token): Promise<void>;
  /**
   * Returns a token that is not due for renewal, and renews it if necessary. Throws like `serve`, and
   * `StateUnavailable`.
   */
  renew(request: TokenRequest): Promise<Token>;
}
