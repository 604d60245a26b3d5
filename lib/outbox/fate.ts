import { LegacyFailure, type FailureCode, type FailureDetail } from '../domain/failure.ts';
import type { LogFields } from '../domain/ports.ts';
import { isOwnCode } from '../ringcentral/failures.ts';
import { DocumentsUnavailable } from './ports.ts';

/** Consequence of a failed attempt to send a fax. */
export type Fate =
  /** RingCentral will never accept the fax. */
  | { readonly kind: 'refused'; readonly code: FailureCode; readonly detail: FailureDetail }
  /** RingCentral has not sent the fax, but may accept it later. */
  | { readonly kind: 'not sent'; readonly code: FailureCode; readonly detail: FailureDetail }
  | { readonly kind: 'unclear'; readonly remark: LogFields };

/** Failures caused by the fax itself or by its user. */
const refusals: ReadonlySet<FailureCode> = new Set([
  'app_permission',
  'user_permission',
  'feature_disabled',
  'plan',
  'extension_type',
  'fax_prohibited',
  'fax_too_large',
  'fax_document_unsupported',
  'fax_document_refused',
  'recipient_invalid',
  'to_refused',
  'to_blocked',
  'from_refused',
  'from_blocked',
  'caller_id_refused',
  'refused',
]);

/**
 * Returns the consequence of an attempt that threw. A refusal is final when it has RingCentral's own code, because any
 * proxy may send a 403. The statuses 413 (too large) and 415 (unsupported) are final from any sender. A retry with the
 * same documents would get the same answer all day, and hold up other faxes.
 */
export function fateOf(error: unknown): Fate {
  if (error instanceof DocumentsUnavailable) {
    return { kind: 'not sent', code: 'outbox_unavailable', detail: { hint: error.message } };
  }
  if (!(error instanceof LegacyFailure)) {
    return { kind: 'unclear', remark: { code: 'internal', reason: error instanceof Error ? error.name : 'unknown' } };
  }
  const { code, detail } = error;
  if (code === 'fax_uncertain' || code === 'internal') return { kind: 'unclear', remark: { code, ...detail } };
  if (!refusals.has(code)) return { kind: 'not sent', code, detail };
  const isForGood =
    isOwnCode(detail.upstreamCode) ||
    detail.upstreamStatus === 413 ||
    detail.upstreamStatus === 415 ||
    // RingCentral has created a message and failed it.
    detail.upstreamStatus === undefined;
  return { kind: isForGood ? 'refused' : 'not sent', code, detail };
}
