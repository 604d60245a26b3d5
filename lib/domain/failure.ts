/**
 * Codes of all known failures. A failure is thrown as a {@link LegacyFailure}. One table
 * (`lib/legacy/failure-answers.ts`) maps its code to the ringout text, the fax digit and the JSON status. Any other
 * exception is a bug and answers as `internal`.
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
  // RingCentral refuses the JWT, the application, the token or a permission.
  'jwt_refused',
  'client_refused',
  'token_rejected',
  'app_permission',
  'user_permission',
  // RingCentral refuses the request.
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
  // RingCentral is throttling or unreachable, or its response is missing or unusable.
  'throttled',
  'unreachable',
  'timeout',
  'upstream_error',
  'upstream_answer',
  'call_uncertain',
  'fax_uncertain',
  // This service fails.
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
 * Failures that the sender can correct, or that happen on any ordinary day. They raise no alarm. `credentials` is one
 * of them, because password guessing is detected separately. `cross_site` is one of them, because any web page that an
 * employee opens could raise an alarm otherwise.
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

/** Returns whether an operator must act on failures of this kind, because no sender can avoid them. */
export const needsAction = (code: FailureCode): boolean => !leftToTheSender.has(code);

/** Details of one failure besides its code. They are logged unchanged, so they must not hold a secret. */
export interface FailureDetail {
  /** Seconds until a retry makes sense; only for `throttled`. */
  readonly retryAfterSeconds?: number;
  /** Seconds in which the same call or fax is not placed again. Set only when it is unknown whether it was placed. */
  readonly heldSeconds?: number;
  /** HTTP status RingCentral answered with. */
  readonly upstreamStatus?: number;
  /** RingCentral's `errorCode`, such as `CMN-101`. */
  readonly upstreamCode?: string;
  /** One line for the log that says what to check. It must not hold a value from the client or the secret. */
  readonly hint?: string;
}

/** A known failure. The endpoint's handler turns it into a legacy answer. */
export class LegacyFailure extends Error {
  readonly code: FailureCode;
  readonly detail: FailureDetail;

  constructor(code: FailureCode, detail: FailureDetail = {}, options?: ErrorOptions) {
    super(detail.hint === undefined ? code : `${code}: ${detail.hint}`, options);
    this.name = 'LegacyFailure';
    this.code = code;
    this.detail = detail;
  }
}
