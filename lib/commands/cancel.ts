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

/** `cmd=cancel`: cancels if possible. The answer is always the same; only `format=json` shows the outcome. */
export const cancel: Command = { name: 'cancel', otherSites: 'served', serve, answerOnFailure };

async function serve(exchange: Exchange): Promise<LegacyAnswer> {
  const { echo, sessionId } = readSession(exchange.form.fields);
  const found = await findSession(sessionId, exchange.runtime);
  if (found === undefined) throw new LegacyFailure('session_unknown');
  exchange.addToLog(nameInLog(found.user));
  await stop(found, exchange);
  return exchange.format === 'json' ? jsonAnswer(jsonCancel) : textAnswer(renderCancel(echo));
}

/** Cancels the call. RingCentral is not asked again when it has answered a cancel, or no longer knows the call. */
async function stop({ session, user }: FoundSession, exchange: Exchange): Promise<void> {
  const { sessions, clock, prepareConnection } = exchange.runtime;
  const owner = randomUUID();
  const isSettled = session.state.kind === 'gone' || session.cancelledAtMs !== undefined;
  // Concurrently with claiming the cancel and reading the user's row.
  if (!isSettled) void prepareConnection(user.serverUrl, 'placing');
  // Without the table every cancel reaches RingCentral.
  if (isSettled || (await unlessTableDown(sessions.claimCancel(session.sessionId, owner, clock.nowMs()))) === false) {
    exchange.addToLog({ cancelled: 'not_asked' });
    return;
  }
  try {
    const { api } = await openForOwner(user, exchange);
    exchange.addToLog({ cancelled: await cancelRingOut(api, session.ringOutId) });
  } catch (error) {
    // Lets the next cancel reach RingCentral.
    await unlessTableDown(sessions.releaseCancel(session.sessionId, owner));
    throw error;
  }
  await rememberCancel(session, exchange.runtime);
}

/** The old server's answer did not depend on the outcome. */
function answerOnFailure({ form, format, failure }: FailedRequest): LegacyAnswer | undefined {
  // The parameters of a broken body are unknown.
  if (format === 'json' || failure.code === 'malformed') return undefined;
  return textAnswer(renderCancel(readSession(form.fields).echo));
}
