import type { Deadline } from '../domain/deadline.ts';
import type { Log } from '../domain/ports.ts';
import type { Token } from '../domain/token.ts';
import type { User } from '../domain/user.ts';
import type { SeenState } from '../state/user-state.ts';

/*
 * What requests to RingCentral need of tokens. lib/token has the source; it uses RingCentral's grants, so that what
 * both know of each other stands here.
 */

/** One attempt to come by a token. */
export interface TokenRequest {
  readonly user: User;
  /** The state as already read in this request; `unavailable` if that failed, undefined to read it now. */
  readonly state: SeenState | undefined;
  readonly deadline: Deadline;
  readonly log: Log;
}

/** Tokens of all users, shared by all containers. */
export interface TokenSource {
  /**
   * A token to serve a legacy request with. Throws LegacyFailure: `credentials`, `jwt_refused`, `client_refused`,
   * `token_rejected`, `throttled`, `unreachable`, `timeout`, `upstream_error`, `upstream_answer`, `state_unavailable`,
   * `deadline`.
   */
  serve(request: TokenRequest): Promise<Token>;
  /** After RingCentral answered 401 to `rejected`: the token another container has stored since, or a new one. */
  replace(request: TokenRequest, rejected: Token): Promise<Token>;
  /** After a replacement was rejected as well: for 15 seconds nobody asks for yet another one. */
  rememberRejection(user: User, rejected: Token): Promise<void>;
  /** A token that is not due for renewal, renewed if it was. Throws as `serve` does, and `StateUnavailable`. */
  renew(request: TokenRequest): Promise<Token>;
}
