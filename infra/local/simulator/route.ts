import type { Buffer } from 'node:buffer';
import type { Answer } from './answer.ts';
import type { ParsedBody } from './body.ts';
import type { SimulatedUser } from './user.ts';

/** What a fault can be armed for, and what a received request is recorded as. */
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

/** RingCentral's throttle groups: all requests of a group share one allowance per user and app. */
export type RateLimitGroup = 'light' | 'medium' | 'heavy' | 'auth';

/** One request of a logged-in user, read completely. */
export interface ApiRequest {
  readonly user: SimulatedUser;
  readonly nowMs: number;
  /** `http://127.0.0.1:<port>`, for the absolute URIs in answers. */
  readonly baseUrl: string;
  readonly query: URLSearchParams;
  /** Records a page of any list may hold. */
  readonly maximumPerPage: number;
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly body: ParsedBody;
  /** The decoded variable segment of the path, such as a ring-out id; `''` where there is none. */
  readonly id: string;
}

/** One operation of RingCentral's REST API. */
export interface Route {
  readonly kind: RequestKind;
  readonly group: RateLimitGroup;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** The whole path; the first capture group, if any, is the id. */
  readonly path: RegExp;
  handle(request: ApiRequest): Answer;
}

/** The path every resource of the logged-in user begins with. */
export const extensionPath = '/restapi/v1.0/account/~/extension/~';
