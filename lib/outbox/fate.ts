import { LegacyFailure, type FailureCode, type FailureDetail } from '../domain/failure.ts';
import type { LogFields } from '../domain/ports.ts';
import { DocumentsUnavailable } from './ports.ts';

/** What a failed attempt to send a fax means for it. */
export type Fate =
  /** RingCentral will never take it. */
  | { readonly kind: 'refused'; readonly code: FailureCode; readonly detail: FailureDetail }
  /** RingCentral has not carried it out, and may later. */
  | { readonly kind: 'not sent'; readonly code: FailureCode; readonly detail: FailureDetail }
  | { readonly kind: 'unclear'; readonly remark: LogFields };

/** RingCentral's codes look like this; what stands in between has none of them. */
const ownCode = /^[A-Z]{2,8}-\d{1,5}$/;

/** What can be wrong with a fax, or with whoever sends it. */
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
 * What an attempt that threw means. A refusal counts for good with RingCentral's own code; any proxy may say 403. Too
 * large and unsupported are taken from anybody: the same documents meet the same answer a day long, and hold up others.
 */
export function fateOf(error: unknown): Fate {
  if (error instanceof DocumentsUnavailable) {
    return { kind: 'not sent', code: 'outbox_unavailable', detail: { note: error.message } };
  }
  if (!(error instanceof LegacyFailure)) {
    return { kind: 'unclear', remark: { code: 'internal', reason: error instanceof Error ? error.name : 'unknown' } };
  }
  const { code, detail } = error;
  if (code === 'fax_uncertain' || code === 'internal') return { kind: 'unclear', remark: { code, ...detail } };
  if (!refusals.has(code)) return { kind: 'not sent', code, detail };
  const isForGood =
    ownCode.test(detail.upstreamCode ?? '') ||
    detail.upstreamStatus === 413 ||
    detail.upstreamStatus === 415 ||
    // A message that RingCentral has made, and failed.
    detail.upstreamStatus === undefined;
  return { kind: isForGood ? 'refused' : 'not sent', code, detail };
}
