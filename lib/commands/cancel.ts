import { jsonAnswer, textAnswer, type LegacyAnswer } from '../edge/answer.ts';
import { actFor, type Command, type Exchange, type Unserved } from '../edge/exchange.ts';
import { LegacyFailure } from '../domain/failure.ts';
import { renderCancel } from '../legacy/cancel.ts';
import { jsonCancel } from '../legacy/json.ts';
import { readSession } from '../legacy/session-id.ts';
import { cancelRingOut } from '../ringcentral/ring-out.ts';
import { findSession } from '../sessions/find-session.ts';

/** `cmd=cancel`: a best effort, always answered the same way; only `format=json` says what happened. */
export const cancel: Command = { name: 'cancel', serve, lastWord };

async function serve(exchange: Exchange): Promise<LegacyAnswer> {
  const { echo, sessionId } = readSession(exchange.form.fields);
  const found = await findSession(sessionId, exchange.runtime);
  if (found === undefined) throw new LegacyFailure('session_unknown');
  const { api } = await actFor(found.user, exchange);
  exchange.note({ cancelled: await cancelRingOut(api, found.session.ringOutId) });
  return exchange.format === 'json' ? jsonAnswer(jsonCancel) : textAnswer(renderCancel(echo));
}

/** The old server's answer was the same whatever happened, and so is this. */
function lastWord({ form, format, failure }: Unserved): LegacyAnswer | undefined {
  // Nobody can tell what a broken body asks for.
  if (format === 'json' || failure.code === 'malformed') return undefined;
  return textAnswer(renderCancel(readSession(form.fields).echo));
}
