import type { E164 } from './phone.ts';

/** The legacy session id: always nine decimal digits, so that it fits a signed 32-bit integer and cannot be guessed. */
export type SessionId = `${number}`;

/** A call to place: both numbers are final, the caller id is sent only when the program gave one. */
export interface RingOutOrder {
  readonly from: E164;
  readonly to: E164;
  readonly callerId: E164 | undefined;
  readonly playPrompt: boolean;
}

/** How RingCentral describes a call that it knows, in its own words (`InProgress`, `Success`, …). */
export interface LiveState {
  readonly kind: 'live';
  readonly call: string;
  readonly caller: string;
  readonly callee: string;
}

/** A call's state; `gone` once the resource is no longer there, which is how RingCentral says that a call is over. */
export type RingOutState = LiveState | { readonly kind: 'gone' };

/** What a call is that was accepted a moment ago. */
export const justStarted: LiveState = { kind: 'live', call: 'InProgress', caller: 'InProgress', callee: 'InProgress' };

/** What the legacy program is told about one session. `to` and `from` are what was dialled when it was placed. */
export interface SessionView {
  readonly sessionId: SessionId;
  readonly to: E164;
  readonly from: E164;
  readonly state: RingOutState;
}
