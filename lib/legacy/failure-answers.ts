import type { FailureCode, FailureDetail, LegacyFailure } from '../domain/failure.ts';

/** The answers to one kind of failure. */
interface FailureAnswer {
  /**
   * The sentence after `FAILED `. It must not contain the letters "ok" in any case, not even inside a word, because
   * programs search for them. Nor may it contain `<`, `{` or a line end.
   */
  readonly ringout: string | ((detail: FailureDetail) => string);
  /** 1 authorization failed, 2 faxing prohibited, 3 no recipients, 4 no fax data, 5 generic error. */
  readonly fax: '1' | '2' | '3' | '4' | '5';
  /** HTTP status with `format=json`; every other answer is a 200. */
  readonly status: number;
}

/** Digits that may or may not be a foreign number are refused, so the text says what works. */
const notANumber = 'not a phone number, write a foreign one with + before it';

/** The answers to all failures. Only the text of `credentials` is on record from the old server. */
const answers: Readonly<Record<FailureCode, FailureAnswer>> = {
  credentials: { ringout: 'Invalid User or Password', fax: '1', status: 401 },
  command: { ringout: 'The cmd parameter must be list, call, status or cancel', fax: '5', status: 400 },
  method: { ringout: 'This HTTP method is not served here', fax: '5', status: 405 },
  malformed: { ringout: 'The request body cannot be read or was cut short', fax: '5', status: 400 },
  cross_site: {
    ringout: 'A web page of another site may not ask for this unless allowedOrigins names it',
    fax: '5',
    status: 403,
  },
  to_missing: { ringout: 'The To number is missing', fax: '5', status: 400 },
  to_invalid: { ringout: `The To number is ${notANumber}`, fax: '5', status: 400 },
  from_missing: { ringout: 'The From number is missing and the user has no call-back number', fax: '5', status: 400 },
  from_invalid: { ringout: `The From number is ${notANumber}`, fax: '5', status: 400 },
  caller_id_invalid: { ringout: 'The Clid number is not a phone number', fax: '5', status: 400 },
  recipient_missing: { ringout: 'The fax has no recipient', fax: '3', status: 400 },
  recipient_invalid: { ringout: `A recipient of the fax is ${notANumber}`, fax: '5', status: 400 },
  fax_data_missing: { ringout: 'The fax has neither an attachment nor a cover page text', fax: '4', status: 400 },
  session_unknown: { ringout: 'There is no such session', fax: '5', status: 404 },

  jwt_refused: { ringout: 'RingCentral refuses the credential stored for this user', fax: '1', status: 401 },
  client_refused: {
    ringout: 'RingCentral refuses the application credentials of this service',
    fax: '5',
    status: 500,
  },
  token_rejected: { ringout: 'RingCentral ended the sign-in of this user, try again', fax: '5', status: 502 },
  app_permission: {
    ringout: 'The RingCentral application of this service lacks the permission for this',
    fax: '2',
    status: 403,
  },
  user_permission: { ringout: 'The RingCentral user lacks the permission for this', fax: '2', status: 403 },

  to_refused: { ringout: 'RingCentral does not accept the To number', fax: '5', status: 400 },
  from_refused: { ringout: 'RingCentral does not accept the From number', fax: '5', status: 400 },
  caller_id_refused: {
    ringout: 'RingCentral does not allow this user the Clid number as caller id',
    fax: '5',
    status: 403,
  },
  to_blocked: { ringout: 'The To number is on a list of blocked numbers', fax: '5', status: 403 },
  from_blocked: { ringout: 'The From number is on a list of blocked numbers', fax: '5', status: 403 },
  feature_disabled: {
    ringout: 'International calls or another feature needed here is disabled for this user',
    fax: '5',
    status: 403,
  },
  plan: { ringout: 'The RingCentral plan of this account does not include this', fax: '2', status: 403 },
  extension_type: { ringout: 'A RingCentral extension of this type cannot do this', fax: '5', status: 403 },
  fax_prohibited: { ringout: 'This account or user is not allowed to send faxes', fax: '2', status: 403 },
  fax_too_large: { ringout: 'The fax is too large', fax: '5', status: 413 },
  fax_document_unsupported: {
    ringout: 'RingCentral cannot fax a document of this type',
    fax: '5',
    status: 415,
  },
  fax_document_refused: { ringout: 'RingCentral does not accept a document of the fax', fax: '5', status: 400 },
  refused: { ringout: refusedText, fax: '5', status: 400 },

  throttled: { ringout: throttledText, fax: '5', status: 429 },
  unreachable: { ringout: 'RingCentral could not be reached, nothing was sent', fax: '5', status: 502 },
  timeout: { ringout: 'RingCentral could not be reached in time', fax: '5', status: 504 },
  upstream_error: { ringout: 'RingCentral could not be reached, it reports an internal error', fax: '5', status: 502 },
  upstream_answer: { ringout: 'RingCentral sent an answer that cannot be understood', fax: '5', status: 502 },
  call_uncertain: {
    ringout: (detail) => uncertainText('RingCentral did not confirm the call, which may have been placed', detail),
    fax: '5',
    status: 504,
  },
  fax_uncertain: { ringout: 'RingCentral did not confirm the fax, which may have been sent', fax: '5', status: 504 },

  configuration: { ringout: 'This service is not set up correctly', fax: '5', status: 500 },
  secret_unavailable: { ringout: 'The credentials stored for this service cannot be read', fax: '5', status: 503 },
  state_unavailable: { ringout: 'The storage of this service cannot be reached', fax: '5', status: 503 },
  outbox_unavailable: { ringout: 'The fax cannot be stored for sending', fax: '5', status: 503 },
  outbox_full: { ringout: 'This user has too many faxes waiting', fax: '5', status: 503 },
  deadline: { ringout: 'The request could not be finished in time', fax: '5', status: 504 },
  internal: { ringout: 'Internal error of this service', fax: '5', status: 500 },
};

/** Returns the ringout answer: `FAILED ` and one plain sentence. */
export function failureText(failure: LegacyFailure): string {
  return `FAILED ${sentence(failure)}`;
}

/** Returns the fax answer: one digit, never `0`. */
export function failureDigit(failure: LegacyFailure): string {
  return answers[failure.code].fax;
}

/** Returns the answer with `format=json`. `errorCode` is RingCentral's own if it gave one, else ours in capitals. */
export function failureJson(failure: LegacyFailure): { readonly statusCode: number; readonly body: string } {
  const errorCode = failure.detail.upstreamCode ?? failure.code.toUpperCase();
  return {
    statusCode: answers[failure.code].status,
    body: JSON.stringify({ errorCode, message: sentence(failure) }),
  };
}

function sentence({ code, detail }: LegacyFailure): string {
  const { ringout } = answers[code];
  return typeof ringout === 'string' ? ringout : ringout(detail);
}

/** Discourages an immediate retry, by a program or a person, because it gets the same answer. */
function uncertainText(text: string, { heldSeconds = 60 }: FailureDetail): string {
  if (heldSeconds === 0) return text;
  const time = heldSeconds === 60 ? 'a minute' : `${heldSeconds} seconds`;
  return `${text}, so the same call is not placed again for ${time}`;
}

function throttledText({ retryAfterSeconds }: FailureDetail): string {
  const text = 'RingCentral could not be reached because this user sent too many requests';
  if (retryAfterSeconds === undefined || !Number.isFinite(retryAfterSeconds)) return `${text}, try again in a minute`;
  const seconds = Math.max(1, Math.ceil(retryAfterSeconds));
  return `${text}, try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
}

/** Includes RingCentral's code for whoever investigates. Text that does not look like such a code is left out. */
function refusedText({ upstreamCode }: FailureDetail): string {
  const text = 'RingCentral refused the request';
  const isCode = upstreamCode !== undefined && /^[A-Z]{3}-\d{1,4}$/.test(upstreamCode) && !upstreamCode.includes('OK');
  return isCode ? `${text} (${upstreamCode})` : text;
}
