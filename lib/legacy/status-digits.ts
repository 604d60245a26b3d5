import type { default as RingOutStatusInfo } from '@rc-ex/core/definitions/RingOutStatusInfo';
import type { E164 } from '../domain/phone.ts';
import type { LiveState, SessionView } from '../domain/ring-out.ts';

/**
 * Legacy code for the status of a call or of one of its two parties: 0 Success, 1 In Progress, 2 Busy, 3 No Answer, 4
 * Rejected, 5 Generic Error, 6 Finished, 7 International calls disabled, 8 Destination number prohibited.
 */
export type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** The five groups of a legacy status: the status of the whole call, and the status and number of each party. */
export interface StatusGroups {
  readonly general: Digit;
  readonly to: E164;
  readonly destination: Digit;
  readonly from: E164;
  readonly callBack: Digit;
}

type RestStatus = NonNullable<RingOutStatusInfo['callStatus' | 'callerStatus' | 'calleeStatus']>;

const genericError: Digit = 5;

/** Every status that RingCentral has published. */
const restStatuses = {
  Success: 0,
  InProgress: 1,
  Busy: 2,
  NoAnswer: 3,
  Rejected: 4,
  GenericError: 5,
  Finished: 6,
  InternationalDisabled: 7,
  DestinationBlocked: 8,
  Invalid: 5,
  RingOutFromThisNumberIsNotSupported: 5,
  NotEnoughFunds: 5,
  NosuchUser: 5,
  // The spelling of RingCentral's documents before 2025.
  NoSuchUser: 5,
  Error: 5,
  // Means only that there is no connection. The parties show the reason, see statusGroups.
  CannotReach: 5,
  NoAnsweringMachine: 5,
  Unknown: 5,
  // Only for a call that was just accepted. Later this status ends the call, see lib/ringcentral/ring-out.ts.
  NoSessionFound: 1,
} as const satisfies Record<RestStatus | 'NoSuchUser', Digit>;

// RingCentral's own documents differ in case.
const byLowerCase: ReadonlyMap<string, Digit> = new Map(
  Object.entries(restStatuses).map(([status, digit]) => [status.toLowerCase(), digit]),
);

/** Outcomes of one party that explain why a call cannot be connected. */
const explanations: ReadonlySet<Digit> = new Set<Digit>([2, 3, 4, 7, 8]);

/**
 * Maps RingCentral's statuses of a call to legacy digits. Returns undefined for a call that is over or unknown. An
 * unpublished status becomes a generic error.
 *
 * RingCentral reports two things only through the parties. After hang-up the call stays `Success` and both parties
 * become `Finished`. `CannotReach` does not give the reason. It becomes the first of these that applies: the call-back
 * party's refusal, as the old server showed it (general 2, destination 5, call-back 4); the destination's outcome; the
 * call-back party's outcome.
 */
export function statusGroups(view: SessionView | undefined): StatusGroups | undefined {
  if (view === undefined || view.state.kind === 'gone') return undefined;
  const { to, from, state } = view;
  return { to, from, ...digitsOf(state) };
}

function digitsOf(state: LiveState): Pick<StatusGroups, 'general' | 'destination' | 'callBack'> {
  const call = digitOf(state.call);
  const callBack = digitOf(state.caller);
  const destination = digitOf(state.callee);
  if (callBack === 6 && destination === 6) return { general: 6, destination, callBack };
  if (normalised(state.call) !== 'cannotreach') return { general: call, destination, callBack };
  if (callBack === 4) return { general: 2, destination: genericError, callBack };
  const general = [destination, callBack].find((digit) => explanations.has(digit)) ?? genericError;
  return { general, destination, callBack };
}

function digitOf(status: string): Digit {
  return byLowerCase.get(normalised(status)) ?? genericError;
}

function normalised(status: string): string {
  return status.trim().toLowerCase();
}
