import type { default as RingOutStatusInfo } from '@rc-ex/core/definitions/RingOutStatusInfo';
import type { RingOutState } from '../domain/ring-out.ts';

/**
 * Status of a call or one of its two parties in the legacy language: 0 Success, 1 In Progress, 2 Busy, 3 No Answer,
 * 4 Rejected, 5 Generic Error, 6 Finished, 7 International calls disabled, 8 Destination number prohibited.
 */
export type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What a live call looks like to a legacy program: the whole, the destination party, the call-back party. */
export interface StatusGroups {
  readonly general: Digit;
  readonly destination: Digit;
  readonly callBack: Digit;
}

type RestStatus = NonNullable<RingOutStatusInfo['callStatus' | 'callerStatus' | 'calleeStatus']>;

const genericError: Digit = 5;

/** Every status RingCentral has published, `gone` for the one that says there is no such session any more. */
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
  // Says only that there is no connection: the reason is in the parties, see statusGroups.
  CannotReach: 5,
  NoAnsweringMachine: 5,
  Unknown: 5,
  NoSessionFound: 'gone',
} as const satisfies Record<RestStatus | 'NoSuchUser', Digit | 'gone'>;

// RingCentral's own documents differ in case.
const byLowerCase: ReadonlyMap<string, Digit | 'gone'> = new Map(
  Object.entries(restStatuses).map(([status, digit]) => [status.toLowerCase(), digit]),
);

/** Outcomes of one party that explain why a call cannot be connected. */
const explanations: ReadonlySet<Digit> = new Set<Digit>([2, 3, 4, 7, 8]);

/**
 * Turns RingCentral's words for a call into legacy digits. `over` when any of them says that the session is no longer
 * there (RingCentral developer guide: `NoSessionFound`). A status nobody has published is a generic error.
 *
 * Two things RingCentral says only through the parties: after hang-up the call stays `Success` and both parties become
 * `Finished`; and `CannotReach` does not tell why. Its reading: the call-back party's refusal as the old server showed
 * it (general 2, destination 5, call-back 4), else the destination's outcome, else the call-back party's.
 */
export function statusGroups(state: RingOutState & { readonly kind: 'live' }): StatusGroups | 'over' {
  const call = digitOf(state.call);
  const callBack = digitOf(state.caller);
  const destination = digitOf(state.callee);
  if (call === 'gone' || callBack === 'gone' || destination === 'gone') return 'over';
  if (callBack === 6 && destination === 6) return { general: 6, destination, callBack };
  if (normalised(state.call) !== 'cannotreach') return { general: call, destination, callBack };
  if (callBack === 4) return { general: 2, destination: genericError, callBack };
  const general = [destination, callBack].find((digit) => explanations.has(digit)) ?? genericError;
  return { general, destination, callBack };
}

function digitOf(status: string): Digit | 'gone' {
  return byLowerCase.get(normalised(status)) ?? genericError;
}

function normalised(status: string): string {
  return status.trim().toLowerCase();
}
