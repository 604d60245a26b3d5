import type MakeRingOutRequest from '@rc-ex/core/definitions/MakeRingOutRequest';
import { LegacyFailure } from '../domain/failure.ts';
import type { LiveState, RingOutOrder, RingOutState } from '../domain/ring-out.ts';
import { justStarted } from '../domain/ring-out.ts';
import type { UserApi } from './user-api.ts';
import { asId, asObject, asText } from '../domain/untrusted.ts';

const path = '/restapi/v1.0/account/~/extension/~/ring-out';

/**
 * A call RingCentral has accepted. `ringOutId` is opaque: neither a number nor to be read out of the `uri`. The call is
 * live whatever its first status says: `NoSessionFound` can only mean that there is no session yet.
 */
export interface PlacedRingOut {
  readonly ringOutId: string;
  readonly state: LiveState;
}

/** Time kept after the answer for storing the session, the table being slow included. */
const storeReserveMs = 7000;

/**
 * Places the call. Throws `call_uncertain` whenever it may have been placed although no usable answer came.
 */
export async function placeRingOut(api: UserApi, order: RingOutOrder): Promise<PlacedRingOut> {
  return api.perform({
    route: 'ring-out',
    method: 'POST',
    path,
    body: (): MakeRingOutRequest => ({
      from: { phoneNumber: order.from },
      to: { phoneNumber: order.to },
      ...(order.callerId === undefined ? {} : { callerId: { phoneNumber: order.callerId } }),
      playPrompt: order.playPrompt,
    }),
    sent: order,
    uncertain: 'call_uncertain',
    reserveMs: storeReserveMs,
    read: readPlaced,
  });
}

function readPlaced(json: unknown): PlacedRingOut | undefined {
  // Text in RingCentral's reference, a number in its guide's samples.
  const ringOutId = asId(asObject(json)?.['id']);
  if (ringOutId === undefined) return undefined;
  return { ringOutId, state: readWords(json) ?? justStarted };
}

/** Asks how the call stands; a 404 with CMN-102 means that it is over. */
export async function readRingOut(api: UserApi, ringOutId: string): Promise<RingOutState> {
  try {
    return await api.perform({
      route: 'ring-out-status',
      method: 'GET',
      path: pathOf(ringOutId),
      read: readRingOutState,
    });
  } catch (error) {
    if (isGone(error)) return { kind: 'gone' };
    throw error;
  }
}

/** Stops a call that still rings; `gone` when there was nothing to stop. */
export async function cancelRingOut(api: UserApi, ringOutId: string): Promise<'accepted' | 'gone'> {
  try {
    return await api.perform({
      route: 'ring-out-cancel',
      method: 'DELETE',
      path: pathOf(ringOutId),
      // A success is an empty 204.
      read: () => 'accepted' as const,
    });
  } catch (error) {
    if (isGone(error)) return 'gone';
    throw error;
  }
}

/** Characters that RingCentral's ids, which are base64, or any other opaque id may consist of. */
const askableId = /^[\x21-\x7e]{1,512}$/;

/**
 * The address of one call. An id that a server or a proxy might read as another path goes into none: `.`, `..`, and
 * whatever holds a slash, a backslash or an escape. The call behind it was accepted, so that the program has its `OK`;
 * but nobody can ask for it or cancel it, and the state that is known stands. Throws LegacyFailure `upstream_answer`.
 */
function pathOf(ringOutId: string): string {
  const isAskable = askableId.test(ringOutId) && !/^\.\.?$|[/\\%]/.test(ringOutId);
  if (!isAskable) throw new LegacyFailure('upstream_answer', { note: 'the id of this call cannot be asked for' });
  return `${path}/${encodeURIComponent(ringOutId)}`;
}

/** RingCentral's own word that the call is over: `refusalOf` takes no other 404 for one. */
function isGone(error: unknown): boolean {
  return error instanceof LegacyFailure && error.code === 'refused' && error.detail.upstreamStatus === 404;
}

function readRingOutState(json: unknown): RingOutState | undefined {
  const state = readWords(json);
  if (state === undefined) return undefined;
  // The guide documents this word for a session that no longer exists.
  const gone = [state.call, state.caller, state.callee].some((word) => word.toLowerCase() === 'nosessionfound');
  return gone ? { kind: 'gone' } : state;
}

/** The three status words; a missing one counts as still in progress, as in the answer to a new call. */
function readWords(json: unknown): LiveState | undefined {
  const status = asObject(asObject(json)?.['status']);
  if (status === undefined) return undefined;
  const word = (name: string): string =>
    asText(status[name])
      ?.replaceAll(/[^A-Za-z]/g, '')
      .slice(0, 64) || 'InProgress';
  return { kind: 'live', call: word('callStatus'), caller: word('callerStatus'), callee: word('calleeStatus') };
}
