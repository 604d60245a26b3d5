import { randomUUID } from 'node:crypto';
import { jsonAnswer, textAnswer, type LegacyAnswer } from '../edge/answer.ts';
import type { Command, Exchange, FailedRequest } from '../edge/exchange.ts';
import { LegacyFailure } from '../domain/failure.ts';
import { nameInLog } from '../domain/log-name.ts';
import { renderCancel } from '../legacy/cancel.ts';
import { jsonCancel } from '../legacy/json.ts';
import { readSession } from '../legacy/session-id.ts';
import { cancelRingOut } from '../ringcentral/ring-out.ts';
import { findSession, type FoundSession } from '../sessions/find-session.ts';
import { unlessTableDown } from '../state/table.ts';
import { rememberCancel } from '../sessions/remember-cancel.ts';
import { openForOwner } from './sign-in.ts';

/** `cmd=cancel`: a best effort, always answered the same way; only `format=json` says what happened. */
export const cancel: Command = { name: 'cancel', otherSites: 'served', serve, answerOnFailure };

async function serve(exchange: Exchange): Promise<LegacyAnswer> {
  const { echo, sessionId } = readSession(exchange.form.fields);
  const found = await findSession(sessionId, exchange.runtime);
  if (found === undefined) throw new LegacyFailure('session_unknown');
  exchange.addToLog(nameInLog(found.user));
  await stop(found, exchange);
  return exchange.format === 'json' ? jsonAnswer(jsonCancel) : textAnswer(renderCancel(echo));
}

/** What RingCentral has stopped, could not stop any more or no longer knows, it is not asked about again. */
async function stop({ session, user }: FoundSession, exchange: Exchange): Promise<void> {
  const { sessions, clock, prepareConnection } = exchange.runtime;
  const owner = randomUUID();
  const isSettled = session.state.kind === 'gone' || session.cancelledAtMs !== undefined;
  // While the cancel is claimed and the user's row is read.
  if (!isSettled) void prepareConnection(user.serverUrl, 'placing');
  // Without the table each cancel asks.
  if (isSettled || (await unlessTableDown(sessions.claimCancel(session.sessionId, owner, clock.nowMs()))) === false) {
    exchange.addToLog({ cancelled: 'not_asked' });
    return;
  }
  try {
    const { api } = await openForOwner(user, exchange);
    exchange.addToLog({ cancelled: await cancelRingOut(api, session.ringOutId) });
  } catch (error) {
    // The next cancel may ask.
    await unlessTableDown(sessions.releaseCancel(session.sessionId, owner));
    throw error;
  }
  await rememberCancel(session, exchange.runtime);
}

/** The old server's answer was the same whatever happened, and so is this. */
function answerOnFailure({ form, format, failure }: FailedRequest): LegacyAnswer | undefined {
  // Nobody can tell what a broken body asks for.
  if (format === 'json' || failure.code === 'malformed') return undefined;
  return textAnswer(renderCancel(readSession(form.fields).echo));
}
