import type { Buffer } from 'node:buffer';
import type { Answer } from './answer.ts';
import type { ParsedBody } from './body.ts';
import type { SimulatedUser } from './user.ts';

/** The kinds of request, for faults and for the record of received requests. */
export type RequestKind =
  | 'token'
  | 'revoke'
  | 'ring-out'
  | 'status'
  | 'cancel'
  | 'forwarding-number'
  | 'fax'
  | 'message-list'
  | 'dictionary'
  | 'account';

/** RingCentral's rate limit groups. All requests of a group share one limit per user and app. */
export type RateLimitGroup = 'light' | 'medium' | 'heavy' | 'auth';

/** One complete request of an authenticated user. */
export interface ApiRequest {
  readonly user: SimulatedUser;
  readonly nowMs: number;
  /** `http://127.0.0.1:<port>`, for absolute URIs in answers. */
  readonly baseUrl: string;
  readonly query: URLSearchParams;
  /** Maximum number of records on a page of any list. */
  readonly maximumPerPage: number;
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly body: ParsedBody;
  /** The decoded variable segment of the path, such as a ring-out id; `''` if there is none. */
  readonly id: string;
}

/** One operation of RingCentral's REST API. */
export interface Route {
  readonly kind: RequestKind;
  readonly group: RateLimitGroup;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Matches the whole path. The first capture group, if any, is the id. */
  readonly path: RegExp;
  handle(request: ApiRequest): Answer;
}

/** The path prefix of all resources of the authenticated user. */
export const extensionPath = '/restapi/v1.0/account/~/extension/~';
