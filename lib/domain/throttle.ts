/**
 * RingCentral's rate-limit groups are open-ended text: the four documented ones, or whatever a response header names.
 * All are lower case here.
 */
export type ThrottleGroup = string;

/** The operations the product uses, by the names under which a learned group is remembered. */
export type RouteName =
  | 'token'
  | 'ring-out'
  | 'ring-out-status'
  | 'ring-out-cancel'
  | 'forwarding-number'
  | 'fax'
  | 'cover-page'
  | 'message-list';
