import { jsonAnswer, textAnswer, type LegacyAnswer } from '../edge/answer.ts';
import type { Command, Exchange } from '../edge/exchange.ts';
import { LegacyFailure } from '../domain/failure.ts';
import { maskNumber, maskSession } from '../domain/log-name.ts';
import type { E164 } from '../domain/phone.ts';
import { justStarted, type RingOutOrder, type SessionId } from '../domain/ring-out.ts';
import { statusGroups } from '../legacy/status-digits.ts';
import { parseCall, readCallNumbers, renderCall, type CallNumbers } from '../legacy/call.ts';
import { jsonCall } from '../legacy/json.ts';
import { callBackNumber } from '../legacy/call-back-number.ts';
import { readForwardingNumbers } from '../ringcentral/forwarding-numbers.ts';
import { placeRingOut } from '../ringcentral/ring-out.ts';
import { callKey } from '../repeats/request-key.ts';
import { placeOnce, type Placed } from '../repeats/place-once.ts';
import { drawSessionId, openSession } from '../sessions/open-session.ts';
import type { Session } from '../state/session-store.ts';
import { placeOnceParts } from './place-once-parts.ts';
import { signIn, type SignedIn } from './sign-in.ts';

/** `cmd=call`: places the call and returns a session id for it. */
export const call: Command = { name: 'call', otherSites: 'refused', serve };

async function serve(exchange: Exchange): Promise<LegacyAnswer> {
  const { form, runtime } = exchange;
  const signedIn = await signIn(exchange, 'placing', ({ homeCountry }) => {
    const request = parseCall(form.fields);
    return { prompt: request.prompt, numbers: readCallNumbers(request, homeCountry) };
  });
  const { prompt, numbers } = signedIn.asked;
  exchange.addToLog({ to: maskNumber(numbers.to) });
  const sessionId = drawSessionId();
  const result = await placeOnce(
    {
      key: callKey(signedIn.user, { ...numbers, prompt }),
      call: { sessionId, isOver: hasBeenToldOver },
      windowMs: runtime.repeatWindows.callMs,
      uncertainMs: runtime.repeatWindows.uncertainMs,
      uncertain: 'call_uncertain',
      place: () => place({ ...numbers, playPrompt: prompt }, sessionId, signedIn, exchange),
    },
    placeOnceParts(exchange),
  );
  return render(exchange, result.kind === 'placed' ? result.value : result.answer);
}

/** Places the call and stores the session. */
async function place(
  { to, from: sentFrom, callerId, playPrompt }: CallNumbers & Pick<RingOutOrder, 'playPrompt'>,
  drawnId: SessionId,
  signedIn: SignedIn,
  exchange: Exchange,
): Promise<Placed<PlacedCall>> {
  const { runtime, log, deadline } = exchange;
  const from = sentFrom ?? (await defaultFrom(signedIn));
  exchange.addToLog({ from: maskNumber(from) });
  const { ringOutId, state } = await placeRingOut(signedIn.api, { to, from, callerId, playPrompt });
  const { session, isStored } = await openSession(
    { sessionId: drawnId, ringOutId, userKey: signedIn.user.key, to, from, state },
    { ...runtime, log, deadline },
  );
  const { sessionId } = session;
  return { value: { sessionId, session }, sessionId, isStored };
}

/** The call that the answer is about, placed by this request or by an equal one. */
interface PlacedCall {
  readonly sessionId: SessionId | undefined;
  readonly session: Session | undefined;
}

function render(exchange: Exchange, { sessionId, session }: PlacedCall): LegacyAnswer {
  if (sessionId === undefined) throw new LegacyFailure('internal');
  exchange.addToLog({ session: maskSession(sessionId) });
  if (exchange.format !== 'json') return textAnswer(renderCall(sessionId));
  const state = session?.state.kind === 'live' ? session.state : justStarted;
  return jsonAnswer(jsonCall(sessionId, state));
}

/** Whether a status request has told the program that the call is over. Then a repeated request means a new call. */
function hasBeenToldOver(session: Session): boolean {
  if (session.stateAtMs <= session.createdAtMs) return false;
  const general = statusGroups(session)?.general;
  return general !== 0 && general !== 1;
}

/**
 * Returns the number to call back without a `From`: the configured one, otherwise the user's first forwarding number.
 */
async function defaultFrom({ user, api }: SignedIn): Promise<E164> {
  if (user.callBackNumber !== undefined) return user.callBackNumber;
  const first = callBackNumber(await readForwardingNumbers(api), user.homeCountry);
  if (first === undefined) throw new LegacyFailure('from_missing');
  return first;
}
