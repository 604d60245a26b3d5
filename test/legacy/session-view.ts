import type { LiveState, RingOutState, SessionView } from '../../lib/domain/ring-out.ts';

/** A session between two demo numbers in the given state. */
export function sessionView(state: RingOutState): SessionView {
  return { sessionId: '123456789', to: '+16505551230', from: '+16505553711', state };
}

/** A state as RingCentral describes it: the call, the call-back party, the destination. */
export function live(call: string, caller: string, callee: string): LiveState {
  return { kind: 'live', call, caller, callee };
}
