import type MakeRingOutRequest from '@rc-ex/core/definitions/MakeRingOutRequest';
import { LegacyFailure } from '../domain/failure.ts';
import type { LiveState, RingOutOrder, RingOutState } from '../domain/ring-out.ts';
import { justStarted } from '../domain/ring-out.ts';
import type { UserApi } from './user-api.ts';
import { isPage } from './read-json.ts';
import { asId, asObject, asText } from '../domain/untrusted.ts';

const path = '/restapi/v1.0/account/~/extension/~/ring-out';

/**
 * A call that RingCentral has accepted. `ringOutId` is opaque: it need not be a number, and is not parsed from the
 * `uri`. The call counts as live whatever its first status: `NoSessionFound` can only mean that there is no session
 * yet.
 */
export interface PlacedRingOut {
  readonly ringOutId: string;
  readonly state: LiveState;
}

/** Time reserved after the answer for storing the session, even in a slow table (milliseconds). */
const storeReserveMs = 7000;

/** Places the call. Throws `call_uncertain` when it may have been placed but no usable answer came. */
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
  return { ringOutId, state: liveState(readWords(json)) };
}

/** Reads the status of the call. A 404 with CMN-102 means that it is over. */
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

/** Cancels a call that still rings. Returns `gone` when there was nothing to cancel. */
export async function cancelRingOut(api: UserApi, ringOutId: string): Promise<'accepted' | 'gone'> {
  try {
    return await api.perform({
      route: 'ring-out-cancel',
      method: 'DELETE',
      path: pathOf(ringOutId),
      // A success is an empty 204. A page comes from a proxy, and the call still rings.
      read: (_, headers) => (isPage({ headers }) ? undefined : ('accepted' as const)),
    });
  } catch (error) {
    if (isGone(error)) return 'gone';
    throw error;
  }
}

/** Printable ASCII: RingCentral's ids are base64, but any opaque id may occur. */
const askableId = /^[\x21-\x7e]{1,512}$/;

/**
 * Returns the path of one call. Throws LegacyFailure `upstream_answer` for an id that a server or proxy might read as
 * another path: `.`, `..`, or one with a slash, a backslash or an escape. Such a call was accepted, so the program got
 * its `OK`. But its status cannot be read and it cannot be cancelled; the known state remains.
 */
function pathOf(ringOutId: string): string {
  const isAskable = askableId.test(ringOutId) && !/^\.\.?$|[/\\%]/.test(ringOutId);
  if (!isAskable) throw new LegacyFailure('upstream_answer', { hint: 'the id of this call cannot be asked for' });
  return `${path}/${encodeURIComponent(ringOutId)}`;
}

/** Whether RingCentral itself says that the call is over: `refusalOf` returns `refused` for no other 404. */
function isGone(error: unknown): boolean {
  return error instanceof LegacyFailure && error.code === 'refused' && error.detail.upstreamStatus === 404;
}

function readRingOutState(json: unknown): RingOutState | undefined {
  const words = readWords(json);
  const said = Object.values(words).filter((word) => word !== undefined);
  // Without any word the last known status says more.
  if (said.length === 0) return undefined;
  // The guide documents this value for a session that no longer exists.
  return said.some((word) => word.toLowerCase() === 'nosessionfound') ? { kind: 'gone' } : liveState(words);
}

/** The three status words of an answer; undefined for those that are missing. */
type Words = Readonly<Record<'call' | 'caller' | 'callee', string | undefined>>;

function readWords(json: unknown): Words {
  const status = asObject(asObject(json)?.['status']);
  const word = (name: string): string | undefined =>
    asText(status?.[name])
      ?.replaceAll(/[^A-Za-z]/g, '')
      .slice(0, 64) || undefined;
  return { call: word('callStatus'), caller: word('callerStatus'), callee: word('calleeStatus') };
}

/** A missing word counts as in progress, as in the answer to a new call. */
function liveState({ call, caller, callee }: Words): LiveState {
  const { call: started } = justStarted;
  return { kind: 'live', call: call ?? started, caller: caller ?? started, callee: callee ?? started };
}
