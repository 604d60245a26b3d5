import { LegacyFailure } from '../domain/failure.ts';
import type { FailureCode } from '../domain/failure.ts';
import type { E164, HomeCountry } from '../domain/phone.ts';
import type { SessionId } from '../domain/ring-out.ts';
import type { Fields } from './fields.ts';
import { readCallerId, readNumber } from './phone-number.ts';

/** The parameters of a `cmd=call` as sent. */
export interface CallRequest {
  readonly to: string;
  readonly from: string | undefined;
  readonly callerId: string | undefined;
  /** Whether the person who is called back must press 1 to be connected. */
  readonly prompt: boolean;
}

/**
 * The numbers of a call, as RingCentral expects them. `from` is undefined when the program left the choice to this
 * service.
 */
export interface CallNumbers {
  readonly to: E164;
  readonly from: E164 | undefined;
  readonly callerId: E164 | undefined;
}

/**
 * Reads the parameters of `cmd=call`. Only `Prompt=1` turns the prompt on (RingCentral's page).
 * @throws LegacyFailure `to_missing`
 */
export function parseCall(fields: Fields): CallRequest {
  const to = fields.first('To');
  if (to === undefined) throw new LegacyFailure('to_missing');
  return {
    to,
    from: fields.first('From'),
    callerId: fields.first('Clid'),
    prompt: fields.first('Prompt') === '1',
  };
}

/**
 * Reads the numbers of a call as numbers of the user's home country.
 * @throws LegacyFailure `to_invalid`, `from_invalid`, `caller_id_invalid`, in this order
 */
export function readCallNumbers(request: CallRequest, homeCountry: HomeCountry): CallNumbers {
  const { to, from, callerId } = request;
  return {
    to: orFail(readNumber(to, homeCountry), 'to_invalid'),
    from: from === undefined ? undefined : orFail(readNumber(from, homeCountry), 'from_invalid'),
    callerId: callerId === undefined ? undefined : orFail(readCallerId(callerId, homeCountry), 'caller_id_invalid'),
  };
}

function orFail(number: E164 | undefined, failure: FailureCode): E164 {
  if (number === undefined) throw new LegacyFailure(failure);
  return number;
}

/**
 * Renders the answer to `cmd=call`. It has exactly three parts, because a client discards anything else. The last part
 * was a number of RingCentral's web server that programs should send back. No program uses it, so it is always `3`.
 */
export function renderCall(sessionId: SessionId): string {
  return `OK ${sessionId} 3`;
}
