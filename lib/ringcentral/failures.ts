import { LegacyFailure, type FailureCode, type FailureDetail } from '../domain/failure.ts';
import type { E164 } from '../domain/phone.ts';
import type { RouteName } from '../domain/throttle.ts';
import { asArray, asObject, asText } from '../domain/untrusted.ts';
import type { TransportError } from './transport.ts';

/**
 * Failure codes by RingCentral's error code. Sources: the error tables of the API reference for ring-out, forwarding
 * numbers and fax, and the developer guide's page on errors. The key is never the message, because messages are
 * translated and reworded.
 */
const failureOfCode: Readonly<Record<string, FailureCode>> = {
  'TEL-101': 'to_blocked',
  'TEL-102': 'from_blocked',
  'TEL-107': 'caller_id_refused',
  'TEL-108': 'from_refused',
  'TEL-109': 'to_refused',
  'RNG-102': 'caller_id_refused',
  'BIL-101': 'plan',
  'BIL-103': 'plan',
  'CMN-109': 'plan',
  'CMN-112': 'extension_type',
  'CMN-403': 'plan',
  'CMN-427': 'plan',
  'CMN-113': 'feature_disabled',
  'CMN-401': 'app_permission',
  'CMN-402': 'user_permission',
  'CMN-404': 'user_permission',
  'CMN-408': 'user_permission',
  'CMN-419': 'user_permission',
  'MSG-337': 'fax_too_large',
  'MSG-338': 'fax_too_large',
  'MSG-340': 'fax_prohibited',
  'MSG-341': 'fax_prohibited',
  'MSG-344': 'recipient_invalid',
  'MSG-347': 'fax_document_refused',
  'MSG-348': 'fax_document_unsupported',
  'MSG-353': 'fax_document_unsupported',
  'MSG-355': 'fax_document_unsupported',
  'MSG-356': 'fax_document_unsupported',
  'MSG-370': 'fax_document_refused',
};

/** Content of an error body, in any of its three forms. */
export interface UpstreamError {
  readonly code: string | undefined;
  readonly message: string;
  /** Name of the offending parameter, such as `to.phoneNumber`. */
  readonly parameter: string | undefined;
  readonly parameterValue: string | undefined;
}

/** Messages are short sentences; the rest of a longer one is ignored. */
const maxMessageLength = 1000;

/** Reads `{errors:[{errorCode,…}]}`, the same fields at top level, or the OAuth form. The result is empty for HTML. */
export function readUpstreamError(body: unknown): UpstreamError {
  const top = asObject(body);
  const first = asObject(asArray(top?.['errors'])[0]);
  const message = (asText(first?.['message']) ?? asText(top?.['message']) ?? '').slice(0, maxMessageLength);
  return {
    code: asText(first?.['errorCode']) ?? asText(top?.['errorCode']) ?? asText(top?.['error']),
    message,
    parameter:
      asText(first?.['parameterName']) ??
      asText(top?.['parameterName']) ??
      /\[([A-Za-z0-9.]{1,64})\]/.exec(message)?.[1],
    parameterValue: asText(first?.['parameterValue']) ?? asText(top?.['parameterValue']),
  };
}

/** The numbers in the request, to find the one that an error is about. */
export interface SentNumbers {
  readonly to?: E164;
  readonly from?: E164;
  readonly callerId?: E164 | undefined;
}

/** Returns what may be logged and passed on of RingCentral's answer: its status, and its error code if there is one. */
export function upstreamDetail(status: number, body: unknown): FailureDetail {
  const { code } = readUpstreamError(body);
  return { upstreamStatus: status, ...(code === undefined ? {} : { upstreamCode: safeCode(code) }) };
}

/** Whether an error code has the form of RingCentral's. Proxies do not send such codes. */
export function isOwnCode(code = ''): boolean {
  return /^[A-Z]{2,8}-\d{1,5}$/.test(code);
}

/**
 * Whether an answer is a definite refusal. A 408 is not: the sender timed out, and RingCentral may have acted. A 429
 * that is not a rate limit (CMN-304) is not either: an equal request may be in progress. Without RingCentral's code
 * neither a conflict is, nor a status that proxies invented, such as 499: the proxy may have passed the request on.
 */
export function isRefusal(status: number, code?: string): boolean {
  if (status < 400 || status >= 500 || status === 408 || status === 429) return false;
  return isOwnCode(code) || (status !== 409 && status <= 451);
}

/** Returns the failure while a rate-limit group is closed until `untilMs` (epoch milliseconds). */
export function throttledUntil(untilMs: number, nowMs: number, detail: FailureDetail): LegacyFailure {
  return new LegacyFailure('throttled', {
    ...detail,
    retryAfterSeconds: Math.max(1, Math.ceil((untilMs - nowMs) / 1000)),
  });
}

/** Returns the failure for a 4xx answer other than 401 and 429. */
export function refusalOf(route: RouteName, status: number, body: unknown, sent: SentNumbers = {}): LegacyFailure {
  return new LegacyFailure(refusalCode(route, status, readUpstreamError(body), sent), upstreamDetail(status, body));
}

function refusalCode(route: RouteName, status: number, error: UpstreamError, sent: SentNumbers): FailureCode {
  // A proxy in front of RingCentral's API may have answered; its code says nothing about the fax.
  if (route === 'fax' && status === 413) return 'fax_too_large';
  const code = error.code ?? '';
  if (callRoutes.has(route) && !isAboutCall(status, code)) return 'upstream_error';
  const known = Object.hasOwn(failureOfCode, code) ? failureOfCode[code] : undefined;
  if (known !== undefined) return known;
  if (route === 'ring-out' && error.code === 'CMN-101') return offendingNumber(error, sent);
  if (route === 'fax' && error.code === 'CMN-101') return 'recipient_invalid';
  if (route === 'fax' && status === 415) return 'fax_document_unsupported';
  return 'refused';
}

/** Routes that read or cancel one call. */
const callRoutes: ReadonlySet<RouteName> = new Set<RouteName>(['ring-out-status', 'ring-out-cancel']);

/** RingCentral's error code for a call that does not exist. */
const noSuchCall = 'CMN-102';

/**
 * Whether a 4xx is about the call: a wrong guess would treat a live call as over. A 404 without RingCentral's code, or
 * about the path (CMN-120), means that RingCentral cannot be asked.
 */
function isAboutCall(status: number, code: string): boolean {
  return status === 404 ? code === noSuchCall : isOwnCode(code);
}

/**
 * Returns the failure for CMN-101, an invalid number. Only the parameter's name or value, if present, identifies the
 * number.
 */
function offendingNumber(error: UpstreamError, sent: SentNumbers): FailureCode {
  const place = (error.parameter ?? '').toLowerCase();
  if (place.startsWith('from')) return 'from_refused';
  if (place.startsWith('callerid')) return 'caller_id_refused';
  if (place.startsWith('to')) return 'to_refused';
  const digits = (error.parameterValue ?? '').replaceAll(/\D/g, '');
  const isSent = (number: E164 | undefined): boolean => digits !== '' && number === `+${digits}`;
  if (isSent(sent.to)) return 'to_refused';
  if (isSent(sent.from)) return 'from_refused';
  return isSent(sent.callerId) ? 'caller_id_refused' : 'to_refused';
}

/** Replaces a code that does not look like one, because it goes into logs and JSON answers. */
function safeCode(code: string): string {
  return /^[A-Za-z]{2,12}[-_]?[A-Za-z0-9_-]{0,32}$/.test(code) ? code : 'unreadable';
}

/**
 * Returns the failure for a missing or broken answer.
 *
 * @param uncertain the failure of a request that RingCentral may have executed
 */
export function transportFailure(error: TransportError, uncertain?: FailureCode): LegacyFailure {
  const detail: FailureDetail = { hint: error.message };
  if (error.problem === 'not_sent') return new LegacyFailure('unreachable', detail, { cause: error });
  if (uncertain !== undefined) return new LegacyFailure(uncertain, detail, { cause: error });
  return new LegacyFailure(error.problem === 'timeout' ? 'timeout' : 'unreachable', detail, { cause: error });
}

/**
 * Returns the failure for a 5xx, a redirect, a 4xx that is not a refusal, or a 2xx with an unexpected body.
 *
 * @param uncertain the failure of a request that RingCentral may have executed
 */
export function answerFailure(status: number, body: unknown, uncertain?: FailureCode): LegacyFailure {
  const ifHarmless = status >= 200 && status < 400 ? 'upstream_answer' : 'upstream_error';
  return new LegacyFailure(uncertain ?? ifHarmless, upstreamDetail(status, body));
}

/** Whether a failure is RingCentral's own trouble, for a metric with an alarm. */
export function isUpstreamTrouble(code: FailureCode): boolean {
  return ['unreachable', 'timeout', 'upstream_error', 'upstream_answer', 'call_uncertain', 'fax_uncertain'].includes(
    code,
  );
}
