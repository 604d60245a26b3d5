/**
 * A rate-limit group of RingCentral, in lower case. It is open-ended text: one of the four documented groups, or
 * whatever a response header names.
 */
export type ThrottleGroup = string;

/** The operations the product uses. Learned rate-limit groups are stored under these names. */
export type RouteName =
  | 'token'
  | 'ring-out'
  | 'ring-out-status'
  | 'ring-out-cancel'
  | 'forwarding-number'
  | 'fax'
  | 'cover-page'
  | 'message-list';
