/**
 * Everything that can go wrong in a way the product knows about. A failure is data: it is thrown as a
 * {@link LegacyFailure}, and one table (`lib/legacy/failure-answers.ts`) turns its code into the ringout text, the fax
 * digit and the JSON status. Any other exception is a bug and answers as `internal`.
 */
export const failureCodes = [
  // The legacy request itself.
  'credentials',
  'command',
  'method',
  'malformed',
  'cross_site',
  'to_missing',
  'to_invalid',
  'from_missing',
  'from_invalid',
  'caller_id_invalid',
  'recipient_missing',
  'recipient_invalid',
  'fax_data_missing',
  'session_unknown',
  // RingCentral refuses who we are.
  'jwt_refused',
  'client_refused',
  'token_rejected',
  'app_permission',
  'user_permission',
  // RingCentral refuses what was asked.
  'to_refused',
  'from_refused',
  'caller_id_refused',
  'to_blocked',
  'from_blocked',
  'feature_disabled',
  'plan',
  'extension_type',
  'fax_prohibited',
  'fax_too_large',
  'fax_document_unsupported',
  'fax_document_refused',
  'refused',
  // RingCentral cannot be asked, or did not answer.
  'throttled',
  'unreachable',
  'timeout',
  'upstream_error',
  'upstream_answer',
  'call_uncertain',
  'fax_uncertain',
  // Our own side.
  'configuration',
  'secret_unavailable',
  'state_unavailable',
  'outbox_unavailable',
  'outbox_full',
  'deadline',
  'internal',
] as const;

/** One of {@link failureCodes}. */
export type FailureCode = (typeof failureCodes)[number];

/**
 * Failures that lie in what was sent or dialled: whoever sends it can correct it, and some happen on any ordinary day. A
 * wrong password is among them; guessing is watched for in other ways. So is a page of another site: any page an employee
 * opens could ring an alarm otherwise.
 */
const leftToTheSender: ReadonlySet<FailureCode> = new Set([
  'credentials',
  'command',
  'method',
  'malformed',
  'cross_site',
  'to_missing',
  'to_invalid',
  'from_missing',
  'from_invalid',
  'caller_id_invalid',
  'recipient_missing',
  'recipient_invalid',
  'fax_data_missing',
  'session_unknown',
  'to_refused',
  'from_refused',
  'caller_id_refused',
  'to_blocked',
  'from_blocked',
  'fax_too_large',
  'fax_document_unsupported',
  'fax_document_refused',
]);

/** Whether somebody who operates the service has to look at failures of this kind, because no sender can avoid them. */
export const needsAction = (code: FailureCode): boolean => !leftToTheSender.has(code);

/** What is known about one failure besides its code. Nothing in here may be secret: it is logged as it is. */
export interface FailureDetail {
  /** Seconds until it makes sense to try again; only for `throttled`. */
  readonly retryAfterSeconds?: number;
  /** How long the same call or fax is not placed again, in seconds; only where nobody knows whether it was placed. */
  readonly heldSeconds?: number;
  /** HTTP status RingCentral answered with. */
  readonly upstreamStatus?: number;
  /** RingCentral's `errorCode`, such as `CMN-101`. */
  readonly upstreamCode?: string;
  /** One line for the log: what to look at. Never a value the client or the secret supplied. */
  readonly note?: string;
}

/** A known failure on its way to the edge, where it becomes a legacy answer. */
export class LegacyFailure extends Error {
  readonly code: FailureCode;
  readonly detail: FailureDetail;

  constructor(code: FailureCode, detail: FailureDetail = {}, options?: ErrorOptions) {
    super(detail.note === undefined ? code : `${code}: ${detail.note}`, options);
    this.name = 'LegacyFailure';
    this.code = code;
    this.detail = detail;
  }
}
