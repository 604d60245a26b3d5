import { LegacyFailure } from '../domain/failure.ts';
import type { ForwardingNumber } from '../domain/forwarding-number.ts';
import type { LiveState, SessionId, SessionView } from '../domain/ring-out.ts';
import { callBackNumbers } from './call-back-number.ts';

/**
 * Renders the answer to `cmd=list` with `format=json`: RingCentral's unchanged records of the numbers usable as `From`.
 */
export function jsonList(numbers: readonly ForwardingNumber[]): string {
  return JSON.stringify({ records: callBackNumbers(numbers).map(({ record }) => record) });
}

/**
 * Renders the answer to `cmd=status` with `format=json`, in the form of {@link jsonCall}.
 * @throws LegacyFailure `session_unknown` when the resource is gone, because RingCentral itself answers 404 then
 */
export function jsonStatus({ sessionId, state }: SessionView): string {
  if (state.kind === 'gone') throw new LegacyFailure('session_unknown');
  return jsonCall(sessionId, state);
}

/**
 * Renders the answer to `cmd=call` with `format=json`: RingCentral's ring-out resource under our session id.
 * RingCentral's own id and address are never shown.
 */
export function jsonCall(sessionId: SessionId, { call, caller, callee }: LiveState): string {
  return JSON.stringify({
    id: sessionId,
    status: { callStatus: call, callerStatus: caller, calleeStatus: callee },
  });
}

/** The answer to `cmd=cancel` with `format=json`. */
export const jsonCancel = '{}';
