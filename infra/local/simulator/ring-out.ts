import { Buffer } from 'node:buffer';
import { randomInt } from 'node:crypto';
import type GetRingOutStatusResponse from '@rc-ex/core/definitions/GetRingOutStatusResponse';
import type MakeRingOutRequest from '@rc-ex/core/definitions/MakeRingOutRequest';
import type RingOutStatusInfo from '@rc-ex/core/definitions/RingOutStatusInfo';
import {
  apiError,
  emptyAnswer,
  invalidParameter,
  jsonAnswer,
  notFound,
  unreadableJson,
  type Answer,
} from './answer.ts';
import { isObject, unknownKey } from './body.ts';
import { extensionPath, type ApiRequest, type Route } from './route.ts';
import { accountId, isE164, userLabel, type UserLabel } from './user.ts';

export type LegStatus = NonNullable<RingOutStatusInfo['callStatus']>;

/** A call's three statuses, or `gone` when RingCentral has deleted the resource. */
export type CallState = Readonly<Required<RingOutStatusInfo>> | 'gone';

/** A call in its state at the time of the query. */
export interface SimulatedCall {
  /** RingCentral's id: opaque base64 without padding. */
  readonly id: string;
  readonly user: UserLabel;
  readonly from: string;
  readonly to: string;
  readonly callerId: string | undefined;
  readonly playPrompt: boolean | undefined;
  readonly placedAtMs: number;
  readonly cancelledAtMs: number | undefined;
  readonly state: CallState;
  /** The current status, or the last one before the call was gone. */
  readonly lastStatus: Exclude<CallState, 'gone'>;
}

/** The events of a call, in milliseconds after it was placed. */
export const callTimeline = {
  callBackAnswers: 4000,
  destinationAnswers: 8000,
  hangUp: 25_000,
  /** How long the resource exists after the end of the call. RingCentral says "a short time". */
  lingers: 15_000,
} as const;

/**
 * The outcome of a call, by the last four digits of the dialled number. All other numbers are answered. These digits
 * are among those that North American numbering reserves for fiction (555-0100 to 555-0199). docs/dev/simulator.md has a
 * table of them.
 */
const destinationOutcomes: Readonly<Record<string, LegStatus>> = {
  '0101': 'Busy',
  '0102': 'NoAnswer',
  '0103': 'Rejected',
  '0105': 'DestinationBlocked',
  '0106': 'InternationalDisabled',
  '0110': 'GenericError',
};

const callBackRejects = '0104';

function immediateRefusal(from: string, to: string, callerId: string | undefined): Answer | undefined {
  if (lastFour(from) === '0112') return apiError(400, 'TEL-108', 'Parameter [from] is empty or invalid');
  switch (lastFour(to)) {
    case '0107':
      return invalidParameter('to.phoneNumber', to);
    case '0108':
      return apiError(403, 'TEL-101', 'The destination number is in the blocked numbers list');
    case '0109':
      return apiError(403, 'CMN-113', 'Feature [InternationalCalling] is not available for the extension', {
        featureName: 'InternationalCalling',
      });
    default:
  }
  return callerId !== undefined && lastFour(callerId) === '0111'
    ? apiError(400, 'TEL-107', 'The caller id number is not allowed')
    : undefined;
}

/** All calls placed since the start, with the three operations on them. */
export interface CallRegistry {
  readonly routes: readonly Route[];
  /** In the order in which they were placed. */
  calls(nowMs: number): readonly SimulatedCall[];
  reset(): void;
}

type Placed = Omit<SimulatedCall, 'state' | 'lastStatus' | 'cancelledAtMs'> & { cancelledAtMs: number | undefined };

/** RingCentral's ring-out resource. A call's state is computed from the time of the query; no timer runs. */
export function createCallRegistry(): CallRegistry {
  let placed: Placed[] = [];

  const create = (request: ApiRequest): Answer => {
    if (request.body.kind !== 'json' || !isObject(request.body.value)) return unreadableJson(request.contentType);
    const order = readOrder(request.body.value);
    if ('status' in order) return order;
    const refusal = immediateRefusal(order.from, order.to, order.callerId);
    if (refusal !== undefined) return refusal;
    const call: Placed = {
      id: newId(),
      user: userLabel(request.user),
      ...order,
      placedAtMs: request.nowMs,
      cancelledAtMs: undefined,
    };
    placed.push(call);
    return jsonAnswer(200, resource(request, call, stateOf(call, request.nowMs)));
  };

  const find = (request: ApiRequest): { call: Placed; state: CallState } | undefined => {
    const call = placed.find(({ id, user }) => id === request.id && user === userLabel(request.user));
    return call && { call, state: stateOf(call, request.nowMs) };
  };

  const status = (request: ApiRequest): Answer => {
    const found = find(request);
    return found === undefined || found.state === 'gone'
      ? notFound('ringoutId')
      : jsonAnswer(200, resource(request, found.call, found.state));
  };

  const cancel = (request: ApiRequest): Answer => {
    const found = find(request);
    // Works only before the first leg is connected; afterwards it does not end the call (RingCentral developer guide).
    if (found === undefined || found.state === 'gone' || found.state.callerStatus !== 'InProgress') {
      return notFound('ringoutId');
    }
    found.call.cancelledAtMs = request.nowMs;
    return emptyAnswer(204);
  };

  const onePath = new RegExp(`^${extensionPath}/ring-out/([^/]+)$`);
  return {
    routes: [
      {
        kind: 'ring-out',
        group: 'heavy',
        method: 'POST',
        path: new RegExp(`^${extensionPath}/ring-out$`),
        handle: create,
      },
      { kind: 'status', group: 'light', method: 'GET', path: onePath, handle: status },
      { kind: 'cancel', group: 'heavy', method: 'DELETE', path: onePath, handle: cancel },
    ],
    calls: (nowMs) =>
      placed.map((call) => ({ ...call, state: stateOf(call, nowMs), lastStatus: progressOf(call, nowMs).status })),
    reset() {
      placed = [];
    },
  };
}

interface Order {
  readonly from: string;
  readonly to: string;
  readonly callerId: string | undefined;
  readonly playPrompt: boolean | undefined;
}

function readOrder(body: MakeRingOutRequest & Readonly<Record<string, unknown>>): Order | Answer {
  const unknown = unknownKey(body, ['from', 'to', 'callerId', 'playPrompt', 'country']);
  if (unknown !== undefined) return invalidParameter(unknown, body[unknown]);
  const { from, to, callerId, playPrompt, country } = body as Readonly<Record<string, unknown>>;
  const fromNumber = phoneNumber(from);
  const toNumber = phoneNumber(to);
  if (toNumber === undefined) return apiError(400, 'TEL-109', 'Parameter [to] is empty or invalid');
  if (fromNumber === undefined) return apiError(400, 'TEL-108', 'Parameter [from] is empty or invalid');
  if (!isE164(toNumber)) return invalidParameter('to.phoneNumber', toNumber);
  if (!isE164(fromNumber)) return invalidParameter('from.phoneNumber', fromNumber);
  const callerIdNumber = callerId === undefined ? undefined : phoneNumber(callerId);
  if (callerId !== undefined && !isE164(callerIdNumber)) return invalidParameter('callerId.phoneNumber', callerId);
  if (playPrompt !== undefined && typeof playPrompt !== 'boolean') return invalidParameter('playPrompt', playPrompt);
  if (country !== undefined && !(isObject(country) && typeof country['id'] === 'string')) {
    return invalidParameter('country.id', country);
  }
  return { from: fromNumber, to: toNumber, callerId: callerIdNumber, playPrompt };
}

function phoneNumber(party: unknown): string | undefined {
  const number = isObject(party) ? party['phoneNumber'] : undefined;
  return typeof number === 'string' && number !== '' ? number : undefined;
}

function stateOf(call: Placed, nowMs: number): CallState {
  const { status, endedAtMs } = progressOf(call, nowMs);
  return endedAtMs !== undefined && nowMs >= endedAtMs + callTimeline.lingers ? 'gone' : status;
}

/** Returns a call's status at `nowMs` and, if the call has ended, the time of its end. */
function progressOf(
  call: Placed,
  nowMs: number,
): { readonly status: SimulatedCall['lastStatus']; readonly endedAtMs?: number } {
  const { placedAtMs, cancelledAtMs } = call;
  const { callBackAnswers, destinationAnswers, hangUp } = callTimeline;
  const ageMs = nowMs - placedAtMs;
  const unanswered = destinationOutcomes[lastFour(call.to)];
  if (cancelledAtMs !== undefined) {
    // "Rejected: the user cancelled the RingOut" (RingCentral developer guide).
    return { status: statuses('CannotReach', 'Rejected', 'Rejected'), endedAtMs: cancelledAtMs };
  }
  if (ageMs < callBackAnswers) return { status: statuses('InProgress', 'InProgress', 'InProgress') };
  if (lastFour(call.from) === callBackRejects) {
    return { status: statuses('CannotReach', 'Rejected', 'GenericError'), endedAtMs: placedAtMs + callBackAnswers };
  }
  if (ageMs < destinationAnswers) return { status: statuses('InProgress', 'Success', 'InProgress') };
  if (unanswered !== undefined) {
    return { status: statuses('CannotReach', 'Success', unanswered), endedAtMs: placedAtMs + destinationAnswers };
  }
  if (ageMs < hangUp) return { status: statuses('Success', 'Success', 'Success') };
  // The call itself stays Success after hang-up; only its legs say that it is over (RingCentral developer guide).
  return { status: statuses('Success', 'Finished', 'Finished'), endedAtMs: placedAtMs + hangUp };
}

function statuses(
  callStatus: LegStatus,
  callerStatus: LegStatus,
  calleeStatus: LegStatus,
): SimulatedCall['lastStatus'] {
  return { callStatus, callerStatus, calleeStatus };
}

function resource(request: ApiRequest, call: Placed, state: CallState): GetRingOutStatusResponse {
  // Observed: the last segment of `uri` differs from `id`, so clients must not derive one from the other.
  const path = `/restapi/v1.0/account/${accountId(request.user)}/extension/~/ring-out/${call.placedAtMs}`;
  return { id: call.id, uri: `${request.baseUrl}${path}`, ...(state !== 'gone' && { status: state }) };
}

function newId(): string {
  const digits = Array.from({ length: 18 }, (_, index) => randomInt(index === 0 ? 1 : 0, 10)).join('');
  return Buffer.from(`cs${digits}@10.62.29.33`).toString('base64').replaceAll('=', '');
}

function lastFour(number: string): string {
  return number.slice(-4);
}
