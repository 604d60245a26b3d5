import type { E164 } from './phone.ts';

/** The legacy session id: always nine decimal digits, so that it fits a signed 32-bit integer and cannot be guessed. */
export type SessionId = `${number}`;

/** A call to place. Both numbers are final. The caller id is sent only when the program gave one. */
export interface RingOutOrder {
  readonly from: E164;
  readonly to: E164;
  readonly callerId: E164 | undefined;
  readonly playPrompt: boolean;
}

/** The state of a call that RingCentral knows, in RingCentral's own words (`InProgress`, `Success`, …). */
export interface LiveState {
  readonly kind: 'live';
  readonly call: string;
  readonly caller: string;
  readonly callee: string;
}

/**
 * The state of a call. `gone` means that the resource no longer exists, which is how RingCentral reports that a call is
 * over.
 */
export type RingOutState = LiveState | { readonly kind: 'gone' };

/** The state of a call that RingCentral has just accepted. */
export const justStarted: LiveState = { kind: 'live', call: 'InProgress', caller: 'InProgress', callee: 'InProgress' };

/**
 * What a legacy program sees of one session. `to` and `from` are the numbers that were dialled when the call was
 * placed.
 */
export interface SessionView {
  readonly sessionId: SessionId;
  readonly to: E164;
  readonly from: E164;
  readonly state: RingOutState;
}
