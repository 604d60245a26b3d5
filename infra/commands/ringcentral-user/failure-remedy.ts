import type { FailureCode, LegacyFailure } from '../../../lib/domain/failure.ts';
import { failed, type Check } from '../report/check.ts';
import { networkReason } from '../report/network-reason.ts';

interface Advice {
  readonly what: string;
  readonly remedy: string;
}

const developerConsole = 'the RingCentral Developer Console';

/** The remedies for failures of the doctor's own requests to RingCentral. */
const advice: Partial<Record<FailureCode, Advice>> = {
  jwt_refused: {
    what: 'RingCentral refuses the JWT',
    remedy: `Create a new JWT credential as this user in ${developerConsole} (production, and for this app or all apps) and put it into the secret.`,
  },
  client_refused: {
    what: 'RingCentral refuses the app',
    remedy: `Compare clientId and clientSecret with the app in ${developerConsole}, and let its auth type be "JWT auth flow".`,
  },
  token_rejected: {
    what: 'RingCentral rejects the token it has just given out',
    remedy: 'Run the doctor again; somebody may have ended the sessions of this user a moment ago.',
  },
  app_permission: {
    what: 'the app lacks a permission',
    remedy: `Give the app the permissions ReadAccounts, RingOut and Faxes in ${developerConsole}.`,
  },
  user_permission: {
    what: 'the user lacks a permission',
    remedy: "Give the user's role this permission in RingCentral's Admin Portal.",
  },
  plan: {
    what: 'the plan of the account does not include this',
    remedy: "Look at the account's plan in RingCentral's Admin Portal.",
  },
  extension_type: {
    what: 'an extension of this type cannot do this',
    remedy: 'Use the JWT of a user extension: queues, announcements and the like neither call nor fax.',
  },
  throttled: {
    what: 'RingCentral throttles this user',
    remedy: 'Wait a minute without sending anything for this user, then run the doctor again.',
  },
  unreachable: {
    what: 'RingCentral cannot be reached',
    remedy: 'Check serverUrl, and that this computer may connect to it.',
  },
  timeout: { what: 'RingCentral did not answer in time', remedy: 'Run the doctor again; see status.ringcentral.com.' },
  upstream_error: {
    what: 'RingCentral reports an internal error',
    remedy: 'Run the doctor again; see status.ringcentral.com.',
  },
  upstream_answer: {
    what: 'the answer is not one of RingCentral',
    remedy: 'Check that serverUrl is https://platform.ringcentral.com and that no proxy answers in its place.',
  },
};

const otherAdvice: Advice = {
  what: 'RingCentral refuses the request',
  remedy: "Look the code up on the page on errors of RingCentral's developer guide.",
};

/** Returns a failed check for a failed request. Shows RingCentral's status and code, and nothing from the request. */
export function failedBecause(name: string, failure: LegacyFailure): Check {
  const { code, detail } = failure;
  const { what, remedy } = advice[code] ?? otherAdvice;
  const reason = code === 'unreachable' ? networkReason(failure) : undefined;
  if (reason !== undefined) return failed(name, `${what}: ${reason.what}`, reason.remedy);
  const { upstreamStatus, upstreamCode } = detail;
  const answer = [upstreamStatus === undefined ? '' : `HTTP ${upstreamStatus}`, upstreamCode ?? ''].filter(Boolean);
  return failed(name, answer.length === 0 ? what : `${what} (${answer.join(' ')})`, remedy);
}
