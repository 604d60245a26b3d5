import { jsonAnswer, textAnswer, type LegacyAnswer } from '../edge/answer.ts';
import type { Command, Exchange } from '../edge/exchange.ts';
import { LegacyFailure } from '../domain/failure.ts';
import { maskNumber, maskSession } from '../domain/log-name.ts';
import type { E164 } from '../domain/phone.ts';
import { parseCall, readCallNumbers, renderCall } from '../legacy/call.ts';
import { jsonCall } from '../legacy/json.ts';
import { callBackNumber } from '../legacy/call-back-number.ts';
import { readForwardingNumbers } from '../ringcentral/forwarding-numbers.ts';
import { placeRingOut } from '../ringcentral/ring-out.ts';
import { openSession } from '../sessions/open-session.ts';
import { signIn, type SignedIn } from './sign-in.ts';

/** `cmd=call`: places the call and hands out a session id for it. */
export const call: Command = { name: 'call', serve };

async function serve(exchange: Exchange): Promise<LegacyAnswer> {
  const { form, runtime, log, deadline } = exchange;
  const signedIn = await signIn(exchange);
  const request = parseCall(form.fields);
  const { to, from: sentFrom, callerId } = readCallNumbers(request, signedIn.user.homeCountry);
  const from = sentFrom ?? (await defaultFrom(signedIn));
  exchange.note({ to: maskNumber(to), from: maskNumber(from) });

  const placed = await placeRingOut(signedIn.api, { to, from, callerId, playPrompt: request.prompt });
  const session = await openSession(
    { ringOutId: placed.ringOutId, userKey: signedIn.user.key, to, from, state: placed.state },
    { ...runtime, log, deadline },
  );
  exchange.note({ session: maskSession(session.sessionId) });
  return exchange.format === 'json'
    ? jsonAnswer(jsonCall(session.sessionId, placed.state))
    : textAnswer(renderCall(session.sessionId));
}

/** Where to call back when the program does not say: as configured, else the user's first forwarding number. */
async function defaultFrom({ user, api }: SignedIn): Promise<E164> {
  if (user.callBackNumber !== undefined) return user.callBackNumber;
  const first = callBackNumber(await readForwardingNumbers(api), user.homeCountry);
  if (first === undefined) throw new LegacyFailure('from_missing');
  return first;
}
